"""Letters to the officers of the organisation itself."""

from privacy.ledger.actors import Actor
from privacy.letters.services import write_letter
from privacy.officers.models import Officer, Role
from privacy.register.selectors import profile


def write_to_officers(*, kind: str, context: dict[str, object], actor: Actor) -> int:
    """Write to every active Privacy Officer, and to the officer's address of the profile.

    Args:
        kind: names the templates `letters/<kind>.txt`.
        context: what they say; `organisation` is the profile.

    Returns:
        Number of letters.
    """
    ours = profile()
    officers = Officer.objects.filter(role=Role.PRIVACY_OFFICER, is_active=True).values_list("email", flat=True)
    addresses = sorted({ours.officer_email.lower(), *officers})
    for address in addresses:
        write_letter(kind=kind, subject=None, address=address, context=context | {"organisation": ours}, actor=actor)
    return len(addresses)
