"""Trying the conditions of a scope, a rule or a minimum in the source, when an officer writes them."""

from typing import Any

from django.utils.translation import gettext as _

from privacy.datamap.asking import is_asked
from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.comparing import Incomparable, incomparable
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.spec import DatasetSpec
from privacy.datamap.models import Dataset
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import conditions


def unfit_values(*, dataset: Dataset, stored: list[dict[str, Any]], catalog: Catalog | None = None) -> list[str]:
    """Which values of stored conditions do not fit their columns, and what to write instead. No row is read.

    Args:
        catalog: of the source, read just now; None reads it.

    Raises:
        EngineError: the source cannot tell now, or has no such table or column.
        AddressRefused: its stored address is not one that a source may have.
    """
    if not stored or is_asked(dataset.source):
        return []
    spec = DatasetSpec(dataset.key, dataset.table_schema, dataset.table_name, tuple(dataset.primary_key))
    with open_for_engine(dataset.source) as engine:
        return [_in_words(each) for each in incomparable(engine, spec, conditions(stored), catalog=catalog)]


def _in_words(unfit: Incomparable) -> str:
    column, kind = unfit.column.name, unfit.column.declared_type
    if unfit.value is None:
        words = _("“%(column)s” (%(kind)s) cannot be compared like this; write “is null” or “is not null”.")
        return words % {"column": column, "kind": kind}
    words = _("“%(value)s” does not fit “%(column)s” (%(kind)s). %(advice)s")
    return words % {"value": unfit.value, "column": column, "kind": kind, "advice": _advice(unfit.column.family)}


def _advice(family: Family) -> str:
    match family:
        case Family.NUMBER:
            return _("Write a number that it can hold, such as 7.")
        case Family.BOOLEAN:
            return _("Write true or false.")
        case Family.DATE:
            return _("Write a date such as 2020-01-31.")
        case Family.TIMESTAMP | Family.TIMESTAMP_TZ:
            return _("Write a moment such as 2020-01-31 12:30, or a date such as 2020-01-31.")
        case Family.UUID:
            return _("Write a whole identifier, such as 123e4567-e89b-12d3-a456-426614174000.")
        case Family.NETWORK:
            return _("Write an IP address, such as 192.0.2.7.")
        case _:
            return _("Write a value as the source itself writes it.")
