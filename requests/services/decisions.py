"""Deciding a case: yes, or no with reasons."""

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from privacy.law.catalogue import grounds_for
from privacy.law.enums import KindOfRequest
from privacy.law.shapes import RefusalGround
from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.register.selectors import local_date, profile
from requests.enums import Outcome, RequestState
from requests.errors import AnswerInvalid, GroundInvalid, PlanChanged, PlanMissing
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.locks import unlock_after_recourse
from requests.services.moves import check_may_handle, expect, locked, move
from requests.services.starting import check_refused_whole, start_answer
from requests.traits import Answer, traits_of


@transaction.atomic
def grant(*, case: SubjectRequest, officer: Officer, plan_hash: str) -> SubjectRequest:
    """Say yes to the plan that was shown. An erasure then waits for a second officer; an access package is made.

    Args:
        plan_hash: of the plan that the officer saw.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide.
        PlanMissing: the data was not looked for.
        PlanChanged: the case has another plan by now.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    traits = traits_of(case.kind)
    _expect_no_words(case)
    if traits.looks_for_data:
        _check_plan(case, plan_hash)
    actor = Actor.officer(officer)
    move(
        case=case,
        to=RequestState.AWAITING_APPROVAL if traits.two_officers else RequestState.EXECUTING,
        action="granted",
        actor=actor,
        data={"plan": case.plan_hash},
        decided_by=officer,
        decided_at=timezone.now(),
        outcome=Outcome.GRANTED,
        problem="",
    )
    if not traits.two_officers:
        start_answer(case, actor)
    return case


def _expect_no_words(case: SubjectRequest) -> None:
    """A complaint that is not right, or a question without a good answer, is answered and not refused."""
    if traits_of(case.kind).answer is Answer.WORDS:
        raise AnswerInvalid(_("This case is answered in words: write the answer."))


def undecided() -> dict[str, Any]:
    """The fields of a case whose decision does not count any more."""
    return {"decided_by": None, "decided_at": None, "outcome": ""}


def _check_plan(case: SubjectRequest, plan_hash: str) -> None:
    if case.plan is None or not case.plan_hash:
        raise PlanMissing
    if plan_hash != case.plan_hash:
        raise PlanChanged


@transaction.atomic
def refuse(*, case: SubjectRequest, officer: Officer, ground: str, text: str) -> SubjectRequest:
    """Say no, in writing, with the ground in law, the reasons, and where the person can turn.

    Args:
        ground: code of one of `refusal_grounds(case)`.
        text: reasons in the officer's words, told to the person.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide.
        GroundInvalid: no such ground for this case, or no reasons given.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    _expect_no_words(case)
    check_refused_whole(case)
    chosen = next((one for one in refusal_grounds(case) if one.code == ground), None)
    if chosen is None:
        raise GroundInvalid(_("Choose one of the grounds that the law knows for this kind of request."))
    if not text.strip():
        raise GroundInvalid(_("Write down the reasons: the person is told them in the letter."))
    actor, now = Actor.officer(officer), timezone.now()
    move(
        case=case, to=RequestState.REFUSED, action="refused", actor=actor, data={"ground": ground},
        decided_by=officer, decided_at=now, outcome=Outcome.REFUSED, refusal_ground=ground, refusal_text=text.strip(),
        frozen_keys=None, problem="",
    )  # fmt: skip
    unlock_after_recourse(case=case, decided_on=local_date(now))
    with translation.override(case.language):
        words = translation.gettext(chosen.words)
    write_case_letter(
        kind="refused", case=case, actor=actor,
        ground_words=words, ground_section=translation.gettext(chosen.section), reasons=case.refusal_text,
    )  # fmt: skip
    return case


def refusal_grounds(case: SubjectRequest) -> list[RefusalGround]:
    """Grounds on which this case may be refused and of which the person may be told."""
    found = grounds_for(laws=profile().laws, kind=KindOfRequest(case.kind))
    return [ground for ground in found if ground.disclosable]
