"""What a source wrote as text becomes a value again, where Python has one for it.

Danger: dates that a database holds and Python does not (infinity, years before 1 or after 9999, 0000-00-00) end the
reading of a person's rows in the middle. Rule: the source itself writes them as text; what cannot be understood stays
the text it is.
"""

import datetime as dt
import ipaddress
import json
from collections.abc import Callable
from typing import Any

from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.spec import Column

BINARY = ("bytea", "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob")


def revived(value: Any, column: Column) -> Any:
    """A value as export_subject reads it, as a date, moment, address, bytes or JSON if its column holds such."""
    if not isinstance(value, str) or (revive := _REVIVING.get(column.family, _other)) is None:
        return value
    try:
        return revive(value, column)
    except ValueError:
        return value


def _date(text: str, _column: Column) -> dt.date:
    return dt.date.fromisoformat(text)


def _moment(text: str, column: Column) -> dt.datetime:
    """Connections of the engine speak UTC."""
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None and column.family is Family.TIMESTAMP_TZ:
        return moment.replace(tzinfo=dt.UTC)
    return moment


def _address(text: str, _column: Column) -> str:
    """192.0.2.7/32 is one address and not a network."""
    interface = ipaddress.ip_interface(text)
    return str(interface.ip) if interface.network.prefixlen == interface.max_prefixlen else text


def _other(text: str, column: Column) -> Any:
    kind = column.type.lower().split("(")[0]
    if kind in ("json", "jsonb"):
        return json.loads(text)
    if kind in BINARY:
        return bytes.fromhex(text.removeprefix("\\x"))
    return text


_REVIVING: dict[Family, Callable[[str, Column], Any] | None] = {
    Family.TEXT: None,
    Family.NUMBER: None,
    Family.BOOLEAN: None,
    Family.UUID: None,
    Family.DATE: _date,
    Family.TIMESTAMP: _moment,
    Family.TIMESTAMP_TZ: _moment,
    Family.NETWORK: _address,
}
