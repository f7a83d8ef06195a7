"""Whether the sources know a person, before anything is planned: a sign of who asks, and nothing of what is held."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from privacy.datamap.engine.planner import resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.models import Dataset, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import specs_of
from privacy.datamap.subject_plan import active_sources, in_every_form
from privacy.subjects.models import Identifier as SubjectIdentifier


@dataclass(frozen=True)
class OnFile:
    """How many rows of a dataset name a person. source, dataset: in plain words."""

    source: str
    dataset: str
    rows: int

    def to_data(self) -> dict[str, Any]:
        """For storing: JSON-able, without a key or value of any row."""
        return asdict(self)


def on_file(identifiers: Iterable[SubjectIdentifier]) -> list[OnFile]:
    """In which datasets a person is named by what they gave, in every active source that is a database.

    Reaches over the network: never call it in a transaction.

    Raises:
        DatamapIncomplete: there is no source, or a dataset about people was not confirmed.
        EngineError: a source cannot be reached (`retryable`), the data map does not fit it, or so many rows match that
            it names nobody.
    """
    known = in_every_form(identifiers)
    return [place for source, datasets in active_sources() for place in _places(source, datasets, known)]


def _places(source: Source, datasets: list[Dataset], known: Sequence[Identifier]) -> list[OnFile]:
    labels = {each.key: each.label for each in datasets}
    with open_for_engine(source) as engine:
        found = resolve_subject(engine, specs_of(datasets), known)
    return [OnFile(source.name, labels[root.dataset], len(root.keys)) for root in found.roots]
