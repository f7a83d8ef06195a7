"""Questions, complaints and automated decisions are answered in words: letter, record and end of the case are one."""

from dataclasses import replace

import pytest

from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import OrganisationProfile
from requests import services
from requests.enums import Outcome, RequestKind
from requests.enums import RequestState as S
from requests.errors import AnswerInvalid, NotAllowed, WrongState
from requests.models import CaseAnswer, SubjectRequest
from requests.selectors import public_status, public_steps
from requests.services import answering
from requests.services.answering import OUTCOMES, answer_case, preview_answer
from requests.services.complaints import record_measure
from requests.traits import TRAITS, Answer
from retention.models import Hold
from tests.requests.conftest import letter_kinds, letter_of, run_jobs
from tests.requests.in_words import GIVEN, begun, to_be_answered

KINDS = sorted(GIVEN)


def test_every_kind_that_is_answered_in_words_has_its_outcomes():
    assert set(OUTCOMES) == {kind for kind, traits in TRAITS.items() if traits.answer is Answer.WORDS}


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_closes_the_case_with_its_letter_and_its_record(officer, kind):
    case = to_be_answered(kind, officer)
    answered = answer_case(case=case, officer=officer, given=GIVEN[kind])
    assert (answered.state, answered.outcome, answered.decided_by) == (S.COMPLETED, GIVEN[kind].outcome, officer)
    assert CaseAnswer.objects.get(case=case).text == GIVEN[kind].text
    letter = letter_of(case, answering.letter_kind_of(case))
    assert GIVEN[kind].text in letter.body
    entry = LedgerEntry.objects.get(action="subject_request.answered")
    assert (entry.actor_id, entry.data["outcome"], entry.data["letter"]) == (
        str(officer.pk), GIVEN[kind].outcome, str(letter.pk),
    )  # fmt: skip
    assert GIVEN[kind].text not in str(entry.data)


def test_a_question_goes_straight_to_the_answer_and_locks_the_data_until_then(alpha):
    case = begun("question")
    assert (case.state, letter_kinds(case), Hold.objects.count()) == (S.DECIDING, ["acknowledged"], 1)
    assert public_status(case) == "Received. We are looking into your question."


def test_a_reconsideration_waits_for_the_identity_first(officer):
    case = begun("reconsideration")
    assert case.state == S.RECEIVED
    with pytest.raises(WrongState):
        answer_case(case=case, officer=officer, given=GIVEN["reconsideration"])
    assert to_be_answered("reconsideration", officer).state == S.DECIDING


def test_the_person_is_told_of_no_search_where_none_is_made(officer):
    case = to_be_answered("reconsideration", officer)
    assert "We made sure that it is you." in [str(step.words) for step in public_steps(case)]
    assert public_status(case) == "We are working on it: a person is looking at the decision."


def test_the_letter_of_a_reconsideration_says_the_decision_the_new_one_and_the_reasons(officer):
    case = to_be_answered("reconsideration", officer)
    answer_case(case=case, officer=officer, given=GIVEN["reconsideration"])
    body = letter_of(case, "reconsidered").body
    for words in ("No payment by instalments, 12 February 2026", "the decision is changed", "six instalments"):
        assert words in body
    kept = CaseAnswer.objects.get()
    assert (kept.is_changed, kept.new_decision) == (True, "You can pay in six instalments.")
    assert LedgerEntry.objects.get(action="subject_request.answered").data["took_no_part"] is True


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"took_no_part": False}, "no part in the decision"),
        ({"is_changed": None}, "whether the decision is changed"),
        ({"new_decision": ""}, "new decision when it is changed"),
        ({"is_changed": False}, "none when it stays"),
        ({"text": "  "}, "Write the answer"),
        ({"outcome": Outcome.UPHELD}, "Choose one of the outcomes"),
    ],
)
def test_a_reconsideration_that_lacks_something_is_refused_without_a_trace(officer, changes, message):
    case = to_be_answered("reconsideration", officer)
    with pytest.raises(AnswerInvalid, match=message):
        answer_case(case=case, officer=officer, given=replace(GIVEN["reconsideration"], **changes))
    case.refresh_from_db()
    assert (case.state, CaseAnswer.objects.count()) == (S.DECIDING, 0)
    assert "reconsidered" not in letter_kinds(case)


def test_where_the_person_did_not_say_which_decision_the_officer_does(officer):
    case = to_be_answered("reconsideration", officer, particulars={})
    with pytest.raises(AnswerInvalid, match="which decision"):
        answer_case(case=case, officer=officer, given=GIVEN["reconsideration"])
    answer_case(case=case, officer=officer, given=replace(GIVEN["reconsideration"], decision="The limit of 3 May"))
    assert "The limit of 3 May" in letter_of(case, "reconsidered").body


