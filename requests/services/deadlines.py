"""The daily look at deadlines: whoever answers for a case is reminded in time, and silence that the law takes for a
refusal is written down by itself.

A clock that stands is counted anew each day, for its date moves with the day; it has no end that anybody could be
reminded of, and silence before it goes on is no refusal.

One query finds what comes near, whatever the number of cases. Each reminder is of one day and written once; two looks
at the same time write it once as well, because the database holds each only once.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.letters.addresses import portal_url
from privacy.letters.composing import letter_language
from privacy.letters.services import write_letter
from privacy.officers.models import Officer, Role
from privacy.register.selectors import local_date, profile
from requests.authorities import authorities_after_silence
from requests.clocks import running
from requests.complaint_clock import law_sets_no_further_day
from requests.enums import RequestState
from requests.letters import write_case_letter
from requests.models import Mark, Reminder, SubjectRequest
from requests.services.clock_events import reckon
from requests.services.complaint_due import take_next_date
from requests.services.moves import locked
from requests.transitions import OPEN

DEADLINES_JOB = "requests.deadlines"
DAYS_BEFORE: dict[Mark, tuple[int, ...]] = {Mark.TARGET: (2,), Mark.LIMIT: (5, 1), Mark.DEEMED_REFUSAL: (3,)}
"""How many days before a day its reminders are written; a look that was missed makes up for it."""

_UNANSWERED = OPEN - {RequestState.UNCONFIRMED}
"""Until the person has what they asked for, or a letter that says why not. A decision that is still being carried out,
or waits for its time to cancel, is no answer yet."""
_FARTHEST = max(days for each in DAYS_BEFORE.values() for days in each)


def look_at_deadlines() -> None:
    """Write the reminders that are due, and record the refusals that the law assumes. May be repeated, or killed."""
    today = local_date(timezone.now())
    far = today + timedelta(days=_FARTHEST)
    near = Q(target_on__lte=far) | Q(due_on__lte=far) | ~Q(waiting_for="")
    cases = SubjectRequest.objects.filter(near, state__in=_UNANSWERED).only("pk").order_by("due_on", "pk")
    for pk in cases.values_list("pk", flat=True).iterator(chunk_size=500):
        look_at_case(case_id=pk, today=today)


@transaction.atomic
def look_at_case(*, case_id: object, today: date) -> None:
    """Remind of one case, and record that the law takes it for refused, if that is so today."""
    case = locked(str(case_id))
    if case.state not in _UNANSWERED:
        return
    take_next_date(case=case, actor=SYSTEM)  # one that was acknowledged under an earlier release
    reckon(case)
    refused_on = deemed_refused_on(case)
    if refused_on is not None and refused_on <= today:
        _record_deemed_refusal(case, refused_on)
    for mark, day in _days(case, refused_on):
        reached = [before for before in DAYS_BEFORE[mark] if day - timedelta(days=before) <= today <= day]
        _remind(case, mark, day, reached)


def deemed_refused_on(case: SubjectRequest) -> date | None:
    """The first day on which a law of the case takes silence for a refusal; None while none does."""
    days = [kept["deemed_refused_on"] for kept in running(case.deadlines) if kept["deemed_refused_on"]]
    return min((date.fromisoformat(day) for day in days), default=None)


def _days(case: SubjectRequest, refused_on: date | None) -> Iterator[tuple[Mark, date]]:
    if not case.clock_stands:
        yield Mark.TARGET, case.target_on
    if case.runs_until < date.max and not law_sets_no_further_day(case):
        yield Mark.LIMIT, case.runs_until
    if refused_on is not None and case.deemed_refused_on is None:
        yield Mark.DEEMED_REFUSAL, refused_on


def _remind(case: SubjectRequest, mark: Mark, day: date, reached: Iterable[int]) -> None:
    """Once for each day and distance to it; distances that are reached in one look are one reminder, for it says the
    same of each.
    """
    same_day = Reminder.objects.filter(case=case, mark=mark, day=day)
    written = set(same_day.values_list("days_before", flat=True))
    fresh = [before for before in reached if before not in written]
    if not fresh:
        return
    Reminder.objects.bulk_create(Reminder(case=case, mark=mark, day=day, days_before=before) for before in fresh)
    for address in responsible_addresses(case):
        write_letter(
            kind="case_due", subject=None, address=address, actor=SYSTEM,
            context={
                "reference": case.reference, "day": day, "mark": mark.value,
                "page": portal_url(f"/officer/requests/subjectrequest/{case.pk}/change/"), "organisation": profile(),
            },
        )  # fmt: skip
    record(
        action="subject_request.reminded", actor=SYSTEM, target=case,
        data={"mark": mark.value, "day": str(day)},
    )  # fmt: skip


def responsible_addresses(case: SubjectRequest) -> Iterable[str]:
    """Whoever works on the case, and every Privacy Officer."""
    officers = Officer.objects.filter(role=Role.PRIVACY_OFFICER, is_active=True).values_list("email", flat=True)
    mine = [case.assignee.email] if case.assignee and case.assignee.is_active else []
    return sorted({*mine, *officers})


def _record_deemed_refusal(case: SubjectRequest, day: date) -> None:
    """Silence is a refusal from this day (PIPEDA s. 8(5)): it is on record, and the person can turn to the authority.

    The case stays open: an answer that comes late is still owed.
    """
    if case.deemed_refused_on is not None:
        return
    case.deemed_refused_on = day
    case.save(update_fields=["deemed_refused_on"])
    record(action="subject_request.deemed_refused", actor=SYSTEM, target=case, data={"on": str(day)})
    with translation.override(letter_language(case.language)):
        told = authorities_after_silence(case, day)
    write_case_letter(
        kind="deemed_refused", case=case, actor=SYSTEM, deemed_refused_on=day, authorities=told,
        binding=_refusing_clock(case, day),
    )  # fmt: skip


def _refusing_clock(case: SubjectRequest, day: date) -> dict[str, Any]:
    """The clock whose law takes silence for a refusal on a day; another may bind, our own promise for one."""
    return next(each for each in running(case.deadlines) if each["deemed_refused_on"] == day.isoformat())
