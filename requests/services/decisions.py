"""Deciding a case: part by part, or as a whole.

Danger: a refusal without a ground, a ground that must stay secret told to the person, or more carried out than was
granted.
Rule: one door for every decision. What is refused stands in `CategoryDecision` before anything begins; what is carried
out reads it there. A case counts as granted in part by what the person may know alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.law.shapes import RefusalGround
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.deciding.checking import check_lines, ground_problems, severing_problems
from requests.deciding.found import FoundLine, LineKey, can_be_severed, found_lines
from requests.deciding.given import LineDecision, as_row
from requests.deciding.grounds import (
    authorities_to_notify,
    known_ground,
    may_be_told,
    must_offer_instead,
    told_grounds,
)
from requests.deciding.letters import refused
from requests.deciding.sources import not_planned
from requests.deciding.telling import told
from requests.enums import LEFT_OUT_WHOLE, WITHOUT_GROUND, Outcome, RequestKind, RequestState, Verdict
from requests.errors import (
    AnswerInvalid,
    DecisionInvalid,
    GroundInvalid,
    PlanChanged,
    PlanMissing,
    SourcesNotPlanned,
    Wrong,
    WrongState,
)
from requests.letters import write_case_letter
from requests.models import CategoryDecision, SubjectRequest
from requests.services.anew import undecided
from requests.services.locks import unlock_after_recourse
from requests.services.moves import check_may_handle, expect, locked, move
from requests.services.narrowing import begin_narrowing
from requests.services.starting import check_refused_whole, start_answer
from requests.traits import Answer, traits_of

__all__ = [
    "PART_BY_PART",
    "check_plan",
    "decide_case",
    "grant",
    "is_narrowed",
    "note_authority_notified",
    "refusal_grounds",
    "refuse",
    "undecided",
]

PART_BY_PART = frozenset({RequestKind.ACCESS, RequestKind.ERASURE, RequestKind.PORTABILITY})
"""Kinds that are decided category by category."""


@transaction.atomic
def decide_case(
    *,
    case: SubjectRequest,
    officer: Officer,
    plan_hash: str,
    decisions: Sequence[LineDecision],
    reasons: str = "",
) -> SubjectRequest:
    """Decide every part of what was found.

    All granted: carried out, after a second officer's yes where the kind needs it. Some refused: the rest is carried
    out, an erasure after its plan was made anew without what is refused. All refused: the case is closed, unless the
    person must not learn why; then they get what is left, as anybody would. What the person did not ask for is left out
    of a copy and makes it no partial answer.

    Args:
        plan_hash: of the plan that the officer saw.
        decisions: one for each of `found_lines(case)`, or for each table of a category.
        reasons: of lines that have none of their own.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide, or this kind is not decided part by part.
        PlanMissing: the data was not looked for.
        PlanChanged: the case has another plan by now.
        DecisionInvalid: with what is wrong in which line.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    if case.kind not in PART_BY_PART:
        raise WrongState(RequestState(case.state).label)
    check_plan(case, plan_hash)
    now = timezone.now()
    given = [_with_reasons(line, reasons) for line in decisions]
    found = check_lines(case, given, today=local_date(now))
    lines = _keep(case, given, found, officer, now)
    if lines and all(line.decision in LEFT_OUT_WHOLE for line in lines) and any(_is_told(line) for line in lines):
        return _close(case, lines, officer, now)
    return _go_on(case, lines, officer, now)


def grant(*, case: SubjectRequest, officer: Officer, plan_hash: str) -> SubjectRequest:
    """Say yes to all that was found. An erasure then waits for a second officer; an access package is made.

    Args:
        plan_hash: of the plan that the officer saw.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide.
        PlanMissing: the data was not looked for.
        PlanChanged: the case has another plan by now.
    """
    with transaction.atomic():
        case = locked(case)
        check_may_handle(officer, case)
        expect(case, RequestState.DECIDING)
        _expect_no_words(case)
        if case.kind in PART_BY_PART:
            check_plan(case, plan_hash)
            every = [_granted(line) for line in found_lines(case)]
            return decide_case(case=case, officer=officer, plan_hash=plan_hash, decisions=every)
        if traits_of(case.kind).looks_for_data:
            check_plan(case, plan_hash)
        return _go_on(case, [], officer, timezone.now())


