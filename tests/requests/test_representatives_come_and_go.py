"""Somebody begins, or ceases, to act for the person while a case is worked on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.errors import AddresseeGone
from privacy.letters.models import Letter, LetterState
from privacy.letters.services import send_again, send_draft
from privacy.subjects.links import redeem
from privacy.subjects.models import LinkPurpose
from requests import services
from requests.addressees import addressee_of, representation_of
from requests.enums import RequestState
from requests.errors import AuthorityNotChecked, NotAllowed, RequestInvalid, WrongState
from requests.letters import write_case_letter
from requests.models import Representation, SubjectRequest
from requests.transitions import CLOSED
from tests.requests.conftest import AMA, confirmed, in_state, letter_of, token_in
from tests.requests.test_representing import KOFI, LAWYER, represented, today
from tests.secrecy import check_readable_nowhere

SEEN = LAWYER | {"evidence": "Signed mandate of 3 May."}


@pytest.mark.parametrize(
    "state",
    [
        RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING, RequestState.AWAITING_APPROVAL,
        RequestState.COOLING_OFF, RequestState.EXECUTING,
    ],
)  # fmt: skip
def test_until_the_case_is_closed_a_representative_is_recorded_and_ended(alpha, officer, state):
    ends = {"cooling_off_until": timezone.now()} if state == RequestState.COOLING_OFF else {}
    case = in_state(state, kind="access", decided_at=timezone.now(), decided_by=officer, **ends)
    assert addressee_of(case, "package_ready").email == AMA
    row = services.record_representation(case=case, officer=officer, valid_until=today() + timedelta(days=9), **SEEN)
    assert (row.checked_by, row.evidence, row.valid_until) == (
        officer, "Signed mandate of 3 May.", today() + timedelta(days=9),
    )  # fmt: skip
    letter = letter_of(case, "representative_recorded")
    assert (letter.address, letter.body.startswith("Dear Kofi Lawyer,")) == (KOFI, True)
    assert addressee_of(case, "package_ready").email == KOFI
    services.end_representation(case=case, officer=officer, reason="The mandate was revoked.")
    assert letter_of(case, "representative_ended").address == AMA
    assert addressee_of(case, "package_ready").email == AMA
    assert representation_of(case) is None
    assert [entry.action for entry in LedgerEntry.objects.filter(data__authority="lawyer").order_by("pk")] == [
        "subject_request.authority_accepted", "subject_request.representation_ended",
    ]  # fmt: skip
    check_readable_nowhere("Signed mandate of 3 May.", "The mandate was revoked.", "Kofi Lawyer", KOFI)


@pytest.mark.parametrize(
    "state",
    [
        RequestState.UNCONFIRMED, RequestState.COMPLETED, RequestState.WITHDRAWN, RequestState.IDENTITY_REJECTED,
        RequestState.LAPSED,
    ],
)  # fmt: skip
def test_in_a_case_that_is_closed_or_not_begun_nobody_comes_or_goes(alpha, officer, state):
    closed_at = timezone.now() if state in CLOSED else None
    case = in_state(state, kind="access", closed_at=closed_at, decided_at=timezone.now(), decided_by=officer)
    with pytest.raises(WrongState):
        services.record_representation(case=case, officer=officer, **SEEN)
    with pytest.raises(WrongState):
        services.end_representation(case=case, officer=officer, reason="Over.")
    assert Representation.objects.count() == 0


def test_the_links_of_a_representative_end_with_the_authority_and_the_persons_new_one_works(alpha, officer):
    case = represented()
    services.accept_authority(case=case, officer=officer, evidence="Mandate.")
    theirs = token_in(letter_of(case, "acknowledged"))
    assert redeem(token=theirs, purpose=LinkPurpose.TRACK) is not None
    services.end_representation(case=case, officer=officer, reason="Revoked.")
    assert redeem(token=theirs, purpose=LinkPurpose.TRACK) is None
    mine = token_in(letter_of(case, "representative_ended"))
    assert redeem(token=mine, purpose=LinkPurpose.TRACK).target_id == case.pk


def test_another_may_follow_but_no_two_act_at_once(alpha, officer):
    case = confirmed(kind="access")
    services.record_representation(case=case, officer=officer, **SEEN)
    with pytest.raises(RequestInvalid, match="already"):
        services.record_representation(case=case, officer=officer, **SEEN | {"name": "Esi Lawyer"})
    services.end_representation(case=case, officer=officer, reason="Revoked.")
    services.record_representation(case=case, officer=officer, **SEEN | {"name": "Esi Lawyer"})
    assert representation_of(case).name == "Esi Lawyer"
    assert Representation.objects.filter(case=case).count() == 2


def test_an_authority_that_nobody_saw_is_not_ended_into_a_request_of_the_person(alpha, officer):
    case = represented()
    with pytest.raises(RequestInvalid, match="Reject it instead"):
        services.end_representation(case=case, officer=officer, reason="They changed their mind.")
    with pytest.raises(AuthorityNotChecked):
        services.confirm_identity(case=case, officer=officer)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"evidence": " "}, "evidence"),
        ({"valid_until": timezone.now().date() - timedelta(days=2)}, "valid_until"),
        ({"name": ""}, "representative_name"),
    ],
)
def test_without_name_evidence_or_an_authority_that_counts_nobody_is_recorded(alpha, officer, changed, field):
    case = confirmed(kind="access")
    with pytest.raises(RequestInvalid) as refusal:
        services.record_representation(case=case, officer=officer, **SEEN | changed)
    assert (refusal.value.field, Representation.objects.count()) == (field, 0)
    services.record_representation(case=case, officer=officer, **SEEN)


def test_only_who_handles_the_case_records_and_ends(alpha, officer, make_officer):
    case, stranger = confirmed(kind="access"), make_officer("auditor")
    with pytest.raises(NotAllowed):
        services.record_representation(case=case, officer=stranger, **SEEN)
    services.record_representation(case=case, officer=officer, **SEEN)
    with pytest.raises(NotAllowed):
        services.end_representation(case=case, officer=stranger, reason="Over.")


def test_the_pages_record_and_end(alpha, officer, officer_client):
    case = in_state(RequestState.EXECUTING, kind="access", decided_at=timezone.now(), decided_by=officer)
    link = reverse("officer:requests_subjectrequest_record_representation", args=[case.pk])
    assert officer_client.post(link, SEEN | {"evidence": ""}).status_code == 200
    assert officer_client.post(link, SEEN).status_code == 302
    page = reverse("officer:requests_subjectrequest_change", args=[case.pk])
    assert "Nobody acts for the person any more" in officer_client.get(page).content.decode()
    link = reverse("officer:requests_subjectrequest_end_representation", args=[case.pk])
    assert officer_client.post(link, {"reason": "Revoked."}).status_code == 302
    assert representation_of(SubjectRequest.objects.get(pk=case.pk)) is None


@pytest.mark.parametrize("ends", ["ended", "ran out"])
def test_what_lies_written_to_a_representative_does_not_go_to_them_once_their_authority_is_over(alpha, officer, ends):
    case = in_state(RequestState.RECEIVED, kind="access")
    row = services.record_representation(case=case, officer=officer, valid_until=today(), **SEEN)
    letters = [
        write_case_letter(
            kind="clarification", case=case, actor=SYSTEM, link=LinkPurpose.TRACK, draft=True, questions="Which years?"
        )
        for _each in range(3)
    ]
    Letter.objects.filter(pk=letters[2].pk).update(state=LetterState.FAILED, failure="refused")
    assert [each.address for each in letters] == [KOFI] * 3
    assert send_draft(letter=letters[0], officer=officer).state == LetterState.QUEUED
    if ends == "ended":
        services.end_representation(case=case, officer=officer, reason="The mandate was revoked.")
    else:
        Representation.objects.filter(pk=row.pk).update(valid_until=today() - timedelta(days=1))
    with pytest.raises(AddresseeGone, match="no authority to act for the person any more"):
        send_draft(letter=letters[1], officer=officer)
    with pytest.raises(AddresseeGone):
        send_again(letter=letters[2], officer=officer)
    states = [Letter.objects.get(pk=each.pk).state for each in letters]
    assert states == [LetterState.QUEUED, LetterState.DRAFT, LetterState.FAILED]
    Representation.objects.filter(pk=row.pk).update(valid_until=None, ended_at=None, end_reason=None)
    assert send_draft(letter=letters[1], officer=officer).state == LetterState.QUEUED
