from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.law.enums import Cause
from privacy.law.events import WaitBegan
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.selectors import local_date
from requests import services
from requests.case_files.selectors import open_asks
from requests.enums import IdentityLevel, RequestState
from requests.errors import AuthorityNotChecked, RequestInvalid, WrongState
from requests.models import Representation, SubjectRequest
from requests.selectors import next_step
from requests.services.asking_back import ask_for_clarification
from requests.services.clock_events import add_clock_event
from requests.services.moves import locked, move
from requests.services.tracking import resolve_tracking_enquiry
from tests.requests.conftest import AMA, confirmed, letter_kinds, letter_of, submit, token_in
from tests.secrecy import check_readable_nowhere

KOFI = "kofi.lawyer@example.com"
LAWYER = {"name": "Kofi Lawyer", "email": KOFI, "authority": "lawyer"}


def represented(**more) -> SubjectRequest:
    case = submit(**{"kind": "access", "representative": LAWYER} | more)
    return services.confirm_request(token=token_in(letter_of(case, "confirm")))


def again(case) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=case.pk)


def today():
    return local_date(timezone.now())


def test_who_asks_for_somebody_else_is_asked_for_evidence_and_the_person_is_not_written_to(alpha):
    case = represented()
    assert (case.state, case.identity_level) == (RequestState.RECEIVED, IdentityLevel.NONE)
    assert case.subject.identifiers.get().value == AMA
    assert case.subject.identifiers.get().verified_at is None
    assert letter_kinds(case) == ["confirm", "authority_needed"]
    assert {letter.address for letter in Letter.objects.filter(case_id=case.pk)} == {KOFI}
    assert "Dear Kofi Lawyer," in letter_of(case, "authority_needed").body
    assert "Ama" not in letter_of(case, "authority_needed").body


def test_a_person_who_asks_themselves_gets_the_letters(alpha):
    case = confirmed(kind="access")
    assert letter_kinds(case) == ["confirm", "acknowledged"]
    assert {letter.address for letter in Letter.objects.filter(case_id=case.pk)} == {AMA}
    assert case.subject.identifiers.get().verified_at is not None


def test_nothing_is_confirmed_or_decided_before_the_authority_was_seen(alpha, officer):
    case = represented()
    with pytest.raises(AuthorityNotChecked):
        services.confirm_identity(case=case, officer=officer)
    SubjectRequest.objects.filter(pk=case.pk).update(state=RequestState.DECIDING)
    for to in (RequestState.EXECUTING, RequestState.COMPLETED, RequestState.REFUSED):
        with pytest.raises(AuthorityNotChecked):
            move(case=locked(case), to=to, action="tested", actor=SYSTEM, decided_at=timezone.now())
    services.accept_authority(case=case, officer=officer, evidence="Signed mandate of 3 May.")
    move(case=locked(case), to=RequestState.EXECUTING, action="tested", actor=SYSTEM, decided_at=timezone.now())


def test_with_authority_the_letters_go_to_the_representative(alpha, officer):
    case = represented()
    row = services.accept_authority(
        case=case, officer=officer, evidence="Signed mandate of 3 May.", valid_until=today() + timedelta(days=9)
    )
    assert (row.checked_by, row.evidence) == (officer, "Signed mandate of 3 May.")
    assert letter_of(case, "acknowledged").address == KOFI
    services.confirm_identity(case=case, officer=officer)
    assert again(case).state == RequestState.PLANNING
    entry = LedgerEntry.objects.get(action="subject_request.authority_accepted")
    assert entry.data == {"authority": "lawyer", "until": str(today() + timedelta(days=9))}
    check_readable_nowhere("Signed mandate of 3 May.", "Kofi Lawyer", KOFI)


def test_an_authority_that_has_ended_counts_no_more(alpha, officer):
    case = represented()
    with pytest.raises(RequestInvalid, match="has ended"):
        services.accept_authority(case=case, officer=officer, evidence="Old.", valid_until=today() - timedelta(days=1))
    services.accept_authority(case=case, officer=officer, evidence="Mandate.", valid_until=today())
    Representation.objects.update(valid_until=today() - timedelta(days=1))
    with pytest.raises(AuthorityNotChecked, match="has ended"):
        services.confirm_identity(case=case, officer=officer)
    services.accept_authority(case=case, officer=officer, evidence="New mandate.")
    services.confirm_identity(case=case, officer=officer)


def test_an_authority_that_is_not_shown_closes_the_case(alpha, officer):
    case = represented()
    services.reject_authority(case=case, officer=officer)
    assert again(case).state == RequestState.IDENTITY_REJECTED
    assert letter_of(case, "authority_rejected").address == KOFI
    assert case.subject.holds.filter(released_at__isnull=True).count() == 0
    with pytest.raises(WrongState):
        services.accept_authority(case=case, officer=officer, evidence="Too late.")
    with pytest.raises(RequestInvalid, match="Nobody asks for the person"):
        services.reject_authority(case=confirmed(kind="access"), officer=officer)


