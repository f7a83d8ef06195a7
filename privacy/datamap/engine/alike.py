"""Which columns may be joined: those whose values are equal only when they are the same.

Danger: MariaDB and SQLite compare a text with a number by converting one of them. '12abc' and '012' then equal 12, and
the rows of somebody else are found, shown and erased. Only PostgreSQL refuses.
Rule: texts are joined with texts, numbers with numbers and times with times, whatever a source would do. Types that
only the source knows are put to it (`leading`), unless they hold characters or bytes. SQLite goes by affinity, not by
the declared word: what it declares STRING makes numbers of texts, and is joined only with what does the same. Texts are
compared as the column compares to which the way leads (`Dialect.referring`), for there a key occurs once; a child
column that compares more kindly would find the rows of others. A table with a type of PostgreSQL whose own comparison
lies where our login does not look is refused, because another one would be taken (`introspect.complete`).
"""

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.spec import Column, DatasetSpec, Join

_KINDS = {
    Family.NUMBER: "number",
    Family.BOOLEAN: "number",
    Family.DATE: "time",
    Family.TIMESTAMP: "time",
    Family.TIMESTAMP_TZ: "time",
    Family.TEXT: "text",
    Family.UUID: "text",
    Family.NETWORK: "text",
}
_OF_CHARACTERS = ("enum", "set(", "binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob", "json")


def may_equal(own: Column, other: Column) -> bool:
    """Whether two columns can be compared without a conversion that makes different values equal."""
    kinds = {_kind(own), _kind(other)}
    return ("" in kinds or len(kinds) == 1) and (own.affinity == "NUMERIC") is (other.affinity == "NUMERIC")


def check_alike(dataset: DatasetSpec, to: DatasetSpec, join: Join) -> None:
    """See that a join compares like with like.

    Raises InvalidSpec: it would convert; names the columns.
    """
    for ours, theirs in zip(join.columns, join.to_columns, strict=True):
        own, other = dataset.column(ours), to.column(theirs)
        if not may_equal(own, other):
            raise InvalidSpec(
                f"{dataset.name}.{own.name} ({own.declared_type}) cannot be joined with {to.name}.{other.name} "
                f"({other.declared_type}): the source would convert, and different values would count as equal. "
                "Correct the data map, or have one of the columns changed in the source."
            )


def _kind(column: Column) -> str:
    """Empty where only the source knows what it holds."""
    if column.family is Family.OTHER:
        return "text" if column.declared_type.lower().startswith(_OF_CHARACTERS) else ""
    return _KINDS[column.family]
