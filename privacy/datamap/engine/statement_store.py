"""Statements about people that are put together once and kept for all later runs of the process.

Danger: the rows of one person in the statement of another, or anybody's data kept in memory for ever. Rule: the keys of
people are never part of what is kept, they are parameters that each run gives anew; and whatever else shapes a
statement (tables, types, scopes, masks, references, the mask key) is part of the digest under which it is found.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy.sql.elements import ClauseElement

from privacy.datamap.engine.dialects.base import Dialect
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.predicates import KeysLater, Predicates
from privacy.datamap.engine.scoped import side_by_side
from privacy.datamap.engine.selection import Held, SubjectKeys

MOST = 512  # statements; each has one to thirty kilobytes of text


@dataclass(frozen=True)
class Given:
    """A statement in the driver's own words, with its parameters."""

    text: str
    parameters: Mapping[str, Any] = field(repr=False)


class KeptStatements:
    """Texts and their fixed parameters by digest; those longest unused go first. May be used by several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[bytes, Given] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def find(self, digest: bytes, make: Callable[[], Given]) -> Given:
        """The statement of this digest, made when it is not known."""
        with self._lock:
            if (known := self._known.get(digest)) is not None:
                self._known.move_to_end(digest)
                return known
        made = make()
        with self._lock:
            self._known[digest] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made


STATEMENTS = KeptStatements()


def can_be_kept(dialect: Dialect, step: Step, held: Held) -> bool:
    """Only the usual statement about a person: with nobody held and nothing protected."""
    return dialect.keeps_statements and isinstance(step.selection, SubjectKeys) and not held and not step.unless


def counts(predicates: Predicates, steps: Sequence[Step]) -> Given:
    """How many rows each of the steps still has to change, in one statement. All have the same SubjectKeys."""

    def make() -> ClauseElement:
        tables = [predicates.table(step.dataset) for step in steps]
        pairs = zip(tables, steps, strict=True)
        return side_by_side([each.count(predicates.matching_later(each, step, later)) for each, step in pairs])

    later = _later(steps[0])
    return _given("count", predicates, steps, later, make)


def change(predicates: Predicates, step: Step, make: Callable[[Mapping[str, KeysLater]], ClauseElement]) -> Given:
    """The change of all rows of a step. make: puts it together, with parameters for the keys of these datasets."""
    later = _later(step)
    return _given("change", predicates, [step], later, lambda: make(later))


def _later(step: Step) -> dict[str, KeysLater]:
    assert isinstance(step.selection, SubjectKeys)
    names = sorted({root.dataset for root in step.selection.roots if root.keys})
    return {name: KeysLater(f"keys_{place}") for place, name in enumerate(names)}


def _given(
    what: str,
    predicates: Predicates,
    steps: Sequence[Step],
    later: Mapping[str, KeysLater],
    make: Callable[[], ClauseElement],
) -> Given:
    selection = steps[0].selection
    assert isinstance(selection, SubjectKeys)
    shapes = [
        (predicates.shape(step.dataset), step.action.value, step.effective_masks, step.referrers) for step in steps
    ]
    shape = repr((what, predicates.dialect.name, later, shapes))
    digest = hashlib.sha256(predicates.mask_key_mark + shape.encode()).digest()
    kept = STATEMENTS.find(digest, lambda: _compiled(make(), predicates.dialect))
    keys = {
        name: value
        for dataset, each in later.items()
        for name, value in predicates.dialect.later_values(each.name, selection.keys_of(dataset)).items()
    }
    return Given(kept.text, {name: keys.get(name, value) for name, value in kept.parameters.items()})


def _compiled(statement: ClauseElement, dialect: Dialect) -> Given:
    compiled = statement.compile(dialect=dialect.compiling(), compile_kwargs={"render_postcompile": True})
    return Given(str(compiled), dict(compiled.params))
