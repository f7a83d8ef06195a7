"""Which rows a step is about, and who is spared. Frozen when the plan is made, the same until the run is verified."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

import rfc8785

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.spec import Condition, Key, Path
from privacy.datamap.engine.values import came_later, portable


@portable
@dataclass(frozen=True)
class Identifier:
    """What a person is known by: kind as in Identity, and the value. Personal data: never stored in a plan."""

    kind: str
    value: str = field(repr=False)


@portable
@dataclass(frozen=True)
class RootKeys:
    """Primary keys of the rows of one dataset that name the person."""

    dataset: str
    keys: tuple[Key, ...] = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(sorted({tuple(key) for key in self.keys})))

    def digest(self) -> str:
        """SHA-256 over the sorted keys: the same rows, whatever the order in which they were found."""
        return hashlib.sha256(rfc8785.dumps([list(key) for key in self.keys])).hexdigest()


@portable
@dataclass(frozen=True)
class SubjectKeys:
    """Everything that belongs to one or more people, whose root rows were resolved once.

    Frozen keys, not identifiers: once the root row is masked no identifier finds it, but its children must still be
    found.
    """

    roots: tuple[RootKeys, ...]

    def keys_of(self, dataset: str) -> tuple[Key, ...]:
        return tuple(key for root in self.roots if root.dataset == dataset for key in root.keys)


@portable
@dataclass(frozen=True)
class Referrer:
    """A foreign key of another table that points at rows of ours."""

    constraint: str
    schema: str
    table: str
    columns: tuple[str, ...]
    to_columns: tuple[str, ...]
    on_delete: str


@portable
@dataclass(frozen=True)
class OlderThan:
    """Rows whose time column lies strictly before the cutoff. Exactly on the cutoff is not older; NULL never is.

    path: hops to the dataset that has the time column; empty when it is the step's own.
    where: conditions on the dataset reached, such as status = 'cancelled'.
    also: conditions on the step's own rows.
    newest: the path leads to several rows, and the newest of their times counts: one that is not before the cutoff, or
    that is unknown, keeps the row.
    unreferred_by: no row of these may refer to the row that has the time column, of whatever scope it is.
    cutoff: a date, or an aware datetime; compared in UTC. Raises InvalidSpec for a naive datetime.
    """

    column: str
    cutoff: dt.date | dt.datetime
    path: Path = ()
    where: tuple[Condition, ...] = ()
    also: tuple[Condition, ...] = ()
    newest: bool = False
    unreferred_by: tuple[Referrer, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.cutoff, dt.datetime) and self.cutoff.tzinfo is None:
            raise InvalidSpec("A cutoff needs a time zone: give an aware datetime, or a date.")


@portable
@dataclass(frozen=True)
class RowKeys:
    """Exactly these rows of the step's own dataset, and none that hang from them."""

    keys: tuple[Key, ...] = field(repr=False)


Selection = SubjectKeys | OlderThan | RowKeys


@portable
@dataclass(frozen=True)
class Protection:
    """Rows that are kept although a step selects them: an event of theirs is not before `since`'s cutoff, or not known.

    name: says which protection it is, the same as long as it means the same. A row whose path leads nowhere has no
    event and is not protected. newer: it keeps rows that came about too late to be meant, not rows that must stay: one
    whose event is not known is not among them, and they are counted apart.
    """

    name: str
    since: OlderThan
    newer: bool = came_later(False)


@portable
@dataclass(frozen=True)
class Held:
    """People whose rows must not be touched now, by identifier, by root rows, or both.

    Give root rows wherever they are known: an identifier no longer finds a row whose identity was masked already.
    """

    identifiers: tuple[Identifier, ...] = ()
    roots: tuple[RootKeys, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.identifiers) or any(root.keys for root in self.roots)

    def keys_of(self, dataset: str) -> tuple[Key, ...]:
        return tuple(key for root in self.roots if root.dataset == dataset for key in root.keys)


NOBODY_HELD = Held()
