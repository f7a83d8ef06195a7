"""Why a plan cannot be carried out, found before anything is changed, with what to do about it."""

from collections.abc import Iterator

from privacy.datamap.engine.alike import may_equal
from privacy.datamap.engine.catalog import Catalog, Index, Table
from privacy.datamap.engine.errors import InvalidSpec, Problem, Trouble
from privacy.datamap.engine.introspect import CONVERT, NO_TRANSACTIONS, is_indexed
from privacy.datamap.engine.masks import (
    FAMILIES,
    FEWEST_DIGITS,
    KEEPS_ROWS_DISTINCT,
    PHONE_DIGITS,
    PHONE_PREFIX,
    ColumnMask,
    Family,
    Strategy,
    hash_digits,
)
from privacy.datamap.engine.plan import Action, Plan, Step, columns_of_path, columns_selected_by
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.selection import OlderThan, Referrer, SubjectKeys
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.engine.spec import Column, DatasetSpec
from privacy.datamap.engine.twins import mistaken

TIMES = (Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ)


def of_structure(plan: Plan, catalog: Catalog) -> list[Problem]:
    """Everything that tables, columns, keys and privileges alone can tell."""
    problems: list[Problem] = []
    for step in plan.steps:
        dataset = plan.dataset(step.dataset)
        table = catalog.table(dataset.schema, dataset.table)
        problems += _of_table(table, step.action)
        problems += _of_joins(plan, step, dataset)
        problems += _of_selection(plan, step, dataset)
        for each in step.unless:
            problems += _of_date(plan, each.since, dataset)
        problems += _of_privileges(step, dataset, table)
        for mask in step.all_masks:
            problems += of_mask(plan, mask, dataset, table, catalog)
        for referrer in step.referrers:
            problems += _of_referrer(plan, referrer, catalog)
    return problems


def of_data(plan: Plan, connection: SourceConnection, predicates: Predicates) -> list[Problem]:
    """What only the rows themselves can tell: constants that do not fit, rows that are referred to or others'."""
    problems: list[Problem] = []
    fits = Fits(connection)
    selections = dict.fromkeys(each.selection for each in plan.steps if isinstance(each.selection, SubjectKeys))
    for people in selections:
        asked = [plan.dataset(each.dataset) for each in plan.steps if each.selection == people]
        problems += mistaken(asked, people, connection, predicates)
    for step in plan.steps:
        dataset = plan.dataset(step.dataset)
        for mask in step.all_masks:
            problems += unfit_constant(mask, dataset, fits)
        for referrer in step.referrers:
            if not _is_deleted(plan, referrer):
                problems += _still_referred_to(step, referrer, dataset, connection, predicates)
    return problems


def unfit_constant(mask: ColumnMask, dataset: DatasetSpec, fits: "Fits") -> Iterator[Problem]:
    """Whether a column would keep the constant of its mask as it is."""
    column = dataset.column(mask.column)
    if mask.strategy is Strategy.CONSTANT and not fits(mask.params["value"], column):
        where, what = f"{dataset.name}.{mask.column}", f"The constant does not fit the type {column.declared_type}."
        if column.family in (Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ):
            yield Problem(where, what, "Write it like 2000-02-01.", Trouble.CONSTANT_DAY)
        else:
            yield Problem(where, what, "Choose another one.", Trouble.CONSTANT)


class Fits:
    """Whether constants fit columns; of one value the source is asked once for each type."""

    def __init__(self, connection: SourceConnection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str, str], bool] = {}

    def __call__(self, value: object, column: Column) -> bool:
        asked = (repr(value), column.declared_type, column.type)
        if asked not in self._known:
            self._known[asked] = self._connection.fits(value, column)
        return self._known[asked]


def _of_table(table: Table, action: Action) -> Iterator[Problem]:
    """What is only counted need not be changed in a way that can be proven; it has to be seen in full all the same."""
    if table.kind != "table":
        yield Problem(table.full_name, f"This is a {table.kind}.", "Name the table that holds the rows.")
    elif not table.primary_key:
        yield Problem(table.full_name, "The table has no primary key.", "Add one.")
    if not table.transactional and action is not Action.KEEP:
        yield Problem(table.full_name, NO_TRANSACTIONS, CONVERT)
    if table.row_security:
        yield Problem(
            table.full_name,
            "Row security hides rows from our login.",
            "Grant it BYPASSRLS, or an empty count is no proof.",
        )


