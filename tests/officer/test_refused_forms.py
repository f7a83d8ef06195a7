"""An officer writes, and meanwhile the case is given to somebody else, the row is deleted, or their role is changed."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from privacy.errands.models import Errand
from privacy.officers.models import Role
from privacy.register.models import Recipient
from requests.enums import RequestState as S
from requests.services import assign
from tests.officer.everything import one_of_everything
from tests.requests.conftest import in_state

WORDS = "The file is about <b>your neighbour</b>."
NOT_THERE = "What you sent it for is not there, or you may not see it, or not any more."
NOT_ALLOWED = "You may not do it, or it cannot be done as things stand now."


def address(key: object, act: str = "refuse") -> str:
    return f"/officer/requests/subjectrequest/{key}/{act}/"


def shown(answer) -> list[str]:
    return [each.words for each in answer.context["typed"]]


def test_the_words_for_a_case_that_was_given_to_somebody_else_are_shown(officer, handler, make_officer, sign_in):
    case = in_state(S.DECIDING, kind="access")
    assign(case=case, officer=officer, assignee=handler)
    browser = sign_in(handler)
    sent = {"text": WORDS, "client_secret": "do not tell"}
    assert browser.post(address(case.pk), sent).status_code == 200  # the form, with what is missing
    assign(case=case, officer=officer, assignee=make_officer(Role.CASE_HANDLER))
    answer = browser.post(address(case.pk), sent)
    body = answer.content.decode()
    assert (answer.status_code, shown(answer), answer.context["back"]) == (404, [WORDS], "/officer/")
    assert (NOT_THERE in body, "your neighbour&lt;/b&gt;" in body, "do not tell" in body) == (True, True, False)
    case.refresh_from_db()
    assert (case.state, case.reference in body) == (S.DECIDING, False)


@pytest.mark.parametrize("act", ["refuse", "decide-parts", "answer", "extend", "change"])
def test_a_case_of_others_and_one_that_is_not_there_are_answered_alike(handler, sign_in, act):
    case, browser = in_state(S.DECIDING, kind="access"), sign_in(handler)
    answers = []
    for key in (case.pk, uuid.UUID(int=case.pk.int ^ 1)):
        answer = browser.post(address(key, act), {"text": WORDS})
        assert (answer.status_code, shown(answer)) == (404, [WORDS])
        answers.append(answer.content.decode().replace(str(key), "").replace(str(answer.context["csrf_token"]), ""))
    assert answers[0] == answers[1]


def test_what_has_no_words_gets_the_usual_page(handler, sign_in):
    answer = sign_in(handler).post(address(in_state(S.DECIDING, kind="access").pk, "grant"), {"plan_hash": "a" * 64})
    assert (answer.status_code, "Nothing to be seen here" in answer.content.decode()) == (404, True)


def test_the_words_for_a_task_of_others_and_the_names_of_files_are_shown(handler, sign_in):
    task = one_of_everything("garnet")[Errand]
    page = reverse("officer:errands_errand_change", args=[task.pk])
    proof = SimpleUploadedFile("proof.txt", b"Done")
    answer = sign_in(handler).post(page, {"state": "declared", "comment": "Done by hand", "files": proof})
    assert (answer.status_code, shown(answer)) == (404, ["declared", "Done by hand", "proof.txt"])
    task.refresh_from_db()
    assert task.closed_at is None


def test_the_words_for_a_row_that_was_deleted_are_shown(officer_client):
    row = Recipient.objects.create(name="Printer")
    page = reverse("officer:register_recipient_change", args=[row.pk])
    assert officer_client.post(page, {"name": ""}).status_code == 200
    Recipient.objects.filter(pk=row.pk).delete()
    assert officer_client.post(page)["Location"] == "/officer/"  # nothing was written
    answer = officer_client.post(page, {"name": "Printer", "note": WORDS})
    assert (answer.status_code, shown(answer), NOT_THERE in answer.content.decode()) == (404, ["Printer", WORDS], True)


def test_the_words_of_who_has_another_role_now_are_shown(officer, sign_in):
    page, sent = reverse("officer:register_purpose_add"), {"title": "News by e-mail", "api_key": "do not tell"}
    browser = sign_in(officer)
    assert browser.post(page, sent).status_code == 200  # the form, with what is missing
    officer.role = Role.AUDITOR
    officer.save()
    answer = browser.post(page, sent)
    body = answer.content.decode()
    assert (answer.status_code, shown(answer)) == (403, ["News by e-mail"])
    assert (NOT_ALLOWED in body, "do not tell" in body) == (True, False)


def test_an_operator_gets_the_words_for_an_unknown_organisation_back(operator_client):
    answer = operator_client.post(f"/platform/tenants/organisation/{uuid.uuid4()}/cancel/", {"reason": "It ended"})
    body = answer.content.decode()
    assert (answer.status_code, shown(answer), answer.context["back"]) == (404, ["It ended"], "/platform/")
    assert (NOT_THERE in body, "Privacy Officer" in body) == (True, False)
