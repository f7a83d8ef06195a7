"""The form of a new case, and the pages on which it is settled who asks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.letters.models import Letter, LetterState
from privacy.register.selectors import local_date
from requests.enums import IdentityLevel, RequestState
from requests.models import Representation, SubjectRequest
from tests.requests.conftest import confirmed, letter_kinds

QUEUE = "/officer/requests/subjectrequest/"
ENTER = f"{QUEUE}enter/"


def given(**changed):
    stated = {
        "kind": "access", "channel": "phone", "received_on": str(local_date(timezone.now())), "received_reason": "",
        "identifier_kind": "phone", "identifier": "+233 56 032 0128", "name": "Ama Mensah", "details": "A copy.",
        "residence": "", "language": "en", "about": "", "representative_name": "", "representative_email": "",
        "representative_authority": "",
    }  # fmt: skip
    return stated | changed


def page_of(case) -> str:
    return f"{QUEUE}{case.pk}/change/"


def test_a_call_is_entered_from_the_queue_and_its_letter_printed_and_posted(officer_client):
    assert ENTER in officer_client.get(QUEUE).content.decode()
    assert officer_client.get(ENTER).status_code == 200
    answer = officer_client.post(ENTER, given())
    case = SubjectRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(case))
    page = officer_client.get(page_of(case)).content.decode()
    letter = Letter.objects.get(case_id=case.pk)
    assert "No e-mail address: send by post" in page
    assert officer_client.get(f"/officer/letters/letter/{letter.pk}/pdf/")["Content-Type"] == "application/pdf"
    officer_client.post(f"{QUEUE}{case.pk}/posted/{letter.pk}/")
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    assert "No e-mail address: send by post" not in officer_client.get(page_of(case)).content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"received_on": str(timezone.now().date() + timedelta(days=2))}, "This day is yet to come."),
        ({"received_on": str(timezone.now().date() - timedelta(days=2))}, "Say why it is entered only now"),
        ({"identifier": "12"}, "Enter a phone number with its country code"),
        ({"representative_name": "Kofi"}, "Choose by what right"),
        ({"channel": "portal"}, "Choose one of the list."),
        ({"residence": "here"}, "Write the code of the country, two letters like GH for Ghana"),
        ({"residence": "Ghana, in Accra"}, "Write the code of the country, two letters like GH for Ghana"),
        ({"kind": "complaint", "about": "PR-AAAA-AAAA"}, "This person has no case of this reference."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(officer_client, changed, words):
    page = officer_client.post(ENTER, given(**changed))
    assert (page.status_code, words in page.content.decode(), "Ama Mensah" in page.content.decode()) == (
        200, True, True,
    )  # fmt: skip
    assert SubjectRequest.objects.count() == 0


def test_only_who_handles_all_cases_is_offered_the_form(make_officer, sign_in):
    for role in ("case_handler", "auditor"):
        client = sign_in(make_officer(role))
        assert ENTER not in client.get(QUEUE).content.decode()
        assert (client.get(ENTER).status_code, client.post(ENTER, given()).status_code) == (403, 403)
    assert SubjectRequest.objects.count() == 0


def test_a_minors_erasure_entered_for_a_parent_is_flagged_and_waits_for_the_authority(officer_client):
    officer_client.post(
        ENTER,
        given(kind="erasure", is_minor="on", representative_name="Efua", representative_authority="guardian"),
    )
    case = SubjectRequest.objects.get()
    assert "minor: urgent" in officer_client.get(QUEUE).content.decode()
    tab = officer_client.get(f"{page_of(case)}?tab=identity").content.decode()
    assert ("Efua" in tab, "not seen yet" in tab) == (True, True)
    officer_client.post(f"{QUEUE}{case.pk}/confirm-identity/")
    case.refresh_from_db()
    assert case.state == RequestState.RECEIVED
    officer_client.post(f"{QUEUE}{case.pk}/accept-authority/", {"evidence": "Birth certificate.", "valid_until": ""})
    assert Representation.objects.get().evidence == "Birth certificate."
    officer_client.post(f"{QUEUE}{case.pk}/document-seen/")
    case.refresh_from_db()
    assert (case.state, case.identity_level) == (RequestState.PLANNING, IdentityLevel.DOCUMENT)


def test_the_person_is_asked_who_they_are_from_the_page_of_the_case(officer_client):
    case = confirmed(kind="access")
    path = f"{QUEUE}{case.pk}/ask-identity/"
    assert "What is accepted" in officer_client.get(path).content.decode()
    officer_client.post(path, {"ways": "Your customer number\nA call"})
    assert letter_kinds(case)[-1] == "identity_needed"
    assert "To be shown by" in officer_client.get(f"{page_of(case)}?tab=identity").content.decode()


def test_a_duplicate_is_seen_and_joined_and_spam_closed(officer_client):
    first, second = confirmed(kind="access"), confirmed(kind="access")
    page = officer_client.get(page_of(second)).content.decode()
    assert (first.reference in page, "same request?" in page) == (True, True)
    officer_client.post(f"{QUEUE}{second.pk}/join/", {"into": str(first.pk)})
    officer_client.post(f"{QUEUE}{first.pk}/close-as-spam/", {"reason": "Nonsense."})
    for case in (first, second):
        case.refresh_from_db()
        assert officer_client.get(page_of(case)).status_code == 200
    assert (first.state, second.state) == (RequestState.SPAM, RequestState.JOINED)


def test_a_page_takes_as_many_queries_with_many_other_cases_as_with_two(officer_client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    case = confirmed(kind="access")
    confirmed(kind="erasure")
    confirmed(kind="access", email="b@example.com")
    officer_client.get(page_of(case))

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            officer_client.get(page_of(case))
        return len(seen)

    few = queries()
    for number in range(3):
        confirmed(kind="erasure")
        confirmed(kind="access", email=f"c{number}@example.com")
    assert queries() == few


def test_a_person_known_by_phone_is_recognised_in_the_queue_and_their_posted_letters_in_the_case(officer_client):
    officer_client.post(ENTER, given())
    case = SubjectRequest.objects.get()
    listed = officer_client.get(QUEUE).content.decode()
    assert ("•••••128" in listed, "233560320128" in listed) == (True, False)
    letters = officer_client.get(f"{page_of(case)}?tab=letters")
    assert (letters.status_code, "To be printed and posted" in letters.content.decode()) == (200, True)
    assert "by post" in officer_client.get("/officer/letters/letter/").content.decode()
