"""Looking through a source for people who were erased: a restored backup or an import may have brought them back.

Danger: a look that reads less than it says, and a person who is back is reported gone.
Rule: every row of every dataset in which an erasure rewrites or deletes the column that names the person is read, in
the same scope, and compared in the same normal form; what cannot be read is an error, never zero. Columns that the
data map keeps for a legal reason name erased people lawfully and are not looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    looked.found = list(_matches(engine, spec, fields, erased, only, looked))
    return looked


def _matches(
    engine: EngineSource,
    spec: DatasetSpec,
    fields: Sequence[Field],
    erased: ErasedSet,
    only: Sequence[Key] | None,
    looked: Looked,
) -> Iterator[FoundRow]:
    region, width = profile().country, len(spec.primary_key)
    kinds = [each.identifier_kind for each in fields]
    for batch in stream_identities(engine, spec, [each.column for each in fields], only=only):
        looked.read += len(batch)
        for row in batch:
            for kind, value in zip(kinds, row[width:], strict=True):
                fingerprint = fingerprint_of(kind, value, region=region) if value else None
                if fingerprint is not None and erased.holds(kind, fingerprint):
                    yield FoundRow(tuple(row[:width]), kind, fingerprint)
                    break
