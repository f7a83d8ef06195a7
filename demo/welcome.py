"""What the demo says once it runs: where everything is and how to sign in."""

from pathlib import Path

from django.conf import settings

from demo.addresses import portal_of, site_of
from demo.crm.offixpro.known import AMA_MENSAH
from demo.furnishing import PASSWORD
from demo.profiles import SAMPLES


def welcome() -> str:
    """Addresses, logins and where mails go."""
    lines = ["", "Privacy Desk is ready.", ""]
    for sample in SAMPLES:
        portal = portal_of(sample.slug)
        lines += [
            f"{sample.name}",
            f"  customers   {portal}/",
            f"  web site    {site_of(sample.slug)}/site/   with the cookie banner",
            f"  officers    {portal}/officer/",
            *(f"              {officer.email:<40} {officer.role.replace('_', ' ')}" for officer in sample.officers),
            "",
        ]
    key = (Path(settings.DEMO_DIR) / "offixpro.api-key").read_text().strip()
    lines += [
        f"Everybody's password is {PASSWORD}",
        f"Mails           {settings.PUBLIC_BASE_URL}/mail/   (files in {settings.MAIL_DIR})",
        f"Operator        {settings.PUBLIC_BASE_URL}/platform/   operator@privacy-desk.example",
        f"API             {portal_of('offixpro')}/api/v1/docs/   key {key}",
        "",
        f"Try it: ask OffixPro as {AMA_MENSAH.email} ({AMA_MENSAH.full_name}) for a copy of your data, or to delete",
        "it, open the mail, then sign in as an officer. An erasure needs a second Privacy Officer.",
        "",
    ]
    return "\n".join(lines)
