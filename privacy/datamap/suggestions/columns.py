"""What a column probably is and what erasure should do to it, with the reason. A person confirms or corrects it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from privacy.datamap.engine.catalog import Table
from privacy.datamap.engine.masks import (
    FAMILIES,
    FEWEST_DIGITS,
    KEEPS_ROWS_DISTINCT,
    PHONE_DIGITS,
    PHONE_PREFIX,
    Family,
    hash_digits,
)
from privacy.datamap.engine.masks import Strategy as EngineStrategy
from privacy.datamap.engine.spec import Column
from privacy.datamap.models import DataCategory, Strategy
from privacy.datamap.suggestions.names import by_name
from privacy.subjects.identifiers import IdentifierKind

ERASED = "[erased]"
_HASHED = (Strategy.TOKEN, Strategy.RANDOM, Strategy.EMAIL)


@dataclass(frozen=True)
class ColumnSuggestion:
    """`reason` says in words why; `keep_reason` may be set when the strategy is keep."""

    category: str
    strategy: str
    reason: str
    identifier_kind: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    keep_reason: str = ""


def suggest(column: Column, table: Table, *, in_keys: bool, shape: str = "") -> ColumnSuggestion:
    """What a column probably is.

    Args:
        in_keys: it is part of the primary key or of a foreign key.
        shape: what a sample of its values looks like (samples.shape_of).
    """
    if in_keys:
        return _kept(DataCategory.KEY, _("part of a key: it tells rows apart"), _("Key, not personal by itself."))
    if (found := _by_shape(column, table, shape)) is not None:
        return found
    rule = by_name(column.name)
    if rule is not None and rule.strategies == (Strategy.KEEP,):
        return _kept(rule.category, _("by its name"), _reason_to_keep(rule.category))
    if rule is not None and (strategy := _first_fitting(rule.strategies, column, table)) is not None:
        kind = rule.identifier if column.family is Family.TEXT else ""
        return ColumnSuggestion(rule.category, strategy, _("by its name"), kind, params_for(strategy))
    if column.family is Family.NETWORK:
        return ColumnSuggestion(DataCategory.TECHNICAL, Strategy.GENERALISE_IP, _("by its type: a network address"))
    if column.family is Family.BOOLEAN:
        return _kept(DataCategory.BUSINESS, _("by its type: yes or no"), _("Says too little to name anybody."))
    return ColumnSuggestion(
        DataCategory.UNCLASSIFIED, Strategy.KEEP, _("neither name, type nor content say what it is")
    )


_SHAPES: dict[str, tuple[tuple[Strategy, ...], str, str]] = {
    "email": ((Strategy.EMAIL, Strategy.NULL, Strategy.CONSTANT), IdentifierKind.EMAIL, DataCategory.CONTACT),
    "phone": ((Strategy.NULL, Strategy.PHONE), IdentifierKind.PHONE, DataCategory.CONTACT),
    "ip": ((Strategy.GENERALISE_IP, Strategy.NULL), "", DataCategory.TECHNICAL),
    "long_text": ((Strategy.NULL, Strategy.CONSTANT), "", DataCategory.FREE_TEXT),
}


def _by_shape(column: Column, table: Table, shape: str) -> ColumnSuggestion | None:
    if shape not in _SHAPES:
        return None
    strategies, kind, category = _SHAPES[shape]
    if (strategy := _first_fitting(strategies, column, table)) is None:
        return None
    return ColumnSuggestion(category, strategy, _shape_words(shape), kind, params_for(strategy))


def _shape_words(shape: str) -> str:
    return {
        "email": _("its values look like e-mail addresses"),
        "phone": _("its values look like phone numbers"),
        "ip": _("its values look like network addresses"),
        "long_text": _("its values are whole sentences, which may name people"),
    }[shape]


def params_for(strategy: str) -> dict[str, Any]:
    """Particulars with which a strategy is suggested."""
    known: dict[str, dict[str, Any]] = {
        Strategy.CONSTANT: {"value": ERASED},
        Strategy.GENERALISE_DATE: {"to": "year"},
        Strategy.GENERALISE_NUMBER: {"size": 1000},
        Strategy.GENERALISE_POSTCODE: {"keep": 2},
    }
    return known.get(strategy, {})


def _reason_to_keep(category: str) -> str:
    """What is about a person is kept for a reason of the organisation's own, which nobody can suggest."""
    return _("Business record that names nobody.") if category == DataCategory.BUSINESS else ""


def _kept(category: str, reason: str, keep_reason: str) -> ColumnSuggestion:
    return ColumnSuggestion(category, Strategy.KEEP, reason, keep_reason=keep_reason)


def _first_fitting(strategies: tuple[Strategy, ...], column: Column, table: Table) -> Strategy | None:
    return next((each for each in strategies if can_take(column, table, each)), None)


def can_take(column: Column, table: Table, strategy: str) -> bool:
    """Whether the source would take what a strategy writes into the column."""
    engine = EngineStrategy(strategy)
    if column.generated or column.family not in FAMILIES[engine]:
        return False
    if engine is EngineStrategy.NULL:
        return column.nullable
    unique = any(index.unique and column.name in index.columns for index in table.indexes)
    if unique and engine not in KEEPS_ROWS_DISTINCT:
        return False
    if engine is EngineStrategy.CONSTANT:
        return column.family is Family.TEXT and (column.max_length is None or column.max_length >= len(ERASED))
    if strategy in _HASHED and column.family is Family.TEXT:
        return hash_digits(engine, column.max_length) >= FEWEST_DIGITS
    if engine is EngineStrategy.PHONE and column.max_length is not None:
        return column.max_length >= len(PHONE_PREFIX) + PHONE_DIGITS
    return True