def _of_joins(plan: Plan, step: Step, dataset: DatasetSpec) -> Iterator[Problem]:
    """Whether every way that a statement about its rows takes compares like with like."""
    dated = [each for each in (step.selection, *(one.since for one in step.unless)) if isinstance(each, OlderThan)]
    for path in dict.fromkeys((*dataset.paths, *(each.path for each in dated))):
        here = dataset
        for join in path:
            there = plan.dataset(join.to)
            for ours, theirs in zip(join.columns, join.to_columns, strict=True):
                own, other = here.column(ours), there.column(theirs)
                if not may_equal(own, other):
                    what = (
                        f"It holds {own.declared_type} and is compared with {there.name}.{theirs}, which holds "
                        f"{other.declared_type}: the source would convert, and different values would count as equal."
                    )
                    remedy = "Correct the data map, or have one of the columns changed in the source."
                    yield Problem(f"{here.name}.{ours}", what, remedy)
            here = there


def _of_selection(plan: Plan, step: Step, dataset: DatasetSpec) -> Iterator[Problem]:
    selection = step.selection
    if isinstance(selection, SubjectKeys):
        if not dataset.identities and not dataset.paths:
            yield Problem(dataset.name, "Nothing links its rows to a person.", "Declare an identity column or a path.")
    elif isinstance(selection, OlderThan):
        yield from _of_date(plan, selection, dataset)


def _of_date(plan: Plan, selection: OlderThan, dataset: DatasetSpec) -> Iterator[Problem]:
    """Whether the path leads to a column that holds a time."""
    end = dataset
    for join in selection.path:
        for column in join.columns:
            end.column(column)
        end = plan.dataset(join.to)
        for column in join.to_columns:
            end.column(column)
    if end.column(selection.column).family not in TIMES:
        where = f"{end.name}.{selection.column}"
        yield Problem(where, "This is no date or timestamp.", "Name a column that says when the period began.")


def _of_privileges(step: Step, dataset: DatasetSpec, table: Table) -> Iterator[Problem]:
    if hidden := sorted({column.name for column in table.columns} & _read(step, dataset) - table.privileges.select):
        columns = ", ".join(hidden)
        yield Problem(table.full_name, f"Our login may not read {columns}.", f"GRANT SELECT ({columns}) to it.")
    if locked := sorted(_written(step, table) - table.privileges.update):
        columns = ", ".join(locked)
        yield Problem(table.full_name, f"Our login may not change {columns}.", f"GRANT UPDATE ({columns}) to it.")
    if step.action is Action.DELETE and not table.privileges.delete:
        yield Problem(table.full_name, "Our login may not delete rows.", "GRANT DELETE to it.")
    if step.action is Action.DELETE and not table.referrers_visible:
        what = "Tables that our login may not see could refer to its rows, and lose rows of their own unseen."
        yield Problem(table.full_name, what, f"GRANT SELECT ON {table.schema}.* to it, or mask instead of deleting.")


def _written(step: Step, table: Table) -> set[str]:
    masked = {mask.column for mask in step.all_masks}
    return masked | {column.name for column in table.columns if masked and column.set_on_update}


def _read(step: Step, dataset: DatasetSpec) -> set[str]:
    read = {*dataset.primary_key, *(each.column for each in dataset.scope)}
    read |= {each.column for each in dataset.identities}
    read |= {column for path in dataset.paths for column in path[0].columns}
    quasi = set(step.coarser.columns) if step.coarser else set()
    return read | quasi | {mask.column for mask in step.all_masks}


