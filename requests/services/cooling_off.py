"""The days between the second approval of an erasure and its beginning, in which the person can still cancel it.

Danger: data that somebody deletes in anger, or that somebody else asked to be deleted, is gone for good.
Rule: nothing is deleted before the end that the person was told, and nothing after they cancelled. A minor's data goes
at once. So does data where the law's last day leaves no whole day to wait: then the person is told that it begins, for
they could expect time to cancel. The approval stays bound to its plan: what changes meanwhile voids it when the erasure
begins.
"""

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.letters.composing import letter_language
from privacy.register.selectors import local_date, local_midnight, profile
from privacy.subjects.models import LinkPurpose
from requests.enums import RequestState
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.execution import start_erasure
from requests.services.moves import locked, move
from requests.services.outcome import kept_lines, newer_day, newer_lines

COOLING_OFF_JOB = "requests.end_cooling_off"


def cools_off(case: SubjectRequest) -> bool:
    """Whether an erasure that is approved now waits before it begins: not so long that the law's last day is missed."""
    return not case.is_minor and profile().cooling_off_hours > 0 and _end(case) > timezone.now()


def begin_cooling_off(*, case: SubjectRequest, actor: Actor, plan_hash: str) -> SubjectRequest:
    """Wait, in the transaction that approves; the letter says until when the person can cancel, and how.

    Args:
        case: locked, awaiting approval.
        plan_hash: of the plan that was approved.
    """
    until = _end(case)
    data = {"plan": plan_hash, "until": until.isoformat()}
    move(
        case=case, to=RequestState.COOLING_OFF, action="cooling_off_began", actor=actor, data=data,
        cooling_off_until=until, problem="",
    )  # fmt: skip
    _queue_end(case)
    write_case_letter(
        kind="cooling_off", case=case, actor=actor, link=LinkPurpose.TRACK,
        until=last_day_to_cancel(case), **_what(case),
    )  # fmt: skip
    return case


def tell_that_it_begins(*, case: SubjectRequest, actor: Actor) -> None:
    """Say that the erasure begins at once, where the person could expect time to cancel and the law leaves none."""
    if not case.is_minor and profile().cooling_off_hours > 0:
        write_case_letter(kind="erasure_begins", case=case, actor=actor)


@transaction.atomic
def end_cooling_off(*, case_id: str) -> None:
    """Begin the erasure once its time to cancel is over. Does nothing for a case that is not, or has moved on."""
    case = locked(case_id)
    if case.state != RequestState.COOLING_OFF or case.cooling_off_until is None:
        return
    if case.cooling_off_until > timezone.now():  # approved again since, or the worker's clock is fast
        _queue_end(case)
        return
    move(case=case, to=RequestState.EXECUTING, action="cooling_off_ended", actor=SYSTEM, data={"plan": case.plan_hash})
    start_erasure(case=case, actor=SYSTEM)


def _queue_end(case: SubjectRequest) -> None:
    enqueue(kind=COOLING_OFF_JOB, slot=f"{case.pk}/{secrets.token_hex(4)}", due_at=case.cooling_off_until)


def last_day_to_cancel(case: SubjectRequest) -> date:
    """The last whole day on which the person can cancel, where the organisation is."""
    assert case.cooling_off_until is not None
    return local_date(case.cooling_off_until - timedelta(seconds=1))


def _end(case: SubjectRequest) -> datetime:
    """The end of a whole day, for people are told a day; never later than the beginning of the day when it is due."""
    after_hours = timezone.now() + timedelta(hours=profile().cooling_off_hours)
    return min(local_midnight(local_date(after_hours) + timedelta(days=1)), local_midnight(case.due_on))


def _what(case: SubjectRequest) -> dict[str, Any]:
    """What goes, what goes only once a hold has ended, and what is kept: the letter must not say more than will be."""
    plan = case.plan or {}
    with translation.override(letter_language(case.language)):
        lines = [_line(each) for each in plan.get("summary", ()) if each["action"] != "keep"]
        going, held = [*filter(None, lines)], [*_held(plan)]
        kept, newer = kept_lines(plan), newer_lines(plan)
        if not going and (held or kept or newer):
            going = [_("Nothing for the time being")]
        return {
            "what": going or [_("Everything about you that is still found by then")],
            "held": held, "kept": kept, "newer": newer, "newer_day": newer_day(case),
        }  # fmt: skip


def _line(planned: dict[str, Any]) -> str:
    if planned["action"] == "ask":
        return _("%(label)s: what is found there") % {"label": planned["source"]}
    return _counted(planned, "rows")


def _held(plan: dict[str, Any]) -> Iterator[str]:
    """Rows that a hold spares for now. Why is not said: it may be a matter of which nobody may know."""
    return filter(None, (_counted(each, "held") for each in plan.get("summary", ()) if each["action"] != "keep"))


def _counted(planned: dict[str, Any], name: str) -> str:
    n = int(planned[name] or 0)
    words = ngettext("%(label)s: %(n)d record", "%(label)s: %(n)d records", n)
    return words % {"label": planned["dataset"], "n": n} if n else ""
