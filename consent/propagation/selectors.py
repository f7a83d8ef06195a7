"""Questions about withdrawals that are to be passed on."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from consent.propagation.models import TaskState, WithdrawalTask
from privacy.datamap.models import Source
from privacy.register.models import Recipient
from privacy.register.selectors import local_date

RECIPIENT, SOURCE = "recipient", "source"


@dataclass(frozen=True)
class Waiting:
    """Somebody who is still to be told.

    last_id: the newest task; what comes later was on no list.
    """

    key: str
    name: str
    tasks: int
    due_on: date
    last_id: int


def open_tasks() -> QuerySet[WithdrawalTask]:
    return WithdrawalTask.objects.filter(state=TaskState.OPEN)


@dataclass(frozen=True)
class WithdrawalCounts:
    open: int
    overdue: int


def counts_of_tasks() -> WithdrawalCounts:
    """How many are open, and of how many the last day is over."""
    is_late = Q(due_on__lt=local_date(timezone.now()))
    found = open_tasks().order_by().aggregate(open=Count("id"), overdue=Count("id", filter=is_late))
    return WithdrawalCounts(**found)


def open_tasks_of(key: str) -> QuerySet[WithdrawalTask]:
    """The open ones of somebody, by the key of `waiting`; none for a key that is none."""
    kind, _colon, number = key.partition(":")
    if kind not in (RECIPIENT, SOURCE) or not (number.isascii() and number.isdecimal()) or len(number) > 18:
        return WithdrawalTask.objects.none()
    return open_tasks().filter(**{f"{kind}_id": int(number)})


def waiting() -> list[Waiting]:
    """Everybody who is still to be told, the most urgent first. Three queries."""
    found: list[Waiting] = []
    for kind, model in ((RECIPIENT, Recipient), (SOURCE, Source)):
        rows = (
            open_tasks()
            .filter(**{f"{kind}__isnull": False})
            .order_by()
            .values_list(f"{kind}_id")
            .annotate(tasks=Count("id"), due=Min("due_on"), last=Max("id"))
        )
        names = dict(model._default_manager.values_list("pk", "name"))
        found += [Waiting(f"{kind}:{pk}", names[pk], tasks, due, last) for pk, tasks, due, last in rows]
    return sorted(found, key=lambda each: (each.due_on, each.name))
