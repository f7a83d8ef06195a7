"""What the case that goes on takes over from the one that is joined to it: everything that was asked.

Danger: two wishes are called the same because both are corrections, and one of them is never answered.
Rule: the case that goes on asks for what both asked for, up to the day of the last of them. Where that cannot be said
in one case, they are not joined.
"""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from requests.enums import RequestState
from requests.models import SubjectRequest

STILL_ASKING = frozenset({RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING})
"""States in which a wish that is added will still be decided."""
_SAYS_ALL_WHEN_EMPTY = "purposes"  # who names no use means every use


def why_not_taken_in(case: SubjectRequest, into: SubjectRequest) -> str | None:
    """Why one case cannot ask for both; None when it can."""
    if into.state not in STILL_ASKING or into.decided_at is not None:
        return _("The other case is decided already, so what this one asks for would not be answered.")
    ours, others = into.particulars or {}, case.particulars or {}
    for name in sorted(ours.keys() & others.keys()):
        if ours[name] != others[name] and not _are_lists(ours[name], others[name]):
            return _("Their answers to the form contradict each other, so each has an answer of its own.")
    return None


def asked_together(case: SubjectRequest, into: SubjectRequest) -> dict[str, Any]:
    """The fields of the case that goes on, with what both ask for.

    Args:
        case: the one that is joined; `why_not_taken_in` found nothing against it.
    """
    return {
        "particulars": _particulars(into.particulars or {}, case.particulars or {}),
        "details": _details(case, into),
        "asked_again_on": _asked_again_on(case, into),
    }


def _particulars(ours: dict[str, Any], others: dict[str, Any]) -> dict[str, Any] | None:
    both = ours | others
    for name in ours.keys() & others.keys():
        if _are_lists(ours[name], others[name]):
            both[name] = [*ours[name], *(each for each in others[name] if each not in ours[name])]
    if not (ours.get(_SAYS_ALL_WHEN_EMPTY) and others.get(_SAYS_ALL_WHEN_EMPTY)):
        both.pop(_SAYS_ALL_WHEN_EMPTY, None)
    return both or None


def _asked_again_on(case: SubjectRequest, into: SubjectRequest) -> date | None:
    """The last day of both. What nobody confirmed may be anybody's, so it makes the person ask for no more."""
    if case.state == RequestState.UNCONFIRMED or case.asked_until <= into.received_on:
        return into.asked_again_on
    return max(case.asked_until, into.asked_until)


def _details(case: SubjectRequest, into: SubjectRequest) -> str | None:
    """The words of both, each with where it came from. Words that say the same are kept once."""
    if not case.details or case.details == into.details:
        return into.details
    with override(into.language):
        named = {"reference": case.reference, "date": date_format(case.received_on)}
        heading = _("From %(reference)s, received on %(date)s:") % named
    return "\n\n".join(part for part in (into.details, f"{heading}\n{case.details}") if part)


def _are_lists(one: Any, other: Any) -> bool:
    return isinstance(one, list) and isinstance(other, list)
