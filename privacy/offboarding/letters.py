"""Letters to the officers of an organisation about its end."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from privacy.ledger.actors import Actor
from privacy.letters.addresses import portal_url
from privacy.letters.services import write_letter
from privacy.officers.models import Officer, Role
from privacy.register.selectors import profile
from privacy.tenants.models import Organisation


def write_to_officers(*, kind: str, organisation: Organisation, actor: Actor) -> int:
    """Write to every active Privacy Officer, and to the officer's address of the profile.

    Args:
        kind: names the templates `letters/<kind>.txt`.

    Returns:
        Number of letters.
    """
    ours = profile()
    officers = Officer.objects.filter(role=Role.PRIVACY_OFFICER, is_active=True).values_list("email", flat=True)
    addresses = sorted({ours.officer_email.lower(), *officers})
    last_day = None
    if organisation.destroy_at is not None:
        local = organisation.destroy_at.astimezone(ZoneInfo(ours.time_zone))
        last_day = local.date() - timedelta(days=1)
    context: dict[str, object] = {
        "organisation": ours,
        "last_day": last_day,
        "zone": ours.time_zone,
        "page": portal_url("/officer/offboarding/organisationexport/"),
    }
    for address in addresses:
        write_letter(kind=kind, subject=None, address=address, context=context, actor=actor)
    return len(addresses)
