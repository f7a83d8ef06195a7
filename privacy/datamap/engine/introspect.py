"""Reading a source's tables, and what an operator should know about them before anything runs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from privacy.datamap.engine.catalog import WITH_HEIRS, Catalog, ForeignKey, Table
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.source import Source
from privacy.datamap.engine.spec import DatasetSpec

NO_TRANSACTIONS = "The storage engine of this table cannot take a change back, so no change of it can be proven."
STORED_VIEW, FOREIGN_TABLE = "materialised view", "foreign table"
APART = ("table with a history", "virtual table", WITH_HEIRS)
"""Old versions, an index over texts, rows of other tables: no statement reaches all of them, or only them."""
OUT_OF_PATH = "Columns are compared by operators of a schema in which our login does not look, so by others."
CONVERT = "Convert it to InnoDB: ALTER TABLE ... ENGINE=InnoDB."


@dataclass(frozen=True)
class Finding:
    """Something about a source that makes work slow, incomplete or impossible. code is stable, for translations."""

    code: str
    where: str
    what: str
    remedy: str


def read_catalog(source: Source) -> Catalog:
    """Tables, columns, keys, indexes, privileges. Raises SourceUnreachable, SourceRefused, UnsupportedSource."""
    with source.connect() as connection:
        return connection.catalog()


def complete(dataset: DatasetSpec, catalog: Catalog) -> DatasetSpec:
    """The dataset with its columns as the source describes them.

    Raises InvalidSpec when the table, its declared primary key or a column it names does not exist, or when it has a
    column that would be compared in another way than the source does.
    """
    table = catalog.table(dataset.schema, dataset.table)
    if table.kind == WITH_HEIRS:
        raise InvalidSpec(
            f"{dataset.name} shows rows of other tables, which inherit from it: one key may name rows of two people. "
            "Take it out of the data map, and keep those tables in it."
        )
    _check_comparable(table, catalog)
    completed: DatasetSpec = replace(dataset, columns=table.columns)
    named = {*dataset.primary_key, *(each.column for each in dataset.scope)}
    named |= {each.column for each in dataset.identities}
    named |= {column for path in dataset.paths for column in path[0].columns}
    for name in sorted(named):
        completed.column(name)
    if table.primary_key and set(table.primary_key) != set(dataset.primary_key):
        raise InvalidSpec(
            f"{dataset.name} has the primary key ({', '.join(table.primary_key)}), "
            f"not ({', '.join(dataset.primary_key)}); correct the data map."
        )
    return replace(completed, primary_key=table.primary_key or dataset.primary_key)


def _check_comparable(table: Table, catalog: Catalog) -> None:
    """Keys, ways, conditions and windows would be wrong, so that it matters little which of them names the column."""
    for column in table.columns:
        if column.out_of_path:
            raise InvalidSpec(
                f"{table.full_name}.{column.name} ({column.declared_type}) is compared by operators of the schema "
                f"{column.out_of_path}, where the login of this source does not look: values that are equal would be "
                f"told apart. Have whoever runs the source carry out: {_look_in(column.out_of_path, catalog)}"
            )


def _look_in(schema: str, catalog: Catalog) -> str:
    path = ", ".join(filter(None, [catalog.search_path, schema]))
    return f"ALTER ROLE {catalog.login} IN DATABASE {catalog.database} SET search_path = {path};"


def known_datasets(
    datasets: Iterable[DatasetSpec], catalog: Catalog, needed: Collection[str]
) -> tuple[DatasetSpec, ...]:
    """Datasets with their columns; those that the source has no more are passed over.

    Raises InvalidSpec for one that is needed, by key, and does not fit the source.
    """
    found = []
    for dataset in datasets:
        try:
            found.append(complete(dataset, catalog))
        except InvalidSpec:
            if dataset.key in needed:
                raise
    return tuple(found)


def is_indexed(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether an index begins with exactly these columns, in any order."""
    return any(set(index.leading[: len(columns)]) == set(columns) for index in table.indexes)


def unindexed(catalog: Catalog, foreign_key: ForeignKey) -> bool:
    """Whether looking up the rows that refer by this key means reading the whole table."""
    return not is_indexed(catalog.table(foreign_key.schema, foreign_key.table), foreign_key.columns)


def findings(catalog: Catalog) -> tuple[Finding, ...]:
    """What should be put right before the engine works here."""
    found: list[Finding] = []
    visible = {(table.schema, table.name) for table in catalog.tables}
    for key in catalog.foreign_keys:
        if (key.schema, key.table) in visible and unindexed(catalog, key):
            found.append(
                Finding(
                    "foreign_key_without_index",
                    f"{key.schema}.{key.table}",
                    f"Deleting from {key.to_schema}.{key.to_table} reads this whole table for every row.",
                    catalog.add_index.statement(key.schema, key.table, key.columns),
                )
            )
    for table in catalog.tables:
        found.extend(_findings_about(table))
        found.extend(_out_of_path(table, catalog))
    return tuple(found)


def _stored_view(view: Table) -> Finding:
    quoted = ".".join('"' + name.replace('"', '""') + '"' for name in (view.schema, view.name))
    what = (
        f"It keeps copies of rows of {', '.join(view.made_of) or 'other tables'}; an erasure there leaves the copies."
    )
    return Finding("stored_view", view.full_name, what, f"REFRESH MATERIALIZED VIEW {quoted};")


def _out_of_path(table: Table, catalog: Catalog) -> list[Finding]:
    schemas = sorted({column.out_of_path for column in table.columns if column.out_of_path})
    return [Finding("out_of_path", table.full_name, OUT_OF_PATH, _look_in(each, catalog)) for each in schemas]


def _findings_about(table: Table) -> list[Finding]:
    found = []
    if table.kind == STORED_VIEW:
        found.append(_stored_view(table))
    if table.kind == FOREIGN_TABLE:
        what = "Its rows lie in another database, and none of them is found or erased through this one."
        found.append(Finding("foreign_table", table.full_name, what, "Connect that database as a source of its own."))
    if table.kind in APART:
        what = f"This is a {table.kind}, on which no change can be proven."
        found.append(Finding("other_table", table.full_name, what, "Make a plain table of it, or erase there by hand."))
    if table.kind == "table" and not table.primary_key:
        found.append(Finding("no_primary_key", table.full_name, "The table has no primary key.", "Add one."))
    if table.row_security:
        found.append(
            Finding("row_security", table.full_name, "Row security hides rows from our login.", "Grant it BYPASSRLS.")
        )
    if not table.transactional:
        found.append(Finding("no_transactions", table.full_name, NO_TRANSACTIONS, CONVERT))
    if table.triggers:
        what = f"Triggers may copy or bring back personal data: {', '.join(table.triggers)}."
        found.append(Finding("triggers", table.full_name, what, "Read them before the first run."))
    return found
