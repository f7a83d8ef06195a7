"""Reading who is in a source, so many rows at a time, in the order of their keys.

Nothing of it is stored but the key of the last row that was dealt with. The connection is closed before anything is
done with the rows, so that no transaction of the source stays open while letters are set.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from consent.announcements.models import AnnouncedDataset
from privacy.datamap.asking import databases
from privacy.datamap.engine.identities import stream_identities
from privacy.datamap.models import Dataset, Field, LetterRole
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import datasets_of, specs_of
from privacy.register.selectors import profile
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise
from privacy.subjects.people import Person

ROWS_AT_ONCE = 500


class NotReadable(Exception):
    """The table cannot be read any more; the message says why, for officers."""


@dataclass(frozen=True)
class SourceRow:
    """A row about somebody.

    address: where letters go, in normal form; None where the row has none that can be one. names: what it names the
    person by, its address included. language: in which the person is written to, as the row says it.
    """

    key: tuple[str, ...]
    address: Person | None
    names: tuple[Person, ...]
    language: str = ""


def announceable() -> QuerySet[Dataset]:
    """Tables of connected databases of which officers said that they hold people's mail addresses."""
    held = Q(fields__letter_role=LetterRole.ADDRESS) | Q(fields__identifier_kind=IdentifierKind.EMAIL)
    tables = Dataset.objects.filter(source__in=databases(), confirmed_at__isnull=False, vanished_at=None)
    return tables.filter(held, fields__vanished_at=None).select_related("source").distinct()


def next_rows(place: AnnouncedDataset) -> list[SourceRow]:
    """The next rows behind the place, none at the end of the table.

    Raises:
        NotReadable: the table, its source or its column of addresses is not there any more.
        EngineError: the source cannot be read.
    """
    dataset = announceable().filter(pk=place.dataset_id).first() if place.dataset_id is not None else None
    if dataset is None:
        raise NotReadable(_("The table is no longer connected, or no column of it holds mail addresses."))
    datasets = datasets_of(dataset.source)
    fields = _fields(next(each for each in datasets if each.pk == dataset.pk))
    after = None if place.after is None else tuple(place.after)
    region, width = profile().country, len(dataset.primary_key)
    with (
        open_for_engine(dataset.source) as engine,
        closing(
            stream_identities(
                engine, specs_of(datasets), dataset.key, [each.column for each in fields], in_order=True, after=after,
                batch_rows=ROWS_AT_ONCE,
            )
        ) as batches,
    ):  # fmt: skip
        return [_row(each, width, fields, region) for each in next(batches, ())]


def _fields(dataset: Dataset) -> list[Field]:
    """The column with the address first, then the others that name the person, at last that with their language."""
    there = [each for each in dataset.fields.all() if each.vanished_at is None]
    address = next(
        (each for each in there if each.letter_role == LetterRole.ADDRESS),
        next((each for each in there if each.identifier_kind == IdentifierKind.EMAIL), None),
    )
    assert address is not None  # asked for in `announceable`
    named = [each for each in there if each.identifier_kind and each.pk != address.pk]
    return [address, *named, *(each for each in there if each.letter_role == LetterRole.LANGUAGE and each not in named)]


def _row(values: Sequence[Any], width: int, fields: Sequence[Field], region: str) -> SourceRow:
    address, *others = values[width:]
    known_by = _person(IdentifierKind.EMAIL, address, region)
    more = list(zip(fields[1:], others, strict=True))
    names = [_person(field.identifier_kind, value, region) for field, value in more if field.identifier_kind]
    language = next((value or "" for field, value in more if field.letter_role == LetterRole.LANGUAGE), "")
    known = tuple(each for each in (known_by, *names) if each is not None)
    return SourceRow(tuple(values[:width]), known_by, known, language)


def _person(kind: str, value: str | None, region: str) -> Person | None:
    try:
        return Person.known_by(kind, normalise(kind, value, region=region)) if value else None
    except IdentifierInvalid:
        return None
