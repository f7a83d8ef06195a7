"""Deciding a rectification on the officers' site, and its cards."""

from uuid import uuid4

import pytest
from django.urls import reverse

from privacy.officers.models import Role
from requests.case_files.adding import send_evidence
from requests.models import Correction, RecipientNotice, SubjectRequest
from tests.officer.test_sent_twice import number_on
from tests.portal.conftest import text_of
from tests.requests import shops
from tests.requests.case_files.conftest import upload
from tests.requests.conftest import run_jobs
from tests.requests.disclosing import disclosed
from tests.requests.test_rectification import NAME, STREET, opened, place, small
from tests.secrecy import check_readable_nowhere

__all__ = ["small"]

REFUSED = {"verdict": "refuse", "ground": "ANY.data_is_correct", "reasons": "It says so."}


def address(case, page: str = "decide-corrections") -> str:
    return f"/officer/requests/subjectrequest/{case.pk}/{page}/"


def answers(case, **changes: str) -> dict[str, str]:
    """The form of the first change, filled in to correct the name."""
    given = {
        "verdict": "correct", "place": place(case, "full_name", NAME["old"]), "new": NAME["new"],
        "ground": "", "reasons": "", "category": "",
    } | changes  # fmt: skip
    return {"plan_hash": case.plan_hash} | {f"change-0-{name}": value for name, value in given.items()}


def noted(**typed: str) -> dict[str, str]:
    """What the button sends that notes a change."""
    return {"note": "", "what": "", "old": "", "new": ""} | typed


def test_an_officer_sees_what_the_sources_say_and_corrects_it(small, officer, officer_client):
    case = opened(officer, NAME)
    disclosed(case.subject, name="Printers", email="")
    text = text_of(officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/"))
    assert "Decide the changes" in text
    assert "it should say “Ama Owusu-Mensah”" in text
    assert officer_client.get(address(case, "decide")).url == address(case)
    page = text_of(officer_client.get(address(case)))
    token = place(case, "full_name", NAME["old"])
    assert f'<option value="{token}" selected>' in page  # the value that the person spoke of is chosen already
    assert officer_client.post(address(case), answers(case)).status_code == 302
    run_jobs("requests.correct")
    case.refresh_from_db()
    assert (case.state, small.rows_of(shops.AMA)["customer"][0][2]) == ("completed", NAME["new"])
    text = text_of(officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/"))
    for shown in ("Printers", "not told yet", "1 row"):
        assert shown in text
    timeline = text_of(officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/?tab=timeline"))
    assert "Value corrected in the source and read back" in timeline
    notice = RecipientNotice.objects.get()
    officer_client.post(address(case, "note-told"), {"notice": notice.pk, "how": "By telephone."})
    assert "By telephone." in text_of(officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/"))
    check_readable_nowhere("By telephone.")


def test_the_documents_that_are_to_show_who_is_right_stand_beside_the_changes(small, officer, officer_client):
    case = opened(officer, NAME)
    shown = "Add, ask for or redact files"
    assert shown not in text_of(officer_client.get(address(case)))
    file = send_evidence(case=case, upload=upload("certificate-of-birth.pdf"))
    page = text_of(officer_client.get(address(case)))
    assert shown in page
    assert f'<a href="{reverse("officer:case_file", args=[file.pk])}">' in page


def test_who_refuses_a_correction_is_asked_for_the_evidence(small, officer, officer_client):
    shown = text_of(officer_client.get(address(opened(officer, NAME))))
    assert "On the ground of Act 843 s. 33 the reasons name the evidence" in shown


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"new": "x" * 81}, "The field takes 80 characters at most."),
        ({"new": ""}, "Enter what the record is to say."),
        ({"verdict": "refuse"}, "Choose one of the grounds that the law knows."),
        ({"verdict": "refuse", "ground": "ANY.data_is_correct"}, "Write down the reasons"),
        (REFUSED | {"place": ""}, "Choose the kind of data that it is about"),
        ({"place": ""}, "Choose which value is to be replaced"),
    ],
)
def test_what_is_missing_is_said_beside_the_change_and_nothing_is_decided(
    small, officer, officer_client, changes, message
):
    case = opened(officer, NAME)
    assert message in text_of(officer_client.post(address(case), answers(case, **changes)))
    assert Correction.objects.count() == 0


def test_changes_that_are_decided_twice_from_one_page_are_told_as_decided(small, officer, officer_client):
    case = opened(officer, NAME)
    sent = answers(case) | {"page": number_on(officer_client.get(address(case)))}
    told = [text_of(officer_client.post(address(case), sent, follow=True)) for _time in "12"]
    assert ["You had sent this page already." in each for each in told] == [False, True]
    assert ["Not done" in each for each in told] == [False, False]
    assert Correction.objects.count() == 1