def _ended(officer, **more) -> SubjectRequest:
    """A case that is being decided on when the authority of who asks for the person ends."""
    case = represented(**more)
    services.accept_authority(case=case, officer=officer, evidence="Mandate.", valid_until=today())
    SubjectRequest.objects.filter(pk=case.pk).update(state=RequestState.DECIDING)
    with pytest.raises(WrongState):  # while it counts nobody closes the case for want of it
        services.reject_authority(case=case, officer=officer)
    with pytest.raises(RequestInvalid, match="was seen"):
        services.ask_for_authority(case=case, officer=officer)
    Representation.objects.filter(case=case).update(valid_until=today() - timedelta(days=1))
    return again(case)


def test_an_authority_that_ends_while_the_case_is_decided_is_asked_for_again_and_seen(alpha, officer):
    case = _ended(officer)
    with pytest.raises(AuthorityNotChecked, match="has ended"):
        ask_for_clarification(case=case, officer=officer, questions="Which years?")
    assert next_step(case, officer).code == "accept_authority"
    services.ask_for_authority(case=case, officer=officer)
    assert letter_of(case, "authority_needed").address == KOFI
    assert [ask.role for ask in open_asks(case)] == ["authority"]
    services.accept_authority(case=case, officer=officer, evidence="New mandate.")
    assert (next_step(case, officer).code, open_asks(case)) == ("decide", [])
    ask_for_clarification(case=case, officer=officer, questions="Which years?")
    assert letter_of(case, "clarification").address == KOFI


def test_an_authority_that_ended_and_is_not_shown_anew_closes_the_case(alpha, officer):
    case = _ended(officer)
    services.reject_authority(case=case, officer=officer)
    assert (again(case).state, letter_of(case, "authority_rejected").address) == (RequestState.IDENTITY_REJECTED, KOFI)


def test_nobody_is_turned_away_for_their_identity_while_the_case_is_decided(alpha, officer):
    case = confirmed(kind="access")
    SubjectRequest.objects.filter(pk=case.pk).update(state=RequestState.DECIDING)
    with pytest.raises(WrongState):
        services.reject_identity(case=case, officer=officer)
    SubjectRequest.objects.filter(pk=case.pk).update(state=RequestState.RECEIVED)
    services.reject_identity(case=case, officer=officer)


def test_a_complaint_by_a_representative_is_acknowledged_as_one(alpha, officer):
    case = represented(kind="complaint")
    services.accept_authority(case=case, officer=officer, evidence="Mandate.")
    assert letter_kinds(case) == ["confirm", "authority_needed", "complaint_acknowledged"]


def test_an_officer_adds_a_representative_who_turns_out_to_ask(alpha, officer):
    case = confirmed(kind="access")
    services.add_representation(case=case, officer=officer, **LAWYER)
    assert letter_of(case, "authority_needed").address == KOFI
    with pytest.raises(RequestInvalid, match="already"):
        services.add_representation(case=case, officer=officer, **LAWYER)
    with pytest.raises(AuthorityNotChecked):
        services.confirm_identity(case=case, officer=officer)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "representative_name"),
        ({"name": "x" * 151}, "representative_name"),
        ({"email": "nobody"}, "representative_email"),
        ({"email": ""}, "representative_email"),
        ({"authority": "king"}, "representative_authority"),
    ],
)
def test_what_cannot_be_used_of_a_representative_is_said(alpha, changed, field):
    with pytest.raises(RequestInvalid) as refused:
        submit(kind="access", representative=LAWYER | changed)
    assert refused.value.field == field
    assert SubjectRequest.objects.count() == 0


def test_a_new_link_goes_to_the_representative_who_asks_for_it_and_to_nobody_else(alpha):
    case = represented()
    for email in (AMA, "other@example.com"):
        resolve_tracking_enquiry({"reference": case.reference, "email": email})
    assert "tracking" not in letter_kinds(case)
    resolve_tracking_enquiry({"reference": case.reference, "email": KOFI})
    assert letter_of(case, "tracking").address == KOFI


def test_a_question_asked_by_somebody_else_waits_for_their_authority_too(alpha):
    case = submit(kind="access", representative=LAWYER)
    SubjectRequest.objects.filter(pk=case.pk).update(kind="question")
    case = services.confirm_request(token=token_in(letter_of(case, "confirm")))
    assert case.state == RequestState.RECEIVED


def test_the_erasure_of_a_minors_data_is_worked_on_today(alpha, officer):
    case = confirmed(kind="erasure", is_minor=True)
    assert case.target_on == today()
    assert confirmed(kind="erasure", email="b@example.com").target_on > today()
    assert confirmed(kind="access", email="c@example.com", is_minor=True).target_on > today()
    case = add_clock_event(case=locked(case), event=WaitBegan(today(), Cause.CLARIFICATION, frozenset()), actor=SYSTEM)
    assert case.target_on == today()


def test_the_case_complained_of_is_one_of_the_same_person_or_left_out(alpha):
    mine = confirmed(kind="access")
    foreign = confirmed(kind="access", email="b@example.com")
    assert submit(about_reference=mine.reference.lower()).about_case_id == mine.pk
    assert submit(about_reference=foreign.reference).about_case_id is None
    assert submit(about_reference="rubbish").about_case_id is None


def test_what_was_said_beside_is_kept(alpha):
    case = submit(particulars={"period": "2025"}, residence="CA-BC")
    case = again(case)
    assert (case.particulars, case.residence) == ({"period": "2025"}, "CA-BC")