@pytest.mark.parametrize("outcome", OUTCOMES[RequestKind.COMPLAINT])
def test_a_complaint_is_upheld_in_part_or_not_with_findings_and_the_chosen_measures(officer, outcome):
    case = begun("complaint")
    told = record_measure(case=case, officer=officer, text="A second officer stands in during holidays.")
    record_measure(case=case, officer=officer, text="An internal matter.")
    answer_case(case=case, officer=officer, given=replace(GIVEN["complaint"], outcome=outcome, measures=[told.pk]))
    body = letter_of(case, "complaint_outcome").body
    assert "- A second officer stands in during holidays." in body
    assert "An internal matter." not in body
    case.refresh_from_db()
    assert (case.outcome, public_status(case).startswith("Answered: ")) == (outcome, True)
    assert [str(step.words) for step in public_steps(case)][-1] == "We answered, and wrote to you."


def test_a_measure_of_another_complaint_is_not_told(officer):
    other = record_measure(case=begun("complaint"), officer=officer, text="Of another one.")
    case = begun("complaint")
    with pytest.raises(AnswerInvalid, match="not of this complaint"):
        answer_case(case=case, officer=officer, given=replace(GIVEN["complaint"], measures=[other.pk]))


def test_the_data_is_unlocked_when_the_recourse_of_the_answer_is_over(officer):
    OrganisationProfile.objects.update(laws=["CA-FED"], country="CA")
    case = begun("complaint")
    assert Hold.objects.filter(case_id=case.pk, released_at__isnull=True).count() == 1
    answer_case(case=case, officer=officer, given=GIVEN["complaint"])
    assert Hold.objects.filter(case_id=case.pk, released_at__isnull=True).count() == 1
    assert run_jobs("requests.end_recourse") == 1
    assert Hold.objects.filter(case_id=case.pk, released_at__isnull=True).count() == 0


def test_an_answer_is_shown_before_it_is_sent_and_nothing_is_kept(officer):
    case = to_be_answered("question", officer)
    before = Letter.objects.count()
    shown = preview_answer(case=case, given=GIVEN["question"])
    assert "We keep call notes for one year." in shown.body
    assert (Letter.objects.count(), CaseAnswer.objects.count()) == (before, 0)
    answer_case(case=case, officer=officer, given=GIVEN["question"])
    assert letter_of(case, "question_answered").heading == shown.heading


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_neither_granted_nor_refused(officer, kind):
    case = to_be_answered(kind, officer)
    acts = [
        lambda: services.grant(case=case, officer=officer, plan_hash=""),
        lambda: services.refuse(case=case, officer=officer, ground="GH.retention_required", text="No."),
    ]
    for act in acts:
        with pytest.raises(AnswerInvalid, match="answered in words"):
            act()
    case.refresh_from_db()
    assert case.state == S.DECIDING


def test_what_is_not_answered_in_words_has_no_answer(officer):
    case = begun("access")
    SubjectRequest.objects.filter(pk=case.pk).update(state=S.DECIDING)
    with pytest.raises(AnswerInvalid, match="Choose one of the outcomes"):
        answer_case(case=case, officer=officer, given=GIVEN["question"])


def test_without_an_address_the_officer_says_that_the_person_was_told(officer):
    case = begun("question")
    case.subject.identifiers.all().delete()
    with pytest.raises(AnswerInvalid, match="on paper or by telephone"):
        answer_case(case=case, officer=officer, given=GIVEN["question"])
    assert CaseAnswer.objects.count() == 0
    answered = answer_case(case=case, officer=officer, given=replace(GIVEN["question"], told_otherwise=True))
    assert answered.state == S.COMPLETED


def test_a_case_of_a_colleague_is_not_answered(officer, make_officer):
    case = begun("question")
    with pytest.raises(NotAllowed):
        answer_case(case=case, officer=make_officer("case_handler"), given=GIVEN["question"])
    services.assign(case=case, officer=officer, assignee=(handler := make_officer("case_handler")))
    assert answer_case(case=case, officer=handler, given=GIVEN["question"]).state == S.COMPLETED


@pytest.mark.parametrize(
    ("kind", "dies_at"),
    [*((kind, "move") for kind in KINDS), *((kind, "unlock_after_recourse") for kind in KINDS)],
)
def test_work_that_dies_between_the_letter_and_the_end_leaves_neither(officer, monkeypatch, kind, dies_at):
    case = to_be_answered(kind, officer)

    def die(**_given):
        assert letter_of(case, answering.letter_kind_of(case))  # the letter was written by then
        raise RuntimeError("killed")

    monkeypatch.setattr(answering, dies_at, die)
    with pytest.raises(RuntimeError, match="killed"):
        answer_case(case=case, officer=officer, given=GIVEN[kind])
    case.refresh_from_db()
    assert (case.state, case.outcome, CaseAnswer.objects.count()) == (S.DECIDING, "", 0)
    assert answering.letter_kind_of(case) not in letter_kinds(case)
    monkeypatch.undo()
    assert answer_case(case=case, officer=officer, given=GIVEN[kind]).state == S.COMPLETED
