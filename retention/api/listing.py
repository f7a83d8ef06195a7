"""Which runs a call of the list wants, out of its query."""

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from privacy.subjects.reading import Errors, StatementInvalid
from retention.enums import RunKind, RunState

ORDERINGS = ("-created_at", "created_at")
FILTERS: dict[str, Sequence[str]] = {"state": RunState.values, "kind": RunKind.values}
_PAGING = frozenset({"cursor", "page_size"})


def read_query(query: Mapping[str, str]) -> tuple[Q, str]:
    """The condition that the parameters of a call name, and by what the list is ordered.

    Raises:
        StatementInvalid: with all parameters at fault.
    """
    errors: Errors = {}
    wanted, ordering = Q(), ORDERINGS[0]
    for name, value in query.items():
        if name in _PAGING:
            continue
        choices = ORDERINGS if name == "ordering" else FILTERS.get(name)
        if choices is None:
            errors[name] = [_("There is no such filter. Use: %s.") % ", ".join(FILTERS)]
        elif name == "ordering" and value in choices:
            ordering = value
        elif name != "ordering" and set(value.split(",")) <= set(choices):
            wanted &= Q(**{f"{name}__in": value.split(",")})
        else:
            errors[name] = [_("Use one of: %s.") % ", ".join(choices)]
    if errors:
        raise StatementInvalid(errors)
    return wanted, ordering
