"""From selections, masks and holds to WHERE: one meaning, used for counting, changing, exporting and verifying."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, false, func, not_, or_, true
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.alike import check_alike
from privacy.datamap.engine.dialects.base import Dialect, MaskedColumn
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.mask_key import MaskKey
from privacy.datamap.engine.masks import COST, ColumnMask
from privacy.datamap.engine.plan import Action, Step
from privacy.datamap.engine.scoped import ScopedTable, select_from
from privacy.datamap.engine.selection import (
    NOBODY_HELD,
    Held,
    Identifier,
    OlderThan,
    Protection,
    RowKeys,
    Selection,
    SubjectKeys,
)
from privacy.datamap.engine.spec import Column, DatasetSpec, Identity, Join, Key, Path

AtEnd = Callable[[ScopedTable], ColumnElement[bool]]


@dataclass(frozen=True)
class KeysLater:
    """Keys of rows that are given when a statement is carried out. name: of their parameters."""

    name: str


Keys = tuple[Key, ...] | KeysLater


class Predicates:
    """Builds conditions over the datasets of one plan."""

    def __init__(self, datasets: Iterable[DatasetSpec], dialect: Dialect, mask_key: MaskKey) -> None:
        self._datasets = {dataset.key: dataset for dataset in datasets}
        self._dialect = dialect
        self._mask_key = mask_key
        self._tables: dict[str, ScopedTable] = {}
        self._shapes: dict[str, str] = {}
        self._matching: dict[str, tuple[Step, Held, ColumnElement[bool]]] = {}

    @property
    def dialect(self) -> Dialect:
        return self._dialect

    @property
    def mask_key_mark(self) -> bytes:
        """Tells mask keys apart and says nothing else about them."""
        return self._mask_key.derive("kept statements")

    def shape(self, key: str) -> str:
        """A dataset and all that its paths lead through, in full: the same shape, the same conditions about people."""
        if key not in self._shapes:
            dataset = self.dataset(key)
            self._shapes[key] = repr((dataset, *(self.dataset(join.to) for path in dataset.paths for join in path)))
        return self._shapes[key]

    def dataset(self, key: str) -> DatasetSpec:
        if key not in self._datasets:
            raise InvalidSpec(f"A path or step names the dataset {key!r}, which is not declared.")
        return self._datasets[key]

    def table(self, key: str, *, alias: str | None = None) -> ScopedTable:
        """The table in a statement. Without an alias always the same one, so that conditions on it can be shared."""
        if alias is not None:
            return ScopedTable(self.dataset(key), self._dialect, alias=alias)
        if key not in self._tables:
            self._tables[key] = ScopedTable(self.dataset(key), self._dialect)
        return self._tables[key]

    def matching(self, table: ScopedTable, step: Step, held: Held) -> ColumnElement[bool]:
        """Rows the step still has to change: selected, not changed yet, nobody's who is held.

        Built once for as long as the same are held: counts, changes and the proof at the end share it.
        """
        if table is not self._tables.get(table.dataset.key):
            return self._what_matches(table, step, held)
        known = self._matching.get(step.key)
        if known is None or known[0] is not step or known[1] != held:
            known = self._matching[step.key] = (step, held, self._what_matches(table, step, held))
        return known[2]

    def matching_later(self, table: ScopedTable, step: Step, later: Mapping[str, KeysLater]) -> ColumnElement[bool]:
        """The same of a step about people, nobody held, whose keys are given when the statement is carried out."""

        def keys_of(dataset: str) -> Keys:
            return later.get(dataset, ())

        return self._still_to_change(self._belongs(table, keys_of), table, step, NOBODY_HELD)

    def _what_matches(self, table: ScopedTable, step: Step, held: Held) -> ColumnElement[bool]:
        return self._still_to_change(self.selected(table, step.selection), table, step, held)

    def _still_to_change(
        self, selected: ColumnElement[bool], table: ScopedTable, step: Step, held: Held
    ) -> ColumnElement[bool]:
        parts = [selected]
        if step.action is Action.MASK:
            parts.append(not_(self.all_masked(table, step.effective_masks)))
        if held:
            parts.append(not_(self.is_held(table, held)))
        if step.unless:
            parts.append(not_(self.is_protected(table, step.unless)))
        return and_(*parts)

    def protected_rows(
        self, table: ScopedTable, step: Step, by: Iterable[Protection] | None = None
    ) -> ColumnElement[bool]:
        """Rows that the step would change, and that are kept by its protections, or by those given."""
        unprotected = replace(step, unless=())
        kept = self.is_protected(table, step.unless if by is None else by)
        return and_(self.matching(table, unprotected, NOBODY_HELD), kept)

    def newest_event(self, table: ScopedTable, since: OlderThan, which: ColumnElement[bool]) -> Select[Any]:
        """Of some rows: how many they are, how many have a known date, and the newest one as text."""
        event = self._event(table, since, since.path).label("event")
        events = table.select(event, where=[which]).subquery("events")
        newest = self._dialect.readable(func.max(events.c.event), self.event_column(table.dataset, since))
        return select_from(events, func.count(), func.count(events.c.event), newest)

    def event(self, table: ScopedTable, since: OlderThan) -> ColumnElement[str]:
        """The date by which a row is judged: the newest one to which the way leads; NULL where none is known.

        As text for `Dialect.moment`.
        """
        return self._dialect.readable(self._event(table, since, since.path), self.event_column(table.dataset, since))

    def event_column(self, dataset: DatasetSpec, since: OlderThan) -> Column:
        """The time column to which the way from rows of a dataset leads."""
        end = self.dataset(since.path[-1].to) if since.path else dataset
        return end.column(since.column)

    def _event(self, table: ScopedTable, since: OlderThan, path: Path, depth: int = 1) -> ColumnElement[Any]:
        if not path:
            return self._dialect.known_moment(table.element(since.column), table.dataset.column(since.column))
        following = self.table(path[0].to, alias=f"event_{depth}")
        inner = func.max(self._event(following, since, path[1:], depth + 1))
        ends = [following.meets(each) for each in since.where] if not path[1:] else []
        return following.value(inner, *_meet(table, following, path[0]), *ends, seen_from=table)

    def meant(self, table: ScopedTable, since: OlderThan) -> ColumnElement[bool]:
        """Rows that a period is about, whatever their date and even without one."""

        def meets(end: ScopedTable) -> ColumnElement[bool]:
            return and_(true(), *(end.meets(each) for each in since.where), *_unreferred(end, since))

        return and_(self._reach(table, since.path, meets), *(table.meets(each) for each in since.also))

    def is_row(self, table: ScopedTable, key: Key) -> ColumnElement[bool]:
        """The row with this primary key."""
        return self._dialect.is_one_of(table.key, table.key_columns, (key,))

    def key_at_end(self, table: ScopedTable, path: Path, depth: int = 1) -> list[ColumnElement[str]]:
        """The primary key, as text, of the one row to which a way leads; of the row itself where there is no way."""
        if not path:
            return [self._dialect.key_as_text(*each) for each in zip(table.key, table.key_columns, strict=True)]
        following = self.table(path[0].to, alias=f"root_{depth}")
        parts = self.key_at_end(following, path[1:], depth + 1)
        on = _meet(table, following, path[0])
        return [following.value(func.max(part), *on, seen_from=table) for part in parts]

    def hangs_from(self, table: ScopedTable, path: Path, keys: tuple[Key, ...]) -> ColumnElement[bool]:
        """Rows whose way leads to one of these keys; these rows themselves where there is no way."""
        if not keys:
            return false()
        if not path:
            return self._dialect.is_one_of(table.key, table.key_columns, keys)
        return self._reach_keys(table, path, keys)

    def is_protected(self, table: ScopedTable, protections: Iterable[Protection]) -> ColumnElement[bool]:
        """True or false, never NULL: a row whose date is unknown is protected, but not as one that is newer."""
        parts = [
            self._reach(table, each.since.path, self._not_older(each.since, unknown=not each.newer))
            for each in protections
        ]
        return or_(false(), *(func.coalesce(part, False) for part in parts))

    def selected(self, table: ScopedTable, selection: Selection) -> ColumnElement[bool]:
        """Rows the selection is about, masked or not, held or not."""
        if isinstance(selection, SubjectKeys):
            return self._belongs(table, selection.keys_of)
        if isinstance(selection, RowKeys):
            return self._dialect.is_one_of(table.key, table.key_columns, selection.keys)

        def is_older(end: ScopedTable) -> ColumnElement[bool]:
            before = self._is_before(end, selection)
            return and_(before, *(end.meets(each) for each in selection.where), *_unreferred(end, selection))

        parts = [self._reach(table, selection.path, is_older), *(table.meets(each) for each in selection.also)]
        if selection.newest and selection.path:
            parts.append(not_(self._reach(table, selection.path, self._not_older(selection))))
        return and_(*parts)

    def _not_older(self, selection: OlderThan, *, unknown: bool = True) -> AtEnd:
        """unknown: whether a row without a known date counts as well."""

        def is_not_older(end: ScopedTable) -> ColumnElement[bool]:
            late = not_(func.coalesce(self._is_before(end, selection), False))
            if not unknown:
                event = self._dialect.known_moment(end.element(selection.column), end.dataset.column(selection.column))
                late = and_(late, event.is_not(None))
            return and_(late, *(end.meets(each) for each in selection.where))

        return is_not_older

    def _is_before(self, end: ScopedTable, selection: OlderThan) -> ColumnElement[bool]:
        element, column = end.element(selection.column), end.dataset.column(selection.column)
        return self._dialect.is_before(element, column, selection.cutoff)

    def is_held(self, table: ScopedTable, held: Held) -> ColumnElement[bool]:
        """Rows of people who are held; true or false, never NULL."""

        def names_them(end: ScopedTable) -> ColumnElement[bool]:
            return func.coalesce(self.named_by(end, held.identifiers), False)

        parts = [func.coalesce(self._belongs(table, held.keys_of), False), names_them(table)]
        if held.identifiers:
            parts += [self._reach(table, path, names_them) for path in table.dataset.paths]
        return or_(*parts)

    def named_by(self, table: ScopedTable, identifiers: Iterable[Identifier]) -> ColumnElement[bool]:
        """Rows with one of the identifiers in an identity column of that kind."""
        parts: list[ColumnElement[bool]] = []
        for identity in table.dataset.identities:
            if values := [each.value for each in identifiers if each.kind == identity.kind]:
                column = table.dataset.column(identity.column)
                parts.append(self._dialect.names_one_of(table.element(column.name), column, identity.kind, values))
        return or_(false(), *parts)

    def named_in(self, table: ScopedTable, identity: Identity, sought: Identifier) -> ColumnElement[bool]:
        """Rows with an identifier in one identity column."""
        column = table.dataset.column(identity.column)
        return self._dialect.names_one_of(table.element(column.name), column, identity.kind, [sought.value])

    def has_next(self, table: ScopedTable, join: Join) -> ColumnElement[bool]:
        """Rows that have one in the dataset to which a join leads."""
        return self._reach(table, (join,), lambda _end: true())

    def taken_for(self, people: SubjectKeys, join: Join) -> Select[tuple[int]]:
        """How many rows of people, where a join leads, equal one of somebody else by columns that are not the same."""
        own, twin = self.table(join.to), self.table(join.to, alias="twin")
        equal = [each for name in join.to_columns for each in twin.is_referred_to_from(name, own, name)]
        other = or_(*(self._dialect.differ(twin.element(name), own.element(name)) for name in join.to_columns))
        theirs = not_(func.coalesce(self._belongs(twin, people.keys_of), False))
        return own.count(self._belongs(own, people.keys_of), twin.exists(*equal, other, theirs, seen_from=own))

    def all_masked(self, table: ScopedTable, masks: Iterable[ColumnMask]) -> ColumnElement[bool]:
        """Whether every masked column of the row is what its mask makes of it; never NULL."""
        ordered = sorted(masks, key=lambda mask: COST[mask.strategy])
        return and_(true(), *(self._dialect.is_masked(self._target(table, mask), self._mask_key) for mask in ordered))

    def masked_values(self, table: ScopedTable, masks: Iterable[ColumnMask]) -> dict[str, ColumnElement[object]]:
        """The SET clause. Columns that the source would set to the time of the change stay as they are: a mask is no

        sign of life, and a period that is counted from such a column must not begin anew.
        """
        chosen = list(masks)
        values = {mask.column: self._dialect.mask(self._target(table, mask), self._mask_key) for mask in chosen}
        kept = [column.name for column in table.dataset.columns if column.set_on_update and column.name not in values]
        return values | {name: table.element(name) for name in kept} if values else values

    def _target(self, table: ScopedTable, mask: ColumnMask) -> MaskedColumn:
        dataset = table.dataset
        return MaskedColumn(
            element=table.element(mask.column),
            column=dataset.column(mask.column),
            mask=mask,
            row_keys=table.key,
            row_key_columns=table.key_columns,
            place=(dataset.schema, dataset.table, mask.column),
        )

    def _belongs(self, table: ScopedTable, keys_of: Callable[[str], Keys]) -> ColumnElement[bool]:
        parts: list[ColumnElement[bool]] = []
        if own := keys_of(table.dataset.key):
            parts.append(self._is_one_of(table.key, table.key_columns, own))
        for path in table.dataset.paths:
            if keys := keys_of(path[-1].to):
                parts.append(self._reach_keys(table, path, keys))
        return or_(*parts) if parts else false()

    def _is_one_of(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], keys: Keys
    ) -> ColumnElement[bool]:
        if isinstance(keys, KeysLater):
            return self._dialect.is_one_of_later(elements, columns, keys.name)
        return self._dialect.is_one_of(elements, columns, keys)

    def _reach_keys(self, table: ScopedTable, path: Path, keys: Keys) -> ColumnElement[bool]:
        """Rows whose path leads to one of the keys. The last hop is spared when the foreign key is the root's key:

        it makes the statement cheaper, and children are still found after their root row is gone.
        """
        last = path[-1]
        end = self.dataset(last.to)
        if sorted(last.to_columns) != sorted(end.primary_key):

            def is_root(root: ScopedTable) -> ColumnElement[bool]:
                return self._is_one_of(root.key, root.key_columns, keys)

            return self._reach(table, path, is_root)
        before = self.dataset(path[-2].to) if len(path) > 1 else table.dataset
        check_alike(before, end, last)
        referring = dict(zip(last.to_columns, last.columns, strict=True))

        def refers(before: ScopedTable) -> ColumnElement[bool]:
            columns = [end.column(name) for name in end.primary_key]
            forms = [before.referring(referring[column.name], column) for column in columns]
            asked = [[each[0] for each in forms]]
            if any(len(each) > 1 for each in forms):
                asked.append([each[-1] for each in forms])
            return and_(*(self._is_one_of(elements, columns, keys) for elements in asked))

        return self._reach(table, path[:-1], refers)

    def _reach(self, table: ScopedTable, path: Path, at_end: AtEnd, depth: int = 1) -> ColumnElement[bool]:
        if not path:
            return at_end(table)
        join = path[0]
        following = self.table(join.to, alias=f"hop_{depth}")
        on = _meet(table, following, join)
        return following.exists(*on, self._reach(following, path[1:], at_end, depth + 1), seen_from=table)


def _unreferred(end: ScopedTable, selection: OlderThan) -> list[ColumnElement[bool]]:
    """Nothing refers to the row, by any of the selection's foreign keys."""
    keys = enumerate(selection.unreferred_by)
    return [not_(end.is_referred_to_by(each, alias=f"still_{place}")) for place, each in keys]


def _meet(table: ScopedTable, following: ScopedTable, join: Join) -> list[ColumnElement[bool]]:
    check_alike(table.dataset, following.dataset, join)
    pairs = zip(join.columns, join.to_columns, strict=True)
    return [each for ours, theirs in pairs for each in following.is_referred_to_from(theirs, table, ours)]
