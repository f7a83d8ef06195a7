"""Tasks as pages show them: of officers, and questions to processors."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.errands.models import Errand, ErrandFile, ErrandState, ErrandWork
from privacy.register.selectors import local_date
from requests.models import SubjectRequest
from requests.selectors import visible_cases

LEVELS: dict[str, str] = {
    ErrandState.OPEN: "info",
    ErrandState.DONE: "ok",
    ErrandState.NOTHING_FOUND: "ok",
    ErrandState.IMPOSSIBLE: "overdue",
    ErrandState.CANCELLED: "plain",
}


SETTLED = frozenset({ErrandState.DONE, ErrandState.NOTHING_FOUND, ErrandState.CANCELLED})
"""States after which nobody has anything left to do."""


@dataclass(frozen=True)
class TaskRow:
    """One task. `words` say on whose word it is what it is, or what it waits for."""

    link: str
    source: str
    work: str
    owner: str
    due_on: date
    is_overdue: bool
    is_done: bool
    state: str
    state_code: str
    level: str
    words: str
    closed_at: datetime | None
    files: tuple[ErrandFile, ...]


def visible_tasks(officer: Any) -> QuerySet[Errand]:
    """Tasks of the cases that the officer may see, each with the reference of its case."""
    cases = SubjectRequest.objects.filter(pk=OuterRef("case_id"))
    tasks = Errand.objects.filter(case_id__in=visible_cases(officer).values("pk"))
    return tasks.annotate(reference=Subquery(cases.values("reference")[:1]))


def overdue_tasks(officer: Any) -> QuerySet[Errand]:
    """Open tasks whose day is over."""
    return visible_tasks(officer).filter(state=ErrandState.OPEN, due_on__lt=local_date(timezone.now()))


def task_rows(case_id: uuid.UUID) -> list[TaskRow]:
    """All tasks of a case, in a constant number of queries."""
    tasks = Errand.objects.filter(case_id=case_id).select_related("source__processor", "owner", "closed_by")
    today = local_date(timezone.now())
    return [task_row(task, today) for task in tasks.prefetch_related("files").order_by("created_at")]


def task_row(task: Errand, today: date) -> TaskRow:
    """One task for a page."""
    is_open = task.state == ErrandState.OPEN
    return TaskRow(
        link=reverse("officer:errands_errand_change", args=[task.pk]),
        source=task.source.name,
        work=str(task.get_work_display()),
        owner=owner_words(task),
        due_on=task.due_on,
        is_overdue=is_open and task.due_on < today,
        is_done=task.state in SETTLED,
        state=str(task.get_state_display()),
        state_code=task.state,
        level=LEVELS[task.state],
        words=_words(task),
        closed_at=task.closed_at,
        files=tuple(each for each in task.files.all() if each.is_kept),
    )


def is_by_processor(task: Errand) -> bool:
    """Whether a system does the work, and not an officer."""
    return task.work != ErrandWork.CORRECTION and hasattr(task.source, "processor")


def owner_words(task: Errand) -> str:
    """Who does it."""
    if is_by_processor(task):
        return _("the processor")
    return str(task.owner) if task.owner else _("nobody")


def _words(task: Errand) -> str:
    if is_by_processor(task):
        return _processor_words(task)
    by = str(task.closed_by) if task.closed_by else _("a former officer")
    if task.state == ErrandState.DONE:
        is_copy = task.work == ErrandWork.ACCESS
        words = _("declared by %(name)s, files attached") if is_copy else _("declared by %(name)s, proof attached")
        return words % {"name": by}
    if task.state == ErrandState.NOTHING_FOUND:
        return _("declared by %(name)s: looked, and found nothing") % {"name": by}
    if task.state == ErrandState.IMPOSSIBLE:
        return _("declared by %(name)s; open it again once that is put right") % {"name": by}
    if task.state == ErrandState.CANCELLED:
        return _not_needed()
    return _("waits for a person")


def _processor_words(task: Errand) -> str:
    if task.state in (ErrandState.DONE, ErrandState.NOTHING_FOUND):
        return _("confirmed by the processor under its signature")
    if task.state == ErrandState.CANCELLED:
        return _not_needed()
    if task.accepted_at is None:
        return _("not accepted by the processor yet")
    return _("accepted by the processor, which says: %(status)s") % {"status": task.status.replace("_", " ")}


def _not_needed() -> str:
    return _("nobody waits for it: the case has ended, or goes on without it")
