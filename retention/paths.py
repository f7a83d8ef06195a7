"""The way from the rows of a rule to the row whose date starts the period, along foreign keys of the source."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from privacy.datamap.engine.spec import Join, Path
from privacy.datamap.models import Dataset
from retention.errors import RuleInvalid


def path_between(start: Dataset, end: Dataset, stored: Sequence[Mapping[str, Any]], everything: list[Dataset]) -> Path:
    """The stored way, or the only shortest one along foreign keys; empty when both are the same dataset.

    Args:
        everything: all datasets of the source.

    Raises:
        RuleInvalid: there is no way, or several equally short ones, or the stored one does not lead there.
    """
    if stored:
        return _stored(end, stored)
    if start.pk == end.pk:
        return ()
    found = _shortest(start.key, end.key, {each.key: each.foreign_keys for each in everything})
    where = {"dataset": start.label, "event": end.label}
    if not found:
        raise RuleInvalid(_("No foreign key leads from “%(dataset)s” to “%(event)s”.") % where)
    if len(found) > 1:
        ways = " / ".join(
            "; ".join(hop_in_words(join.columns, join.to, join.to_columns) for join in path) for path in found
        )
        message = _("Several ways lead from “%(dataset)s” to “%(event)s”; say by the way which one counts: %(ways)s")
        raise RuleInvalid(message % (where | {"ways": ways}))
    return found[0]


def hop_in_words(columns: Sequence[str], to: str, to_columns: Sequence[str]) -> str:
    """One step of a way as people read and type it."""
    return f"{', '.join(columns)} → {to} ({', '.join(to_columns)})"


def way_to_event(
    start: Dataset, end: Dataset, stored: Sequence[Mapping[str, Any]], everything: list[Dataset], *, newest: bool
) -> Path:
    """As `path_between`; where the newest of several dates counts, also against the foreign keys.

    Sign-ins refer to their user, so the way from a user to the last sign-in is the one from a sign-in, turned round.

    Raises:
        RuleInvalid: as `path_between`.
    """
    try:
        return path_between(start, end, stored, everything)
    except RuleInvalid:
        if stored or not newest:
            raise
        return _turned(end, path_between(end, start, (), everything))


def leads_to(start: Dataset, end: Dataset, everything: list[Dataset]) -> bool:
    """Whether foreign keys lead from one dataset to another, by one way or by several."""
    return bool(_shortest(start.key, end.key, {each.key: each.foreign_keys for each in everything}))


def _turned(first: Dataset, path: Path) -> Path:
    stops = [first.key, *(join.to for join in path)]
    return tuple(
        Join(join.to_columns, before, join.columns) for before, join in reversed(list(zip(stops, path, strict=False)))
    )


def _stored(end: Dataset, stored: Sequence[Mapping[str, Any]]) -> Path:
    path = tuple(Join(tuple(hop["columns"]), hop["to"], tuple(hop["to_columns"])) for hop in stored)
    if path[-1].to != end.key:
        raise RuleInvalid(_("The way ends at %(end)s and not at the dataset with the event.") % {"end": path[-1].to})
    return path


def _shortest(start: str, end: str, keys: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Path]:
    """Every shortest way; breadth first, never through a dataset twice."""
    ways: list[Path] = [()]
    seen = {start}
    while ways:
        longer = [
            (*way, Join(tuple(key["columns"]), key["to"], tuple(key["to_columns"])))
            for way in ways
            for key in keys.get(way[-1].to if way else start, ())
            if key["to"] not in seen and key["to"] in keys
        ]
        if found := [way for way in longer if way[-1].to == end]:
            return found
        seen |= {way[-1].to for way in longer}
        ways = longer
    return []
