"""Letters to the officers of an organisation about its end."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from privacy.ledger.actors import Actor
from privacy.letters.addresses import portal_url
from privacy.letters.to_officers import write_to_officers
from privacy.register.selectors import profile
from privacy.tenants.models import Organisation


def tell_officers(*, kind: str, organisation: Organisation, actor: Actor) -> int:
    """Write to the officers until when the organisation can be read; `kind` names the templates."""
    zone, last_day = profile().time_zone, None
    if organisation.destroy_at is not None:
        last_day = organisation.destroy_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    page = portal_url("/officer/offboarding/organisationexport/")
    context: dict[str, object] = {"last_day": last_day, "zone": zone, "page": page}
    return write_to_officers(kind=kind, context=context, actor=actor)
