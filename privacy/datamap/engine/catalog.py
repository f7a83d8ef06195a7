"""A source's tables as the source describes them. Plain data, made by introspect.py."""

from dataclasses import dataclass

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.spec import Column


@dataclass(frozen=True)
class Index:
    """columns are all columns it depends on, those of its expressions and predicate as well.

    leading: its plain leading columns in order, empty when it starts with an expression or is partial.
    """

    name: str
    unique: bool
    columns: tuple[str, ...]
    leading: tuple[str, ...]
    nulls_distinct: bool = True


@dataclass(frozen=True)
class ForeignKey:
    """on_delete: no action, restrict, cascade, set null, set default."""

    name: str
    schema: str
    table: str
    columns: tuple[str, ...]
    to_schema: str
    to_table: str
    to_columns: tuple[str, ...]
    on_delete: str


@dataclass(frozen=True)
class Privileges:
    """What our login may do. Columns, where products grant by column."""

    select: frozenset[str]
    update: frozenset[str]
    delete: bool


WITH_HEIRS = "table with heirs"
"""The kind of a table that shows rows of others, which inherit from it, as its own."""


@dataclass(frozen=True)
class Table:
    """estimated_rows: the source's own guess, None when it never counted; never to be shown as a count.

    made_of: of a view, the tables and views that it reads, where the source says so. transactional: whether changes can
    be rolled back. referrers_visible: whether our login would see every foreign key
    that points here.
    """

    schema: str
    name: str
    kind: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    indexes: tuple[Index, ...]
    privileges: Privileges
    estimated_rows: int | None
    row_security: bool
    triggers: tuple[str, ...]
    made_of: tuple[str, ...] = ()
    transactional: bool = True
    referrers_visible: bool = True

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Power:
    """Something our login may do beyond reading, rewriting and deleting rows.

    right: as the source names it (SUPERUSER, CREATE, INSERT, OWNER). places: schemas or tables; empty for all of it.
    """

    right: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndexWords:
    """How the product adds an index without blocking writers. form: with {table} and {columns}, both quoted."""

    quote: str
    form: str

    def statement(self, schema: str, table: str, columns: tuple[str, ...]) -> str:
        """As an operator of the source can run it."""
        return self.form.format(
            table=f"{self.quoted(schema)}.{self.quoted(table)}", columns=", ".join(map(self.quoted, columns))
        )

    def quoted(self, name: str) -> str:
        """A name as statements write it."""
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote


@dataclass(frozen=True)
class Catalog:
    """Everything readable in one source. login, database: ours, quoted as statements of the product name them.

    search_path: the schemas in which our login looks for what is named without one, as a setting of the product.
    partitions: full name of each partition, and of the table among `tables` that its rows belong to.
    """

    version: str
    tables: tuple[Table, ...]
    foreign_keys: tuple[ForeignKey, ...]
    add_index: IndexWords
    powers: tuple[Power, ...] = ()
    login: str = ""
    database: str = ""
    search_path: str = ""
    partitions: tuple[tuple[str, str], ...] = ()

    def table(self, schema: str, name: str) -> Table:
        """Raises InvalidSpec when the source has no such table, or hides it from our login."""
        for table in self.tables:
            if (table.schema, table.name) == (schema, name):
                return table
        raise InvalidSpec(f"{schema}.{name} does not exist in the source, or our login may not see it.")

    def pointing_at(self, schema: str, name: str) -> tuple[ForeignKey, ...]:
        return tuple(key for key in self.foreign_keys if (key.to_schema, key.to_table) == (schema, name))
