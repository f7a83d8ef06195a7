"""Looking through a source for people who were erased: a restored backup or an import may have brought them back.

Danger: a look that reads less than it says, and a person who is back is reported gone.
Rule: every row of every dataset in which an erasure rewrites or deletes the column that names the person is read, in
the same scope, and compared in the same normal form; what cannot be read is an error, never zero. Columns that the
data map keeps for a legal reason name erased people lawfully and are not looked at.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Row

from privacy.datamap.engine.identities import stream_identities
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import DatasetSpec, Key
from privacy.datamap.models import Action, Dataset, Field, Source, Strategy
from privacy.datamap.specs import datasets_of, specs_of
from privacy.register.selectors import profile
from retention.erased.fingerprints import ErasedSet, fingerprint_of


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


def watched_datasets(source: Source) -> list[tuple[Dataset, DatasetSpec]]:
    """Datasets of a source in which nobody who was erased may be named."""
    datasets = datasets_of(source)
    specs = {spec.key: spec for spec in specs_of(datasets)}
    return [(each, specs[each.key]) for each in datasets if watched_fields(each)]


def watched_fields(dataset: Dataset) -> list[Field]:
    """Columns that name the person and do not outlive an erasure."""
    named = [each for each in dataset.fields.all() if each.identifier_kind]
    if dataset.on_erasure == Action.DELETE:
        return named
    return [each for each in named if dataset.on_erasure == Action.MASK and each.on_erasure != Strategy.KEEP]


def look_through(
    engine: EngineSource,
    dataset: Dataset,
    spec: DatasetSpec,
    erased: ErasedSet,
    *,
    only: Sequence[Key] | None = None,
) -> Looked:
    """Compare every row of a dataset with the people who were erased. Memory grows with the rows found, nothing else.

    Args:
        only: keys of the rows to read; None reads all.

    Raises:
        EngineError: the source cannot be read; not known is not zero.
    """
    fields = [each for each in watched_fields(dataset) if erased.knows(each.identifier_kind)]
    looked = Looked(dataset, 0, [])
    if not fields:
        return looked
    region, columns = profile().country, [each.column for each in fields]
    for batch in stream_identities(engine, spec, columns, only=only):
        looked.read += len(batch)
        looked.found += _matches(batch, len(spec.primary_key), fields, erased, region)
    return looked


def look_in_portions(
    engine: EngineSource, dataset: Dataset, spec: DatasetSpec, erased: ErasedSet, *, after: Key | None
) -> Generator[Portion, None, None]:
    """Like `look_through`, in key order and a batch at a time, so that a look that takes hours can be interrupted.

    Args:
        after: the last key of the portion before; None begins.

    Consume or close the iterator: it holds a connection.

    Raises:
        EngineError: the source cannot be read; not known is not zero.
    """
    fields = [each for each in watched_fields(dataset) if erased.knows(each.identifier_kind)]
    if not fields:
        return
    region, columns = profile().country, [each.column for each in fields]
    width = len(spec.primary_key)
    with closing(stream_identities(engine, spec, columns, in_order=True, after=after)) as batches:
        for batch in batches:
            found = list(_matches(batch, width, fields, erased, region))
            yield Portion(found, len(batch), tuple(batch[-1][:width]))


def _matches(
    batch: Sequence[Row[Any]], width: int, fields: Sequence[Field], erased: ErasedSet, region: str
) -> Iterator[FoundRow]:
    kinds = [each.identifier_kind for each in fields]
    for row in batch:
        for kind, value in zip(kinds, row[width:], strict=True):
            fingerprint = fingerprint_of(kind, value, region=region) if value else None
            if fingerprint is not None and erased.holds(kind, fingerprint):
                yield FoundRow(tuple(row[:width]), kind, fingerprint)
                break