def test_an_officer_notes_a_change_that_the_person_put_in_words(small, officer, officer_client):
    case = opened(officer)
    assert "Note a change" in text_of(officer_client.get(address(case)))
    sent = noted(what="Street", old=STREET["old"], new=STREET["new"])
    assert "Change 1: Street" in text_of(officer_client.post(address(case), sent))
    assert "Change 1: Street" in text_of(officer_client.get(address(case)))


def test_noting_a_change_keeps_what_was_typed_about_the_others(small, officer, officer_client):
    case = opened(officer, NAME)
    typed = {"verdict": "refuse", "new": "Ama M.", "ground": "", "reasons": "The passport says so."}
    sent = answers(case, **typed) | noted(what="Street", new=STREET["new"])
    page = officer_client.post(address(case), sent)
    first, second = page.context["changes"]
    assert {name: first[name].value() for name in typed} == typed
    assert first["place"].value() == sent["change-0-place"]
    assert (first.errors, second["new"].value()) == ({}, STREET["new"])
    assert [page.context["note_form"][name].value() for name in ("what", "old", "new")] == [None] * 3
    assert "Noted. Decide on it below." in text_of(page)
    assert Correction.objects.count() == 0


def test_a_change_that_cannot_be_noted_is_shown_again_with_all_that_was_typed(small, officer, officer_client):
    case = opened(officer, NAME)
    sent = answers(case, verdict="refuse", reasons="The passport says so.") | noted(what="Street")
    page = officer_client.post(address(case), sent)
    (only,) = page.context["changes"]
    assert (page.context["note_form"]["what"].value(), only["reasons"].value()) == ("Street", "The passport says so.")
    assert set(page.context["note_form"].errors) == {"new"}


def test_a_change_that_was_typed_and_not_noted_keeps_the_page_from_being_decided(small, officer, officer_client):
    case = opened(officer, NAME)
    page = officer_client.post(address(case), answers(case) | {"what": "Street", "new": STREET["new"]})
    assert "This change is not noted yet." in text_of(page)
    assert page.context["note_form"]["what"].value() == "Street"
    assert Correction.objects.count() == 0
    assert officer_client.post(address(case), answers(case) | {"what": " ", "new": ""}).status_code == 302
    assert Correction.objects.count() == 1


def test_a_page_that_notes_a_change_notes_it_once_when_it_is_loaded_again(small, officer, officer_client):
    case = opened(officer)
    sent = noted(what="Street", new=STREET["new"], page=str(uuid4()))
    for _again in range(2):
        assert len(officer_client.post(address(case), sent).context["changes"]) == 1
    other = officer_client.post(address(case), sent | {"what": "City"})
    assert "You have sent this page before, with other words" in text_of(other)
    assert other.context["note_form"]["what"].value() == "City"
    assert len(other.context["changes"]) == 1


def test_what_is_offered_instead_of_a_change_is_asked_for_and_kept_when_something_else_lacks(
    small, officer, officer_client
):
    case = opened(officer, NAME)
    page = text_of(officer_client.get(address(case)))
    assert ('value="more_evidence"' in page, 'value="annotation"' in page) == (True, False)  # that is done in any case
    offered = {"change-0-alternatives": ["more_evidence"], "change-0-own_alternative": "Call us."}
    (again,) = officer_client.post(address(case), answers(case, **REFUSED | {"ground": ""}) | offered).context[
        "changes"
    ]
    assert (again["alternatives"].value(), again["own_alternative"].value()) == (["more_evidence"], "Call us.")
    sent = answers(case, **REFUSED | {"place": "", "category": "identity"}) | offered
    assert officer_client.post(address(case), sent).status_code == 302
    correction = Correction.objects.get()
    assert (correction.alternatives, correction.own_alternative) == (["more_evidence"], "Call us.")


def test_who_may_not_handle_the_case_sees_no_values_and_decides_nothing(small, officer, make_officer, client):
    case = opened(officer, NAME)
    auditor = make_officer(role=Role.AUDITOR)
    client.defaults["HTTP_HOST"] = "alpha.localhost"
    client.force_login(auditor, backend="privacy.officers.backends.OfficerBackend")
    seen = client.get(f"/officer/requests/subjectrequest/{case.pk}/change/")
    if seen.status_code == 200:
        assert NAME["new"] not in text_of(seen)
    refused = client.post(address(case), answers(case))
    assert (refused.status_code in (302, 403, 404, 409), NAME["old"] in text_of(refused)) == (True, False)
    assert Correction.objects.count() == 0


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({"plan_hash": "b" * 64}, "The plan has changed since you opened the page."),
        ({"state": "planning"}, "There is nothing to decide in this case now."),
    ],
)
def test_what_was_typed_on_a_page_that_is_behind_the_case_is_not_lost(small, officer, officer_client, now, words):
    case = opened(officer, NAME)
    given = answers(case, **REFUSED)
    SubjectRequest.objects.filter(pk=case.pk).update(**now)
    shown = text_of(officer_client.post(address(case), given))
    assert (words in shown, REFUSED["reasons"] in shown) == (True, True)
    assert not Correction.objects.filter(case=case).exclude(verdict="").exists()
