"""More time: the person is told first, then the date moves. After the limit nobody can.

PIPEDA s. 8(4); BC PIPA s. 31; GDPR art. 12(3): the notice has to leave before the running period ends, with the
reasons, the new limit and the right to complain about it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.law.enums import ExtensionGround, Origin
from privacy.law.errors import LawError
from privacy.law.events import Extended
from privacy.law.shapes import Rule
from privacy.law.snapshots import from_snapshot
from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.clocks import clocks_after
from requests.enums import RequestState
from requests.errors import ClockRefused
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.clock_events import add_clock_event, clocks_today, events_of, latest_event_on, reckon
from requests.services.moves import check_may_handle, expect, locked

LONGEST_REASONS = 4_000
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
    old, new = _limits(case, event)
    actor = Actor.officer(officer)
    letter = write_case_letter(
        kind="extended", case=case, actor=actor, old_due_on=old, new_due_on=new, reasons=reasons.strip()
    )
    if letter is None:
        raise ClockRefused(_("There is no e-mail address of the person, so the notice cannot be sent from here."))
    return add_clock_event(case=case, event=event, actor=actor, reason=reasons.strip())


def _limits(case: SubjectRequest, event: Extended) -> tuple[date, date]:
    """The last day for our answer under the extended rule, before and after; the event is tried, not stored."""
    before = _due_under(case.deadlines, event.under)
    try:
        after = clocks_after(
            deadlines=case.deadlines, received_on=case.received_on, events=[*events_of(case), event], as_of=event.on
        ).deadlines  # fmt: skip
    except LawError as error:
        raise ClockRefused(str(error)) from None
    return before, _due_under(after, event.under)


def _due_under(deadlines: list[dict[str, Any]], rule_id: str) -> date:
    for kept in deadlines:
        if kept["rule_id"] == rule_id:
            return date.fromisoformat(kept["due_on"])
    raise ClockRefused(_("This case was not opened under that law; choose one of those on its page."))