def of_mask(plan: Plan, mask: ColumnMask, dataset: DatasetSpec, table: Table, catalog: Catalog) -> Iterator[Problem]:
    """What the table and its keys have against a mask."""
    column = dataset.column(mask.column)
    where = f"{dataset.name}.{mask.column}"
    if column.generated:
        what = "The source computes this column itself."
        yield Problem(where, what, "Mask the columns it is computed from.", Trouble.COMPUTED)
    if column.family not in FAMILIES[mask.strategy]:
        what = f"The mask {mask.strategy} does not work on {column.declared_type}."
        yield Problem(where, what, "Choose another one.", Trouble.TYPE)
    elif (short := _too_short(mask.strategy, column)) is not None:
        what = f"Its {column.max_length} characters are too few for {mask.strategy} ({short})."
        yield _with_others(where, what, Trouble.TOO_SHORT, column, dataset, table)
    if mask.strategy is Strategy.NULL and not column.nullable:
        yield _with_others(where, "The column does not allow NULL.", Trouble.NOT_NULL, column, dataset, table)
    if (use := _load_bearing(plan, mask, dataset, catalog)) is not None:
        yield Problem(where, f"The column {use}.", "Keep it, or delete the row.", Trouble.LOAD_BEARING)
        return
    for index in _unique_indexes(table, mask.column):
        if not _stays_unique(mask.strategy, index, dataset):
            what = f"The unique index {index.name} would refuse equal masked values."
            yield _with_others(where, what, Trouble.UNIQUE, column, dataset, table)


def _with_others(
    where: str, what: str, trouble: Trouble, column: Column, dataset: DatasetSpec, table: Table
) -> Problem:
    """A problem with what the column would take instead, so that no advice leads to the next refusal."""
    indexes = _unique_indexes(table, column.name)
    others = tuple(
        each
        for each in (Strategy.NULL, Strategy.CONSTANT, Strategy.TOKEN, Strategy.RANDOM, Strategy.EMAIL)
        if column.family in FAMILIES[each]
        and (column.nullable or each is not Strategy.NULL)
        and _too_short(each, column) is None
        and all(_stays_unique(each, index, dataset) for index in indexes)
    )
    widening = _too_short(Strategy.TOKEN, column) is not None
    ways = [f"choose {' or '.join(others)}"] if others else []
    ways += ["widen the column"] if widening else []
    ways += [] if others else ["delete the rows", "keep it with a legal reason"]
    return Problem(where, what, f"{', or '.join(ways).capitalize()}.", trouble, others, widening)


def _unique_indexes(table: Table, column: str) -> list[Index]:
    return [index for index in table.indexes if index.unique and column in index.columns]


def _too_short(strategy: Strategy, column: Column) -> str | None:
    if column.max_length is None or column.family is not Family.TEXT:
        return None
    if strategy in (Strategy.TOKEN, Strategy.RANDOM, Strategy.EMAIL):
        missing = FEWEST_DIGITS - hash_digits(strategy, column.max_length)
        return f"it needs {column.max_length + missing}" if missing > 0 else None
    if strategy is Strategy.PHONE and column.max_length < (least := len(PHONE_PREFIX) + PHONE_DIGITS):
        return f"it needs {least}"
    if strategy is Strategy.GENERALISE_IP and column.max_length < (least := len("ffff:ffff:ffff::")):
        return f"it needs {least}"
    return None


def _stays_unique(strategy: Strategy, index: Index, dataset: DatasetSpec) -> bool:
    if strategy is Strategy.NULL:
        return index.nulls_distinct
    if strategy is Strategy.PHONE:
        key = [dataset.column(name).family for name in dataset.primary_key]
        return key == [Family.NUMBER]
    return strategy in KEEPS_ROWS_DISTINCT or set(dataset.primary_key) <= set(index.columns)


def _load_bearing(plan: Plan, mask: ColumnMask, dataset: DatasetSpec, catalog: Catalog) -> str | None:
    """What breaks when the column changes: the way to the row, its scope, or rows that refer to it."""
    name = mask.column
    if name in dataset.primary_key:
        return "is part of the primary key"
    if any(condition.column == name for condition in dataset.scope):
        return "decides whose row it is (scope)"
    for other in plan.datasets:
        for path in other.paths:
            stops = [other.key, *(join.to for join in path)]
            for here, there, join in zip(stops, stops[1:], path, strict=False):
                if (here == dataset.key and name in join.columns) or (there == dataset.key and name in join.to_columns):
                    return "is part of the path from a row to its person"
    for key in catalog.foreign_keys:
        if (key.to_schema, key.to_table) == (dataset.schema, dataset.table) and name in key.to_columns:
            return f"is referred to by {key.schema}.{key.table}"
        referring = (key.schema, key.table) == (dataset.schema, dataset.table) and name in key.columns
        if referring and mask.strategy is not Strategy.NULL:
            return f"refers to {key.to_schema}.{key.to_table}"
    if mask.strategy is not Strategy.GENERALISE_DATE and _selects(plan, dataset.key, name):
        return "decides which rows the plan selects"
    if _protects(plan, dataset.key, mask):
        return "decides which rows the law wants kept"
    if _tells_newer(plan, dataset.key, mask):
        return "decides which rows came about too late to be meant"
    return None


