"""What the demo says once it runs: where everything is and how to sign in."""

from pathlib import Path

from django.conf import settings

from demo.crm.offixpro.known import AMA_MENSAH
from demo.furnishing import PASSWORD
from demo.profiles import SAMPLES


def welcome() -> str:
    """Addresses, logins and where mails go."""
    lines = ["", "Privacy Desk is ready.", ""]
    for sample in SAMPLES:
        address = _address(f"{sample.slug}.{settings.PUBLIC_HOSTS[0]}")
        lines += [
            f"{sample.name}",
            f"  customers   {address}/",
            f"  officers    {address}/officer/",
            *(f"              {officer.email:<40} {officer.role.replace('_', ' ')}" for officer in sample.officers),
            "",
        ]
    key = (Path(settings.DEMO_DIR) / "offixpro.api-key").read_text().strip()
    lines += [
        f"Everybody's password is {PASSWORD}",
        f"Mails           {settings.PUBLIC_BASE_URL}/mail/   (files in {settings.MAIL_DIR})",
        f"Operator        {settings.PUBLIC_BASE_URL}/platform/   operator@privacy-desk.example",
        f"API             {_address('offixpro.' + settings.PUBLIC_HOSTS[0])}/api/v1/docs/   key {key}",
        "",
        f"Try it: ask OffixPro as {AMA_MENSAH.email} ({AMA_MENSAH.full_name}) for a copy of your data, or to delete",
        "it, open the mail, then sign in as an officer. An erasure needs a second Privacy Officer.",
        "",
    ]
    return "\n".join(lines)


def _address(host: str) -> str:
    return settings.PUBLIC_BASE_URL.replace(settings.PUBLIC_HOSTS[0], host, 1)
