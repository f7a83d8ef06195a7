"""Numbers that every page of the officers' site shows, asked once for each page."""

from django.http import HttpRequest

from consent.propagation.selectors import WithdrawalCounts, counts_of_tasks
from privacy.datamap.admin.findings import open_findings
from privacy.errands.models import ErrandState
from requests.admin.counts import counts_for as case_counts
from requests.admin.task_rows import visible_tasks
from retention.enums import RunState
from retention.models import Run

__all__ = [
    "attention_runs", "case_counts", "my_open_tasks", "open_findings_count", "waiting_runs", "withdrawal_counts",
]  # fmt: skip


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


def open_findings_count(request: HttpRequest) -> int:
    """Findings that wait for somebody."""
    if not hasattr(request, "_open_findings"):
        request._open_findings = open_findings().count()  # type: ignore[attr-defined]
    return request._open_findings  # type: ignore[attr-defined]


def my_open_tasks(request: HttpRequest) -> int:
    """Tasks that the officer has to do."""
    if not hasattr(request, "_my_open_tasks"):
        mine = visible_tasks(request.user).filter(owner_id=request.user.pk, state=ErrandState.OPEN)
        request._my_open_tasks = mine.count()  # type: ignore[attr-defined]
    return request._my_open_tasks  # type: ignore[attr-defined]


def withdrawal_counts(request: HttpRequest) -> WithdrawalCounts:
    """Withdrawals of consent that are still to be passed on."""
    if not hasattr(request, "_withdrawal_counts"):
        request._withdrawal_counts = counts_of_tasks()  # type: ignore[attr-defined]
    return request._withdrawal_counts  # type: ignore[attr-defined]