def _selects(plan: Plan, dataset: str, column: str) -> bool:
    return any(
        column in columns_selected_by(step.selection, step.dataset).get(dataset, ())
        for step in plan.steps
        if isinstance(step.selection, OlderThan)
    )


def _protects(plan: Plan, dataset: str, mask: ColumnMask) -> bool:
    """A date made coarser would end a period early, so no mask may touch what protects other rows.

    A row that its own date protects is only masked when it is not protected any more, and a coarser date is no later.
    """
    coarser = mask.strategy is Strategy.GENERALISE_DATE
    return any(
        mask.column in columns_of_path(each.since, step.dataset).get(dataset, ())
        for step in plan.steps
        for each in step.unless
        if not each.newer and not (coarser and step.dataset == dataset and not each.since.path)
    )


def _tells_newer(plan: Plan, dataset: str, mask: ColumnMask) -> bool:
    """Masked are rows that are not newer: without a date, or with a coarser one, which is no later, they stay so.

    The way to the date of another row must stay whole, and no other date may take its place.
    """
    for step in (each for each in plan.steps if each.action is not Action.KEEP):  # of kept rows only the plan tells it
        for each in step.newer:
            end = each.since.path[-1].to if each.since.path else step.dataset
            is_date = dataset == end and mask.column == each.since.column
            if is_date and mask.strategy in (Strategy.NULL, Strategy.GENERALISE_DATE):
                continue
            if mask.column in columns_of_path(each.since, step.dataset).get(dataset, ()):
                return True
    return False


def _is_deleted(plan: Plan, referrer: Referrer) -> bool:
    for step in plan.steps:
        dataset = plan.dataset(step.dataset)
        if step.action is Action.DELETE and (dataset.schema, dataset.table) == (referrer.schema, referrer.table):
            return True
    return False


def _of_referrer(plan: Plan, referrer: Referrer, catalog: Catalog) -> Iterator[Problem]:
    where = f"{referrer.schema}.{referrer.table}"
    try:
        table = catalog.table(referrer.schema, referrer.table)
    except InvalidSpec:
        yield Problem(
            where, "Its rows refer to rows to be deleted, but our login may not see it.", "GRANT SELECT to it."
        )
        return
    if not set(referrer.columns) <= table.privileges.select:
        yield Problem(
            where, "Its rows refer to rows to be deleted, but our login may not read it.", "GRANT SELECT to it."
        )
    if not is_indexed(table, referrer.columns):
        statement = catalog.add_index.statement(referrer.schema, referrer.table, referrer.columns)
        yield Problem(where, "Each deletion would read this whole table for want of an index.", f"Run: {statement}")
    if referrer.on_delete == "cascade" and not _is_deleted(plan, referrer):
        yield Problem(where, f"The constraint {referrer.constraint} would delete its rows unseen (ON DELETE CASCADE).",
                      "Add the dataset to the plan, to be deleted first.", is_referred_to=True)  # fmt: skip


def _still_referred_to(
    step: Step, referrer: Referrer, dataset: DatasetSpec, connection: SourceConnection, predicates: Predicates
) -> Iterator[Problem]:
    table = predicates.table(step.dataset)
    referred = table.is_referred_to_by(referrer, alias="referrer")
    if count := connection.number(table.count(predicates.selected(table, step.selection), referred)):
        what = f"{referrer.schema}.{referrer.table} still refers to {count} of its rows."
        remedy = "Delete those rows in the same plan, or mask instead of deleting."
        yield Problem(dataset.name, what, remedy, is_referred_to=True)
