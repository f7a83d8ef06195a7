"""Which cases a call of the list wants, out of its query."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from privacy.subjects.reading import Errors, StatementInvalid
from requests.enums import RequestKind, RequestState

ORDERINGS = ("-received_at", "received_at", "due_on", "-due_on")
PAGING = frozenset({"cursor", "page_size", "ordering"})


def read_filters(query: Mapping[str, str]) -> Q:
    """The condition that the parameters of a call name.

    Raises:
        StatementInvalid: with all parameters at fault.
    """
    errors: Errors = {}
    wanted = Q()
    for name, value in query.items():
        if name in PAGING:
            continue
        if name not in FILTERS:
            errors[name] = [_("There is no such filter. Use: %s.") % ", ".join(FILTERS)]
            continue
        try:
            wanted &= FILTERS[name](value)
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise StatementInvalid(errors)
    return wanted


def read_ordering(query: Mapping[str, str]) -> str:
    """By what the list is ordered.

    Raises:
        StatementInvalid: by something that it cannot be ordered by.
    """
    ordering = query.get("ordering", ORDERINGS[0])
    if ordering not in ORDERINGS:
        raise StatementInvalid({"ordering": [_("Use one of: %s.") % ", ".join(ORDERINGS)]})
    return ordering


def _among(column: str, choices: list[str]) -> Callable[[str], Q]:
    def read(value: str) -> Q:
        chosen = value.split(",")
        if not set(chosen) <= set(choices):
            raise ValueError(_("Use one of: %s.") % ", ".join(choices))
        return Q(**{f"{column}__in": chosen})

    return read


def _due_before(value: str) -> Q:
    try:
        day = parse_date(value)
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("Send a day like 2026-11-22."))
    return Q(due_on__lt=day)


def _open(value: str) -> Q:
    if value not in ("true", "false"):
        raise ValueError(_("Send true or false."))
    return Q(closed_at__isnull=value == "true")


FILTERS: dict[str, Callable[[str], Any]] = {
    "state": _among("state", RequestState.values),
    "kind": _among("kind", RequestKind.values),
    "due_before": _due_before,
    "open": _open,
}
