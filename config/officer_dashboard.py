"""The first page that an officer sees: what is due now, and how the last runs went."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.officer_counts import case_counts, open_findings_count, waiting_runs
from requests.admin.presenting import CaseRow, case_rows
from requests.admin.task_rows import overdue_tasks
from requests.selectors import queue
from retention.admin.progress import RunRow, run_rows
from retention.models import Run
from retention.reviewing import due_for_review

FIRST = 6


@dataclass(frozen=True)
class Figure:
    """A number with its meaning and the list behind it. `level` colours it and is said in words by the title."""

    title: str | Promise
    number: int
    level: str
    link: str


@dataclass(frozen=True)
class Dashboard:
    figures: tuple[Figure, ...]
    next_due: list[CaseRow]
    runs: list[RunRow] | None
    cases_link: str


def dashboard(request: HttpRequest) -> Dashboard:
    """What the officer who is signed in should know first. A constant number of queries."""
    counts = case_counts(request)
    cases = reverse("officer:requests_subjectrequest_changelist")
    figures: tuple[Figure, ...] = (
        Figure(_("Open"), counts.open, "ok", cases),
        Figure(_("Overdue"), counts.overdue, "overdue", f"{cases}?show=overdue"),
        Figure(_("Due within 5 days"), counts.soon, "soon", f"{cases}?show=soon"),
        Figure(_("Unassigned"), counts.unassigned, "soon", f"{cases}?show=unassigned"),
        Figure(_("Awaiting second approval"), counts.approval, "soon", f"{cases}?show=approval"),
        Figure(_("With a problem"), counts.problem, "overdue", f"{cases}?show=problem"),
    )
    if request.user.has_perm("retention.view_hold"):
        holds = reverse("officer:retention_hold_changelist")
        reviews = Figure(_("Holds to review"), due_for_review().count(), "soon", f"{holds}?o=6")
        figures = (*figures, reviews)
    if request.user.has_perm("datamap.view_finding"):
        findings = reverse("officer:datamap_finding_changelist")
        figures += (Figure(_("Findings"), open_findings_count(request), "soon", findings),)
    if tasks := overdue_tasks(request.user).count():
        link = f"{reverse('officer:errands_errand_changelist')}?show=overdue"
        figures = (*figures, Figure(_("Overdue tasks"), tasks, "overdue", link))
    may_see_runs = request.user.has_perm("retention.view_run")
    if may_see_runs:
        runs = reverse("officer:retention_run_changelist")
        figures += (Figure(_("Runs to approve"), waiting_runs(request), "soon", f"{runs}?state__exact=awaiting"),)
    return Dashboard(
        figures=figures,
        next_due=case_rows(queue(request.user)[:FIRST]),
        runs=run_rows(Run.objects.all()[:FIRST]) if may_see_runs else None,
        cases_link=cases,
    )
