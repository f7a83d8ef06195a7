"""A complaint goes up: from the officer who has it to another Privacy Officer, and from there to the authority.

The person is told when it goes to an authority, with the authority's address and how long they can turn to it
themselves. The person's data stays locked from then on until an officer releases it: nobody here knows when an
authority is done (PIPEDA, s. 8(8): until every recourse is exhausted).
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from privacy.law.shapes import Authority, Rule
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.composing import letter_language
from privacy.letters.words import day_words
from privacy.officers.models import Officer, Role
from privacy.register.selectors import local_date
from requests.authorities import authorities_of
from requests.clocks import rules_of
from requests.complaint_clock import answer_by, authorities_for
from requests.conflicts import check_no_conflict
from requests.enums import EscalationLevel, RequestKind, RequestState
from requests.errors import ComplaintRefused
from requests.letters import write_case_letter
from requests.models import Escalation, SubjectRequest
from requests.recourse import recourse_day
from requests.services.assignment import hand_over
from requests.services.locks import lock_data
from requests.services.moves import check_may_handle, expect, locked
from retention.models import Hold

LONGEST_REASONS = 4_000
_WORKED_ON = (RequestState.RECEIVED, RequestState.DECIDING)


@transaction.atomic
def escalate(
    *,
    case: SubjectRequest,
    officer: Officer,
    level: EscalationLevel,
    reasons: str,
    to: Officer | None = None,
    authority: str = "",
) -> Escalation:
    """Give a complaint to another Privacy Officer, or put it before an authority.

    Args:
        reasons: kept encrypted; the person is told them when it goes to an authority.
        to: the other Privacy Officer.
        authority: code of one of `authorities_for(case)`.

    Raises:
        NotAllowed: the complaint is not this officer's.
        ConflictOfInterest: this officer or the other one handled the case complained of.
        WrongState: it is closed already (for a colleague), or not confirmed.
        ComplaintRefused: nobody fitting was named, it is there already, or there are no reasons.
    """
    case = locked(case)
    check_may_handle(officer, case)
    if case.kind != RequestKind.COMPLAINT:
        raise ComplaintRefused(_("This is not a complaint."))
    if not reasons.strip() or len(reasons) > LONGEST_REASONS:
        raise ComplaintRefused(_("Write down the reasons, in %(n)d characters at most.") % {"n": LONGEST_REASONS})
    if level == EscalationLevel.SENIOR:
        return _to_senior(case, officer, to, reasons.strip())
    return _to_authority(case, officer, authority, reasons.strip())


def _to_senior(case: SubjectRequest, officer: Officer, to: Officer | None, reasons: str) -> Escalation:
    expect(case, *_WORKED_ON)
    if to is None or not to.is_active or to.role != Role.PRIVACY_OFFICER or to in (officer, case.assignee):
        raise ComplaintRefused(_("Choose a Privacy Officer who is active, and neither you nor has the case already."))
    check_no_conflict(case, to, about_themselves=False)
    actor = Actor.officer(officer)
    hand_over(case=case, assignee=to, actor=actor)
    made = Escalation.objects.create(
        case=case, level=EscalationLevel.SENIOR, to_officer=to, officer=officer, reasons=reasons
    )
    record(action="subject_request.escalated_to_senior", actor=actor, target=case, data={"to": str(to.pk)})
    return made


def _to_authority(case: SubjectRequest, officer: Officer, code: str, reasons: str) -> Escalation:
    expect(case, *_WORKED_ON, RequestState.COMPLETED)
    body = next((each for each in authorities_for(case) if each.code == code), None)
    if body is None:
        raise ComplaintRefused(_("Choose one of the authorities that the laws of this case name."))
    if Escalation.objects.filter(case=case, level=EscalationLevel.AUTHORITY, authority=code).exists():
        raise ComplaintRefused(_("The complaint is with this authority already."))
    actor, ends_on = Actor.officer(officer), recourse_end(case, code)
    made = Escalation.objects.create(
        case=case, level=EscalationLevel.AUTHORITY, authority=code, officer=officer, reasons=reasons,
        recourse_ends_on=ends_on,
    )  # fmt: skip
    _keep_locked(case, actor)
    data = {"authority": code, "recourse_ends": str(ends_on or "")}
    record(action="subject_request.escalated_to_authority", actor=actor, target=case, data=data)
    with override(letter_language(case.language)):
        told = authority_words(body, ends_on)
        others = [each for each in authorities_of(case) if each["code"] != code]
    answered = case.closed_at is not None
    write_case_letter(
        kind="complaint_escalated", case=case, actor=actor, put_before=told, reasons=reasons, authorities=others,
        answer_by=None if answered else answer_by(case.deadlines),
    )  # fmt: skip
    return made


def recourse_end(case: SubjectRequest, authority_code: str) -> date | None:
    """The last day to ask this authority for review; None before the answer, or where the law names no period."""
    if case.decided_at is None:
        return None
    decided_on = local_date(case.decided_at)
    rules = [(rule, kept) for rule, kept in _rules(case) if authority_code in rule.recourse.authorities]
    return max(filter(None, (recourse_day(rule, decided_on, kept) for rule, kept in rules)), default=None)


def authority_words(body: Authority, ends_on: date | None) -> str:
    """Where the complaint is now, in the active language: name, address, and until when the person can ask there."""
    where = [_(body.name), body.postal_address, body.phone, body.email, body.complaint_url or body.url]
    words = [_("Your complaint is now with the authority:"), "\n".join(filter(None, where))]
    if ends_on is not None:
        until = _("You can turn to it yourself until %(day)s.") % {"day": day_words(ends_on, with_weekday=True)}
        words.append(until)
    return "\n\n".join(words)


def _rules(case: SubjectRequest) -> list[tuple[Rule, dict[str, Any]]]:
    kept = {each["rule_id"]: each for each in case.deadlines}
    return [(rule, kept[rule.id]) for rule in rules_of(case.deadlines)]


def _keep_locked(case: SubjectRequest, actor: Actor) -> None:
    if not Hold.objects.filter(case_id=case.pk, released_at__isnull=True).exists():
        lock_data(case=case, actor=actor)
