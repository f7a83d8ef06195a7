"""Numbers that every page of the officers' site shows, asked once for each page."""

from django.http import HttpRequest

from requests.admin.counts import CaseCounts, count_cases
from retention.enums import RunState
from retention.models import Run


def case_counts(request: HttpRequest) -> CaseCounts:
    """Numbers of the cases that the officer may see."""
    if not hasattr(request, "_case_counts"):
        request._case_counts = count_cases(request.user)  # type: ignore[attr-defined]
    return request._case_counts  # type: ignore[attr-defined]


def waiting_runs(request: HttpRequest) -> int:
    """Runs of rules that wait for a second officer."""
    if not hasattr(request, "_waiting_runs"):
        request._waiting_runs = Run.objects.filter(state=RunState.AWAITING).count()  # type: ignore[attr-defined]
    return request._waiting_runs  # type: ignore[attr-defined]


def attention_runs(request: HttpRequest) -> int:
    """Runs that wait for somebody to do something."""
    if not hasattr(request, "_attention_runs"):
        request._attention_runs = Run.objects.filter(state=RunState.ATTENTION).count()  # type: ignore[attr-defined]
    return request._attention_runs  # type: ignore[attr-defined]
