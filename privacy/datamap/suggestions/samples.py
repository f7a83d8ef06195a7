"""What a few values of a column say about its content.

Danger: the values are personal data of people who asked for nothing. Rule: they are looked at in memory, one column at
a time, reduced to one word ("email"), and forgotten; they are never stored, logged, or part of a message.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping

from privacy.datamap.engine.catalog import Catalog, Table
from privacy.datamap.engine.errors import SourceRefused
from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import DatasetSpec

SAMPLE_ROWS = 40
ENOUGH_VALUES = 3
_SHARE = 0.8


def _is_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value.split("/")[0])
    except ValueError:
        return False
    return True


_SHAPES: Mapping[str, Callable[[str], bool]] = {
    "email": lambda value: re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) is not None,
    "ip": _is_ip,
    "phone": lambda value: re.fullmatch(r"\+[0-9][0-9 ().-]{7,18}", value) is not None,
    "long_text": lambda value: len(value) > 60 and value.count(" ") > 8,
}


def shape_of(values: Iterable[str | None]) -> str:
    """The shape that at least four of five values share: email, ip, phone, long_text, or empty for none."""
    present = [value for value in values if value]
    if len(present) < ENOUGH_VALUES:
        return ""
    for shape, fits in _SHAPES.items():
        if sum(map(fits, present)) >= _SHARE * len(present):
            return shape
    return ""


def shapes_in(source: Source, connection: SourceConnection, catalog: Catalog, table: Table) -> dict[str, str]:
    """The shape of each text column of a table, from a few of its rows. Columns without a shape are left out."""
    texts = [
        column.name
        for column in table.columns
        if column.family is Family.TEXT and column.name in table.privileges.select
    ]
    if not texts or not table.primary_key:
        return {}
    spec = complete(DatasetSpec(table.full_name, table.schema, table.name, table.primary_key), catalog)
    scoped = Predicates([spec], source.dialect, source.mask_key).table(spec.key)
    what = [source.dialect.readable(scoped.element(name), spec.column(name)) for name in texts]
    statement = scoped.select(*what).limit(SAMPLE_ROWS)
    try:
        rows = connection.rows(statement)
    except SourceRefused:
        return {}
    shapes = {name: shape_of(row[place] for row in rows) for place, name in enumerate(texts)}
    return {name: shape for name, shape in shapes.items() if shape}
