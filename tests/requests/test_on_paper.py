"""People without an e-mail address: what they are asked comes by post, and their answers are written down for them."""

import pytest

from privacy.ledger.models import LedgerEntry
from privacy.letters.models import LetterState
from privacy.officers.models import Role
from privacy.register.models import OrganisationProfile
from requests.case_files.asking import ask_for_file
from requests.enums import RequestState
from requests.errors import FeeRefused, NotAllowed, QuestionRefused
from requests.letter_kinds.slips import BOX
from requests.models import CaseFileRole, FeeState, SubjectRequest
from requests.services import enter_case
from requests.services.asking_back import ask_for_clarification
from requests.services.on_paper import record_fee_answer, record_reply
from tests.requests.conftest import letter_of
from tests.requests.test_fees import estimate
from tests.requests.test_staff_intake import entry


@pytest.fixture
def case(alpha, officer) -> SubjectRequest:
    """A request for access that came by letter, from somebody of whom only a phone number is known."""
    OrganisationProfile.objects.update(
        laws=["CA-AB"], country="CA", promise_days=None, time_zone="UTC", officer_phone="+1 403 555 0100"
    )
    return enter_case(entry=entry(identifier_kind="phone", identifier="+233560320128"), officer=officer)


def asked(case) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=case.pk)


def test_an_estimate_goes_by_post_with_a_slip_and_the_clock_stands(case, officer):
    estimate(case, officer)
    letter = letter_of(case, "fee_estimate")
    assert (letter.state, asked(case).waiting_for) == (LetterState.BY_POST, "fee")
    for words in (
        "Reply slip",
        f"{BOX} Yes, go on.",
        f"{BOX} No, do not go on.",
        "Date and signature:",
        "+1 403 555 0100",
    ):
        assert words in letter.body
    for words in ("[[link]]", "on this page", "works for 30 days", "came by post and has no link"):
        assert words not in letter.body


@pytest.mark.parametrize(
    ("answer", "state", "waiting"),
    [
        (FeeState.ACCEPTED, RequestState.RECEIVED, ""),
        (FeeState.CHANGED, RequestState.RECEIVED, ""),
        (FeeState.DECLINED, RequestState.WITHDRAWN, "fee"),
    ],
)
def test_the_officer_writes_down_what_was_said_about_the_fee(case, officer, answer, state, waiting):
    found = estimate(case, officer)
    record_fee_answer(
        case=case, officer=officer, estimate_id=found.pk, answer=answer, details="Only the letters of 2024."
    )
    found.refresh_from_db()
    assert (found.answer, asked(case).state, asked(case).waiting_for) == (answer, state, waiting)
    assert ("Only the letters of 2024." in asked(case).details) == (answer == FeeState.CHANGED)
    written = LedgerEntry.objects.get(action=f"subject_request.fee_{answer.value}")
    assert (written.actor_kind, written.actor_id) == ("officer", str(officer.pk))
    with pytest.raises(FeeRefused):
        record_fee_answer(case=case, officer=officer, estimate_id=found.pk, answer=FeeState.ACCEPTED)


def test_a_question_goes_by_post_and_the_reply_is_written_down(case, officer):
    ask_for_clarification(case=case, officer=officer, questions="Which years?")
    letter = letter_of(case, "clarification")
    assert (letter.state, asked(case).waiting_for) == (LetterState.BY_POST, "clarification")
    assert "Which years?" in letter.body
    assert "Answer by post to our address, with our reference, or call us: +1 403 555 0100." in letter.body
    assert "on the page of your request" not in letter.body
    with pytest.raises(QuestionRefused):
        record_reply(case=case, officer=officer, text=" ")
    record_reply(case=case, officer=officer, text="2023 and 2024.")
    assert (asked(case).waiting_for, asked(case).details.endswith("2023 and 2024.")) == ("", True)


def test_a_document_is_asked_for_by_post(case, officer):
    ask_for_file(case=case, officer=officer, role=CaseFileRole.EVIDENCE, words="A letter with your new address.")
    letter = letter_of(case, "file_asked")
    assert letter.state == LetterState.BY_POST
    assert "Send us a copy of it, never the original, by post" in letter.body
    assert "on the page of your request" not in letter.body


def test_the_letter_is_in_the_persons_language(case, officer):
    SubjectRequest.objects.filter(pk=case.pk).update(language="fr")
    estimate(asked(case), officer)
    body = letter_of(case, "fee_estimate").body
    assert ("Coupon-réponse" in body, "sur cette page" in body) == (True, False)


def test_nobody_writes_down_an_answer_to_a_case_that_is_not_theirs(case, officer, make_officer):
    found = estimate(case, officer)
    stranger = make_officer(Role.AUDITOR)
    with pytest.raises(NotAllowed):
        record_fee_answer(case=case, officer=stranger, estimate_id=found.pk, answer=FeeState.ACCEPTED)
    with pytest.raises(NotAllowed):
        record_reply(case=case, officer=stranger, text="Yes.")
    assert asked(case).waiting_for == "fee"
