"""Was the person told of the purpose before their data was disclosed for it?

By a notice: one in force on that day that names the purpose. By consent: consents live in a higher room, which
registers a function here. Both are asked about many disclosures at once.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Min

from privacy.register.models import NoticePurpose
from privacy.register.selectors import zone


class Use(NamedTuple):
    """Data of a person, used for a purpose on a day."""

    subject_id: UUID
    purpose_id: int
    day: date


Vouch = Callable[[Collection[Use]], set[Use]]

_vouching: list[Vouch] = []


def register_told(vouch: Vouch) -> None:
    """Say who else knows what people agreed to; called in `AppConfig.ready()`.

    Args:
        vouch: gets uses of data, returns those to which the person's consent stood on that day. It asks the database a
            fixed number of times, however many there are.
    """
    if vouch not in _vouching:
        _vouching.append(vouch)


def consented(uses: Collection[Use]) -> set[Use]:
    """Those uses to which the person's consent stood on that day."""
    wanted = set(uses)
    if not wanted:
        return set()
    return wanted & {use for vouch in _vouching for use in vouch(wanted)}


def told_since() -> dict[int, date]:
    """By purpose, the day since which a notice names it. Purposes that no notice names are not there."""
    first = NoticePurpose.objects.filter(notice__published_at__isnull=False).values_list("purpose_id")
    local = zone()
    return {
        purpose: since.astimezone(local).date() for purpose, since in first.annotate(since=Min("notice__published_at"))
    }