def _expect_no_words(case: SubjectRequest) -> None:
    """A complaint that is not right, or a question without a good answer, is answered and not refused."""
    if traits_of(case.kind).answer is Answer.WORDS:
        raise AnswerInvalid(_("This case is answered in words: write the answer."))


def check_plan(case: SubjectRequest, plan_hash: str) -> None:
    """Raise PlanMissing or PlanChanged unless the case has the plan that was seen, with all that was found.

    Also where a source is on by now of which it says nothing (SourcesNotPlanned).
    """
    if case.plan is None or not case.plan_hash or is_narrowed(case):
        raise PlanMissing
    if plan_hash != case.plan_hash:
        raise PlanChanged
    if names := list(not_planned(case).values_list("name", flat=True)):
        raise SourcesNotPlanned(", ".join(names))


def is_narrowed(case: SubjectRequest) -> bool:
    """Whether the plan leaves out what was refused: then it is no plan to decide on."""
    return bool((case.plan or {}).get("narrowed"))


@transaction.atomic
def refuse(
    *,
    case: SubjectRequest,
    officer: Officer,
    ground: str,
    text: str,
    alternatives: Sequence[str] = (),
    own_alternative: str = "",
    nothing_severable: bool = False,
    waited_from: date | None = None,
    authority_notified_on: date | None = None,
) -> SubjectRequest:
    """Say no to all of it, in writing, with the ground in law, the reasons, and where the person can turn.

    Args:
        ground: code of one of `refusal_grounds(case)`.
        text: reasons in the officer's words, told to the person.
        alternatives: codes of what the ground leaves room for; where a law of the case wants something offered, one
            of these or `own_alternative` is needed.
        own_alternative: what else is offered, in the officer's words.
        nothing_severable: the officer looked and nothing can be given without the rest, where the law wants it given.
        waited_from: the day on which those who may object were told, where the law wants a wait.
        authority_notified_on: the day on which the authority was told, where the law wants that and it was done.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide.
        GroundInvalid: no such ground for this case, or something is missing.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    check_refused_whole(case)
    _expect_no_words(case)
    now = timezone.now()
    chosen = next((one for one in refusal_grounds(case) if one.code == ground), None)
    if chosen is None:
        raise GroundInvalid(_("Choose one of the grounds that the law knows for this kind of request."))
    line = LineDecision(
        category="", decision=Verdict.REFUSE, ground=ground, reasons=text.strip(), alternatives=tuple(alternatives),
        own_alternative=own_alternative, waited_from=waited_from, authority_notified_on=authority_notified_on,
        nothing_severable=nothing_severable,
    )  # fmt: skip
    problems = [
        *ground_problems(
            case, chosen, reasons=text, alternatives=alternatives, own_alternative=own_alternative,
            must_offer=must_offer_instead(case), waited_from=waited_from, notified_on=authority_notified_on,
            today=local_date(now),
        ),
        *severing_problems(chosen, can_be_severed=can_be_severed(found_lines(case)), confirmed=nothing_severable),
    ]  # fmt: skip
    if problems:
        raise DecisionInvalid([Wrong(None, name, words) for name, words in problems])
    return _close(case, _keep(case, [line], {}, officer, now), officer, now)


def refusal_grounds(case: SubjectRequest) -> list[RefusalGround]:
    """Grounds on which this case may be refused as a whole: those of which the person may be told."""
    return told_grounds(case)


@transaction.atomic
def note_authority_notified(*, decision: CategoryDecision, officer: Officer, on: date) -> CategoryDecision:
    """Write down on which day the authority was told that a ground was used.

    Args:
        on: local date.

    Raises:
        NotAllowed: the case is not this officer's.
        GroundInvalid: the ground wants nobody told, it is written down already, or the day is yet to come or before
            the request.
    """
    case = locked(decision.case_id)
    check_may_handle(officer, case)
    line = CategoryDecision.objects.select_for_update().get(pk=decision.pk)
    ground = known_ground(line.ground)
    if ground is None or not authorities_to_notify(ground):
        raise GroundInvalid(_("The law wants no authority told of this."))
    if line.authority_notified_on is not None:
        raise GroundInvalid(_("It is written down already."))
    if not case.received_on <= on <= local_date(timezone.now()):
        raise GroundInvalid(_("Enter the day on which the authority was told: not before the request, nor ahead."))
    line.authority_notified_on, line.authority_notified_by = on, officer
    line.save(update_fields=["authority_notified_on", "authority_notified_by"])
    record(
        action="subject_request.authority_notified", actor=Actor.officer(officer), target=case,
        data={"ground": line.ground, "on": str(on)},
    )  # fmt: skip
    return line


def _go_on(case: SubjectRequest, lines: Sequence[CategoryDecision], officer: Officer, now: datetime) -> SubjectRequest:
    """Carry out what was granted."""
    actor, traits = Actor.officer(officer), traits_of(case.kind)
    refuses = any(line.decision not in WITHOUT_GROUND for line in lines)
    partly = any(line.decision not in WITHOUT_GROUND and _is_told(line) for line in lines)
    decided = {
        "decided_by": officer,
        "decided_at": now,
        "outcome": Outcome.PARTIAL if partly else Outcome.GRANTED,
        "problem": "",
    }
    action = "granted_in_part" if partly else "granted"
    data = {"plan": case.plan_hash} | _facts(lines)
    if traits.two_officers and refuses:
        return begin_narrowing(case=case, actor=actor, action=action, data=data, **decided)
    to = RequestState.AWAITING_APPROVAL if traits.two_officers else RequestState.EXECUTING
    move(case=case, to=to, action=action, actor=actor, data=data, **decided)
    if not traits.two_officers:
        start_answer(case, actor)
    return case


def _close(case: SubjectRequest, lines: Sequence[CategoryDecision], officer: Officer, now: datetime) -> SubjectRequest:
    """Nothing is granted: the case ends with a letter."""
    actor, words = Actor.officer(officer), told(lines, language=case.language)
    ground = next(line.ground for line in lines if _is_told(line))
    move(
        case=case, to=RequestState.REFUSED, action="refused", actor=actor,
        data={"ground": ground} | _facts(lines),
        decided_by=officer, decided_at=now, outcome=Outcome.REFUSED, refusal_ground=ground,
        refusal_text=words.reasons, frozen_keys=None, problem="",
    )  # fmt: skip
    unlock_after_recourse(case=case, decided_on=local_date(now))
    write_case_letter(kind="refused", case=case, actor=actor, **refused(case, lines))
    return case


def _keep(
    case: SubjectRequest,
    given: Sequence[LineDecision],
    found: Mapping[LineKey, FoundLine],
    officer: Officer,
    now: datetime,
) -> list[CategoryDecision]:
    """Store the lines in place of those of an earlier decision."""
    CategoryDecision.objects.filter(case=case).delete()
    return CategoryDecision.objects.bulk_create(
        as_row(case, line, found.get(line.key), officer=officer, now=now) for line in given
    )


def _facts(lines: Sequence[CategoryDecision]) -> dict[str, Any]:
    """For the ledger, which officers read."""
    if not lines:
        return {}
    count = {verdict.value: sum(line.decision == verdict for line in lines) for verdict in Verdict}
    return {"lines": count, "grounds": sorted({line.ground for line in lines if line.ground})}


def _is_told(line: CategoryDecision) -> bool:
    return may_be_told(line.ground)


def _granted(line: FoundLine) -> LineDecision:
    return LineDecision(line.category, Verdict.GRANT, line.source_id, line.dataset_key)


def _with_reasons(line: LineDecision, reasons: str) -> LineDecision:
    return line if not line.is_refusal or line.reasons.strip() else replace(line, reasons=reasons)
