"""More time: the person is told first, then the date moves. After the limit nobody can.

PIPEDA s. 8(4); BC PIPA s. 31; GDPR art. 12(3): the notice has to leave before the running period ends, with the
reasons, the new limit and the right to complain about it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.law.enums import ExtensionGround, Origin
from privacy.law.errors import LawError
from privacy.law.events import Extended
from privacy.law.shapes import Rule
from privacy.law.snapshots import from_snapshot
from privacy.ledger.actors import Actor
from privacy.letters.words import day_words
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.clocks import clocks_after, rules_of
from requests.enums import RequestState
from requests.errors import ClockRefused
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.clock_events import add_clock_event, clocks_today, events_of, latest_event_on, reckon
from requests.services.moves import check_may_handle, expect, locked

LONGEST_REASONS = 4_000
EXTENSION_GROUNDS: dict[ExtensionGround, str | Promise] = {
    ExtensionGround.UNREASONABLE_INTERFERENCE: gettext_lazy(
        "answering in time would unreasonably interfere with our work"
    ),
    ExtensionGround.CONSULTATIONS: gettext_lazy("we have to consult others before we can answer"),
    ExtensionGround.ALTERNATIVE_FORMAT: gettext_lazy("the data has to be put into another format"),
}
_WHILE = (
    RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING, RequestState.AWAITING_APPROVAL,
    RequestState.COOLING_OFF, RequestState.EXECUTING,
)  # fmt: skip


@dataclass(frozen=True)
class Extendable:
    """One law under which a case can get more time. `notice_by` is the last day to tell the person."""

    rule: Rule
    notice_by: date


def extendable(case: SubjectRequest) -> list[Extendable]:
    """The laws of a case that allow more time today; none once their limit is over or the extension is used up."""
    today = local_date(timezone.now())
    found = []
    for kept in clocks_today(case):
        if kept["origin"] == Origin.LAW and (by := kept["extension_notice_by"]) and date.fromisoformat(by) >= today:
            found.append(Extendable(from_snapshot(Rule, kept["rule"]), date.fromisoformat(by)))
    return found


@transaction.atomic
def extend_deadline(
    *,
    case: SubjectRequest,
    officer: Officer,
    under: str,
    reasons: str,
    n: int | None = None,
    ground: ExtensionGround | None = None,
    permitted_by_authority: bool = False,
) -> SubjectRequest:
    """Write to the person that one law's period is longer for them, and move its date.

    Args:
        under: id of the rule.
        reasons: told to the person.
        n: by how many of the rule's units; all that the law allows when absent.
        ground: where the law names grounds.
        permitted_by_authority: the authority permitted more than the law itself does.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is closed, or not confirmed.
        ClockRefused: the law does not allow it: too late, too long, too often, or not for this ground.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *_WHILE)
    if not reasons.strip() or len(reasons) > LONGEST_REASONS:
        raise ClockRefused(
            _("Write down why more time is needed, in %(n)d characters at most.") % {"n": LONGEST_REASONS}
        )
    reckon(case)
    today = local_date(timezone.now())
    event = Extended(max(today, latest_event_on(case)), under, n, ground, permitted_by_authority)
    extended, old, new = _limits(case, event)
    actor = Actor.officer(officer)
    letter = write_case_letter(
        kind="extended", case=case, actor=actor, extended=extended, old_due_on=old, new_due_on=new,
        reasons=reasons.strip(),
    )  # fmt: skip
    if letter is None:
        raise ClockRefused(_("There is no e-mail address of the person, so the notice cannot be sent from here."))
    return add_clock_event(case=case, event=event, actor=actor, reason=reasons.strip())


def _limits(case: SubjectRequest, event: Extended) -> tuple[dict[str, Any], date, date]:
    """The clock that is extended, and the last day for our answer before and after; the event is tried, not stored.

    The days are those of the case, for the person counts on them whatever law they come from. So a notice that moves
    no day is refused: it would promise what another law forbids.
    """
    extended = _clock(case.deadlines, event.under)
    _check_ground(case, event)
    try:
        after = clocks_after(
            deadlines=case.deadlines, received_on=case.received_on, events=[*events_of(case), event], as_of=event.on
        )  # fmt: skip
    except LawError as error:
        raise ClockRefused(str(error)) from None
    if after.due_on <= case.due_on:
        message = _("More time under %(law)s would not move the day when this case is due: %(binding)s sets %(day)s.")
        facts = {"law": extended["citation"], "binding": after.deadlines[0]["citation"], "day": day_words(after.due_on)}
        raise ClockRefused(message % facts)
    return extended, case.due_on, after.due_on


def _check_ground(case: SubjectRequest, event: Extended) -> None:
    """Before the law is asked, which names grounds by their codes."""
    for rule in rules_of(case.deadlines):
        grounds = rule.extension.grounds if rule.id == event.under and rule.extension else ()
        if grounds and event.ground not in grounds:
            named = "; ".join(str(EXTENSION_GROUNDS[each]) for each in grounds)
            message = _("%(law)s gives more time only on one of these grounds, so choose one: %(grounds)s.")
            raise ClockRefused(message % {"law": rule.citation, "grounds": named})


def _clock(deadlines: list[dict[str, Any]], rule_id: str) -> dict[str, Any]:
    found = next((each for each in deadlines if each["rule_id"] == rule_id), None)
    if found is None:
        raise ClockRefused(_("This case was not opened under that law; choose one of those on its page."))
    return found
