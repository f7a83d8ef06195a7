"""Looking through a source for people who were erased: a restored backup or an import may have brought them back.

Danger: a look that reads less than it says, and a person who is back is reported gone.
Rule: every row of every dataset in which an erasure rewrites or deletes the column that names the person is read, in
the same scope, and compared in the same normal form; what cannot be read is an error, never zero. Columns that the
data map keeps for a legal reason, and rows that a statutory minimum keeps, name erased people lawfully and are not
looked at; such rows are, from the day after their minimum ends. Rows that came about after the request behind the last
erasure of whom they name are new, and not back.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Row

from privacy.datamap.engine.identities import stream_identities
from privacy.datamap.engine.planner import protections_of
from privacy.datamap.engine.selection import Protection
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import DatasetSpec, Key
from privacy.datamap.models import Action, Dataset, Field, Source, Strategy
from privacy.datamap.newer import has_date, newer_rows
from privacy.datamap.specs import datasets_of, specs_of
from privacy.datamap.subject_plan import erasure_instructions
from privacy.register.selectors import profile
from retention.erased.extents import left_in
from retention.erased.fingerprints import ErasedSet, fingerprints_of


@dataclass(frozen=True)
class FoundRow:
    """A row that names somebody who was erased, and the first of its identifiers that does."""

    key: Key
    kind: str
    fingerprint: bytes


@dataclass
class Looked:
    """What a look through one dataset found; `read` counts rows."""

    dataset: Dataset
    read: int
    found: list[FoundRow]


@dataclass(frozen=True)
class Portion:
    """What was found among the next rows in key order; `read` counts them, `last` is the key of the last."""

    found: list[FoundRow]
    read: int
    last: Key


@dataclass(frozen=True)
class Watched:
    """A dataset in which nobody who was erased may be named, but in rows that the law keeps.

    among: every dataset of the source, for the ways to dates that keep rows; described: the same in the data map.
    """

    dataset: Dataset
    among: tuple[DatasetSpec, ...]
    unless: tuple[Protection, ...]
    described: tuple[Dataset, ...]


def watched_datasets(source: Source, engine: EngineSource) -> list[Watched]:
    """Datasets of a source that a look goes through.

    Raises:
        DatamapIncomplete: a statutory minimum does not fit the data map, so nobody can say what it keeps.
        EngineError: the source cannot be read.
    """
    datasets = datasets_of(source)
    specs = tuple(specs_of(datasets))
    unless = protections_of(engine, specs, erasure_instructions(source, datasets))
    described = tuple(datasets)
    return [Watched(each, specs, unless.get(each.key, ()), described) for each in datasets if watched_fields(each)]


def watched_fields(dataset: Dataset) -> list[Field]:
    """Columns that name the person and do not outlive an erasure."""
    named = [each for each in dataset.fields.all() if each.identifier_kind]
    if dataset.on_erasure == Action.DELETE:
        return named
    return [each for each in named if dataset.on_erasure == Action.MASK and each.on_erasure != Strategy.KEEP]


def look_through(
    engine: EngineSource, watched: Watched, erased: ErasedSet, *, only: Sequence[Key] | None = None
) -> Looked:
    """Compare every row of a dataset with the people who were erased. Memory grows with the rows found, nothing else.

    Args:
        only: keys of the rows to read; None reads all.

    Raises:
        EngineError: the source cannot be read; not known is not zero.
    """
    fields = [each for each in watched_fields(watched.dataset) if erased.knows(each.identifier_kind)]
    looked = Looked(watched.dataset, 0, [])
    if not fields:
        return looked
    region, width = profile().country, len(watched.dataset.primary_key)
    for batch in _stream(engine, watched, fields, only=only):
        looked.read += len(batch)
        looked.found += _matches(batch, width, fields, erased, region)
    looked.found = _less_newer(engine, watched, fields, looked.found)
    return looked


def look_in_portions(
    engine: EngineSource, watched: Watched, erased: ErasedSet, *, after: Key | None
) -> Generator[Portion, None, None]:
    """Like `look_through`, in key order and a batch at a time, so that a look that takes hours can be interrupted.

    Args:
        after: the last key of the portion before; None begins.

    Consume or close the iterator: it holds a connection.

    Raises:
        EngineError: the source cannot be read; not known is not zero.
    """
    fields = [each for each in watched_fields(watched.dataset) if erased.knows(each.identifier_kind)]
    if not fields:
        return
    region, width = profile().country, len(watched.dataset.primary_key)
    with closing(_stream(engine, watched, fields, in_order=True, after=after)) as batches:
        for batch in batches:
            found = _less_newer(engine, watched, fields, list(_matches(batch, width, fields, erased, region)))
            yield Portion(found, len(batch), tuple(batch[-1][:width]))


def _stream(
    engine: EngineSource, watched: Watched, fields: Sequence[Field], **which: Any
) -> Generator[Sequence[Row[Any]], None, None]:
    columns = [each.column for each in fields]
    return stream_identities(engine, watched.among, watched.dataset.key, columns, unless=watched.unless, **which)


def _less_newer(
    engine: EngineSource, watched: Watched, fields: Sequence[Field], found: list[FoundRow]
) -> list[FoundRow]:
    """Those that are not known to have come after the request by which their person was erased last.

    The source is asked again, of the rows that were found only.
    """
    if not found or not has_date(watched.dataset, watched.described):
        return found
    left = left_in(watched.dataset.source, {(row.kind, row.fingerprint) for row in found})
    by_day: dict[date | None, list[FoundRow]] = {}
    for row in found:
        of_person = left[row.kind, row.fingerprint]
        by_day.setdefault(of_person.received_on if of_person else None, []).append(row)
    old = {row.key for row in by_day.pop(None, [])}
    for day, rows in by_day.items():
        but_newer = replace(watched, unless=(newer_rows(watched.described, day)[watched.dataset.key],))
        for batch in _stream(engine, but_newer, fields, only=[each.key for each in rows]):
            old |= {tuple(row[: len(watched.dataset.primary_key)]) for row in batch}
    return [row for row in found if row.key in old]


def _matches(
    batch: Sequence[Row[Any]], width: int, fields: Sequence[Field], erased: ErasedSet, region: str
) -> Iterator[FoundRow]:
    kinds = [each.identifier_kind for each in fields]
    for row in batch:
        for kind, value in zip(kinds, row[width:], strict=True):
            may_be = fingerprints_of(kind, value, region=region) if value else ()
            if fingerprint := next((each for each in may_be if erased.holds(kind, each)), None):
                yield FoundRow(tuple(row[:width]), kind, fingerprint)
                break
