"""Answering in words: a question, a complaint, an automated decision that a person looked at again.

Danger: an answer that is on record and never reached the person, or reached them twice; a machine's decision confirmed
by nobody, or by whoever had part in it (GDPR art. 22(3); Quebec, s. 12.1).
Rule: the answer, its letter, and the end of the case are one act. Who answers a complaint had no part in what it is
about (`requests.conflicts`); who reconsiders says so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.complaint_clock import acknowledged_on
from requests.enums import EscalationLevel, Outcome, RequestState
from requests.enums import RequestKind as K
from requests.errors import AnswerInvalid
from requests.letters import composed_case_letter, write_case_letter
from requests.models import CaseAnswer, Escalation, SubjectRequest
from requests.services.locks import unlock_after_recourse
from requests.services.moves import check_may_handle, expect, locked, move

LONGEST_ANSWER = 10_000
OUTCOMES: dict[K, tuple[Outcome, ...]] = {
    K.QUESTION: (Outcome.ANSWERED,),
    K.RECONSIDERATION: (Outcome.ANSWERED,),
    K.COMPLAINT: (Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.NOT_UPHELD),
}
_LETTERS = {K.QUESTION: "question_answered", K.RECONSIDERATION: "reconsidered", K.COMPLAINT: "complaint_outcome"}


@dataclass(frozen=True, kw_only=True)
class AnswerGiven:
    """What an officer answers.

    text: the answer, the findings, or the reasons, as the person reads them.
    measures: ids of the measures of this complaint that the person is told.
    decision: which decision a reconsideration is about, where the person did not say it in words that can stand.
    is_changed, new_decision: what became of that decision, and what it is now.
    took_no_part: the officer had no part in that decision.
    told_otherwise: there is no e-mail address, and the person was told on paper or by telephone.
    """

    outcome: Outcome
    text: str
    measures: Collection[int] = ()
    decision: str = ""
    is_changed: bool | None = None
    new_decision: str = ""
    took_no_part: bool = False
    told_otherwise: bool = False


@transaction.atomic
def answer_case(*, case: SubjectRequest, officer: Officer, given: AnswerGiven) -> SubjectRequest:
    """Answer a case that is answered in words, write to the person, and close it.

    Raises:
        NotAllowed: the case is not this officer's.
        ConflictOfInterest: the officer handled the case that this one complains of.
        WrongState: there is nothing to answer, or a colleague has answered already.
        AnswerInvalid: something is missing; the message says what.
    """
    case = locked(case)
    if case.about_case_id:  # whoever acts on that case at this moment is waited for, and then counts
        SubjectRequest.objects.select_for_update().filter(pk=case.about_case_id).first()
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    _check(case, given)
    actor, now = Actor.officer(officer), timezone.now()
    CaseAnswer.objects.create(
        case=case, text=given.text.strip(), is_changed=given.is_changed,
        new_decision=given.new_decision.strip() or None,
    )  # fmt: skip
    letter = write_case_letter(kind=letter_kind_of(case), case=case, actor=actor, **letter_particulars(case, given))
    if letter is None and not given.told_otherwise:
        raise AnswerInvalid(
            _("There is no e-mail address of the person. Tell them on paper or by telephone, then say that you did.")
        )
    move(
        case=case, to=RequestState.COMPLETED, action="answered", actor=actor, data=_facts(given, letter),
        decided_by=officer, decided_at=now, outcome=given.outcome, frozen_keys=None, problem="",
    )  # fmt: skip
    if not is_with_authority(case):
        unlock_after_recourse(case=case, decided_on=local_date(now))
    return case


def preview_answer(*, case: SubjectRequest, given: AnswerGiven) -> Letter:
    """The letter that an answer becomes; nothing is kept.

    Raises:
        AnswerInvalid: something is missing; the message says what.
    """
    _check(case, given)
    return composed_case_letter(kind=letter_kind_of(case), case=case, **letter_particulars(case, given))


def letter_kind_of(case: SubjectRequest) -> str:
    return _LETTERS[K(case.kind)]


def letter_particulars(case: SubjectRequest, given: AnswerGiven) -> dict[str, Any]:
    """What the letter of an answer says besides what every letter of a case does."""
    text = given.text.strip()
    if case.kind == K.QUESTION:
        return {"answer": text}
    if case.kind == K.RECONSIDERATION:
        return {
            "decision": decision_asked_about(case) or given.decision.strip(),
            "is_changed": bool(given.is_changed),
            "new_decision": given.new_decision.strip(),
            "reasons": text,
        }
    measures = case.measures.filter(pk__in=given.measures)
    return {
        "outcome": given.outcome.value,
        "findings": text,
        "measures": [measure.text for measure in measures],
        "about_reference": about_reference(case),
    }


def decision_asked_about(case: SubjectRequest) -> str:
    """Which decision the person wants a human to look at, in their words; empty when they did not say."""
    return str((case.particulars or {}).get("decision") or "").strip()


def about_reference(case: SubjectRequest) -> str:
    """The reference of the case complained of; empty without one."""
    if case.about_case_id is None:
        return ""
    return SubjectRequest.objects.filter(pk=case.about_case_id).values_list("reference", flat=True).first() or ""


def is_with_authority(case: SubjectRequest) -> bool:
    """Whether an authority has been given the case: its recourse is not over when our own periods are."""
    return Escalation.objects.filter(case=case, level=EscalationLevel.AUTHORITY).exists()


def _check(case: SubjectRequest, given: AnswerGiven) -> None:
    if given.outcome not in OUTCOMES.get(K(case.kind), ()):
        raise AnswerInvalid(_("Choose one of the outcomes that this kind of case can have."))
    if not given.text.strip() or len(given.text) > LONGEST_ANSWER:
        raise AnswerInvalid(_("Write the answer, in %(n)d characters at most.") % {"n": LONGEST_ANSWER})
    if case.kind == K.RECONSIDERATION:
        _check_reconsideration(case, given)
    elif given.is_changed is not None or given.new_decision.strip():
        raise AnswerInvalid(_("Only a reconsideration changes a decision."))
    if case.kind == K.COMPLAINT and acknowledged_on(case) is None:
        raise AnswerInvalid(_("Acknowledge the complaint first: the person was never told that it reached us."))
    known = set(case.measures.values_list("pk", flat=True))
    if not known >= set(given.measures):
        raise AnswerInvalid(_("One of the measures is not of this complaint. Reload the page."))


def _check_reconsideration(case: SubjectRequest, given: AnswerGiven) -> None:
    if not given.took_no_part:
        raise AnswerInvalid(_("Somebody who had no part in the decision has to look at it. Ask a colleague."))
    if not (decision_asked_about(case) or given.decision.strip()):
        raise AnswerInvalid(_("Say which decision it is about: the person did not."))
    if given.is_changed is None:
        raise AnswerInvalid(_("Say whether the decision is changed."))
    if bool(given.new_decision.strip()) != given.is_changed:
        raise AnswerInvalid(_("Write the new decision when it is changed, and none when it stays."))


def _facts(given: AnswerGiven, letter: Letter | None) -> dict[str, Any]:
    """For the ledger: codes and counts."""
    facts: dict[str, Any] = {"outcome": given.outcome.value, "letter": str(letter.pk) if letter else ""}
    if given.measures:
        facts["measures"] = len(set(given.measures))
    if given.is_changed is not None:
        facts |= {"is_changed": given.is_changed, "took_no_part": given.took_no_part}
    return facts
