"""The first page that an officer sees: what is due now, and how the last runs went."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.officer_counts import case_counts, my_open_tasks, open_findings_count, waiting_runs
from privacy.register.activities.selectors import reviews_due
from requests.admin.presenting import CaseRow, case_rows
from requests.admin.task_rows import overdue_tasks
from requests.selectors import queue
from retention.admin.progress import RunRow, run_rows
from retention.models import Run
from retention.reviewing import due_for_review

FIRST = 6
SEES_ALL_CASES = "requests.view_all_subjectrequests"
_NOTHING_WAITS = _("Nothing is waiting. New requests appear here once the person has confirmed them by mail.")
_NOTHING_ASSIGNED = _("No case is assigned to you. A case appears here as soon as a Privacy Officer assigns it to you.")


@dataclass(frozen=True)
class Figure:
    """A number with its meaning and the list behind it. `level` colours it and is said in words by the title."""

    title: str | Promise
    number: int
    level: str
    link: str


@dataclass(frozen=True)
class Dashboard:
    """`nothing_due`: what to say when no case waits."""

    figures: tuple[Figure, ...]
    next_due: list[CaseRow]
    nothing_due: str | Promise
    runs: list[RunRow] | None
    cases_link: str


def dashboard(request: HttpRequest) -> Dashboard:
    """What the officer who is signed in should know first. A constant number of queries."""
    cases = reverse("officer:requests_subjectrequest_changelist")
    sees_all = request.user.has_perm(SEES_ALL_CASES)
    figures = _case_figures(request, cases) if sees_all else _own_figures(request, cases)
    if request.user.has_perm("retention.view_hold"):
        holds = reverse("officer:retention_hold_changelist")
        reviews = Figure(_("Holds to review"), due_for_review().count(), "soon", f"{holds}?o=6")
        figures = (*figures, reviews)
    if request.user.has_perm("activities.view_processingactivity"):
        activities = reverse("officer:activities_processingactivity_changelist")
        figures += (Figure(_("Register to review"), reviews_due(), "soon", activities),)
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
        nothing_due=_NOTHING_WAITS if sees_all else _NOTHING_ASSIGNED,
        runs=run_rows(Run.objects.all()[:FIRST]) if may_see_runs else None,
        cases_link=cases,
    )


def _case_figures(request: HttpRequest, cases: str) -> tuple[Figure, ...]:
    counts = case_counts(request)
    return (
        Figure(_("Open"), counts.open, "ok", cases),
        Figure(_("Overdue"), counts.overdue, "overdue", f"{cases}?show=overdue"),
        Figure(_("Due within 5 days"), counts.soon, "soon", f"{cases}?show=soon"),
        Figure(_("Waiting for the person"), counts.waiting, "plain", f"{cases}?show=waiting"),
        Figure(_("Unassigned"), counts.unassigned, "soon", f"{cases}?show=unassigned"),
        Figure(_("Awaiting second approval"), counts.approval, "soon", f"{cases}?show=approval"),
        Figure(_("With a problem"), counts.problem, "overdue", f"{cases}?show=problem"),
    )


def _own_figures(request: HttpRequest, cases: str) -> tuple[Figure, ...]:
    """Of those who see nothing but what is assigned to them: no number that is always zero for them."""
    counts, tasks = case_counts(request), reverse("officer:errands_errand_changelist")
    return (
        Figure(_("Assigned to you"), counts.open, "ok", cases),
        Figure(_("Overdue"), counts.overdue, "overdue", f"{cases}?show=overdue"),
        Figure(_("Due within 5 days"), counts.soon, "soon", f"{cases}?show=soon"),
        Figure(_("With a problem"), counts.problem, "overdue", f"{cases}?show=problem"),
        Figure(_("Your tasks"), my_open_tasks(request), "ok", f"{tasks}?show=mine"),
    )
