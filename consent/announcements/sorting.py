"""Who of the people in a source is written to: everybody once, and nobody who must not be.

Danger: somebody is told by the portal and again by each table that names them; or an erased person, whom a restored
backup brought back, hears from the organisation. Rule: people are known again by the keyed index of everything that a
row names them by, and what is not known of a row leaves it out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from consent.announcements.models import NoticeAnnouncement, NoticeTold
from consent.announcements.reading import SourceRow
from privacy.register.restrictions.selectors import restricted_among
from privacy.subjects.erased import erased_among, names_of
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Identifier
from privacy.subjects.people import Person, find


class Sorted(StrEnum):
    """What becomes of a row; the values are counters of `AnnouncedDataset`."""

    WRITTEN = "written"
    KNOWN = "known"
    LEFT_OUT = "left_out"
    WITHOUT_ADDRESS = "without_address"


@dataclass(frozen=True)
class SortedRow:
    """A row, and what becomes of it. subject: whom the portal knows by it, where it is to be written to."""

    row: SourceRow
    outcome: Sorted
    subject: UUID | None = None


def sort_out(announcement: NoticeAnnouncement, rows: Sequence[SourceRow]) -> Iterator[SortedRow]:
    """What becomes of each row, in order; a fixed number of questions, however many rows."""
    names = {name for row in rows for name in row.names}
    known = find(names)
    restricted = restricted_among(known.values())
    erased = erased_among({name for each in names for name in names_of(*each)}) if names else {}
    former = _former(names)
    told = NoticeTold.objects.filter(announcement=announcement)
    told_people = set(told.filter(subject__in=set(known.values())).values_list("subject", flat=True))
    addresses = {row.address.index for row in rows if row.address is not None}
    told_at = _told_at(told, addresses)
    for row in rows:
        people = {known[name] for name in row.names if name in known}
        if row.address is None:
            yield SortedRow(row, Sorted.WITHOUT_ADDRESS)
        elif row.address.index in told_at or people & told_people:
            yield SortedRow(row, Sorted.KNOWN)
        elif (
            people & restricted
            or row.address in former
            or any(name in erased for each in row.names for name in names_of(*each))
        ):
            yield SortedRow(row, Sorted.LEFT_OUT)
        else:
            told_at.add(row.address.index)
            told_people |= people
            yield SortedRow(row, Sorted.WRITTEN, known.get(row.address) or min(people, default=None))


def _told_at(told: QuerySet[NoticeTold], addresses: set[bytes]) -> set[bytes]:
    found = told.filter(address_index__in=addresses).values_list("address_index", flat=True)
    return {bytes(index) for index in found if index is not None}


def _former(names: Iterable[Person]) -> set[Person]:
    """Addresses that were corrected: nothing is sent to them any more."""
    by_index = {each.index: each for each in names if each.kind == IdentifierKind.EMAIL}
    rows = Identifier.objects.filter(kind=IdentifierKind.EMAIL, index__in=by_index, former_since__isnull=False)
    return {by_index[bytes(index)] for index in rows.values_list("index", flat=True)}
