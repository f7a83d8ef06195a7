"""Forms of pages that were opened before somebody signed in again: refused, and the words of our own pages are kept."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from privacy.tenants.context import public_context
from requests.enums import RequestState as S
from tests.conftest import PASSWORD
from tests.requests.conftest import in_state

WORDS = "The file is about <b>your neighbour</b>."
FROM_US = {"sec-fetch-site": "same-origin", "origin": "http://alpha.localhost"}
WHY = "You signed in again, or the cookies of your browser were deleted"


@pytest.fixture
def client(alpha):
    return Client(headers={"host": "alpha.localhost"}, enforce_csrf_checks=True)


def token(page) -> str:
    return re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content).group(1).decode()


def sign_in(client: Client, email: str, login: str = "/officer/login/"):
    sent = {"username": email, "password": PASSWORD, "csrfmiddlewaretoken": token(client.get(login))}
    return client.post(login, sent)


def signed_in_again(client: Client, email: str, login: str = "/officer/login/") -> str:
    """The token of a page that was opened before."""
    assert sign_in(client, email, login).status_code == 302
    old = token(client.get(login.replace("login/", "")))
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert sign_in(client, email, login).status_code == 302
    return old


@pytest.mark.parametrize(
    "headers",
    [FROM_US, {"sec-fetch-site": "same-origin"}, {"origin": "http://alpha.localhost"}],
)
def test_words_of_before_the_new_sign_in_are_shown_and_nothing_is_done(client, officer, headers):
    case = in_state(S.DECIDING, kind="access")
    page = f"/officer/requests/subjectrequest/{case.pk}/"
    sent = {"csrfmiddlewaretoken": signed_in_again(client, officer.email), "text": WORDS, "ground": "GH.third_party"}
    answer = client.post(f"{page}refuse/", sent | {"api_key": "do not tell"}, headers=headers)
    body = answer.content.decode()
    assert (answer.status_code, [each.words for each in answer.context["typed"]]) == (403, [WORDS, "GH.third_party"])
    assert (answer.context["back"], WHY in body, "Allow cookies" in body) == (page, True, False)
    assert ("your neighbour&lt;/b&gt;" in body, "do not tell" in body) == (True, False)
    case.refresh_from_db()
    assert case.state == S.DECIDING

    anew = {**sent, "csrfmiddlewaretoken": token(client.get("/officer/"))}
    assert client.post(f"{page}refuse/", anew, headers=headers).status_code == 302
    case.refresh_from_db()
    assert case.state == S.REFUSED


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "http://beta.localhost"},
        {"origin": "https://alpha.localhost"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://alpha.localhost"},
    ],
)
def test_what_another_site_sends_is_not_repeated(client, officer, headers):
    sent = {"csrfmiddlewaretoken": signed_in_again(client, officer.email), "title": "Call 0800 1234"}
    answer = client.post(reverse("officer:register_purpose_add"), sent, headers=headers)
    body = answer.content.decode()
    assert (answer.status_code, "Call 0800 1234" in body, "Open the page again" in body) == (403, False, True)


def test_a_button_of_an_old_page_leads_to_the_page_of_the_case_with_the_reason(client, officer):
    case = in_state(S.DECIDING, kind="access")
    page = f"/officer/requests/subjectrequest/{case.pk}/"
    sent = {"csrfmiddlewaretoken": signed_in_again(client, officer.email), "plan_hash": "a" * 64}
    answer = client.post(f"{page}grant/", sent, headers=FROM_US)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert WHY in client.get(page, follow=True).content.decode()
    case.refresh_from_db()
    assert case.state == S.DECIDING


def test_who_is_signed_out_as_well_gets_their_words_and_the_way_in(client, officer):
    sent = {"csrfmiddlewaretoken": signed_in_again(client, officer.email), "title": "News by e-mail"}
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    answer = client.post(reverse("officer:register_purpose_add"), sent, headers=FROM_US)
    assert (answer.status_code, [each.words for each in answer.context["written"]]) == (403, ["News by e-mail"])
    assert answer.context["way_in"].startswith("/officer/login/?next=")


def test_a_second_sign_in_from_an_old_page_tells_that_one_is_in(client, officer):
    old = token(client.get("/officer/login/"))
    assert sign_in(client, officer.email).status_code == 302
    sent = {"username": "other@example.com", "password": PASSWORD, "csrfmiddlewaretoken": old}
    answer = client.post("/officer/login/", sent, headers=FROM_US)
    assert (answer.status_code, answer["Location"]) == (302, "/officer/")
    assert "You are signed in already." in client.get("/officer/").content.decode()


def test_who_signs_in_without_cookies_is_told_of_them(client, officer):
    sent = {"username": officer.email, "password": PASSWORD, "csrfmiddlewaretoken": "a" * 64}
    answer = client.post("/officer/login/", sent, headers=FROM_US)
    body = answer.content.decode()
    assert (answer.status_code, "allow cookies for this site" in body, officer.email in body) == (403, True, False)


def test_an_operator_gets_their_words_back_as_well(settings, alpha, operator):
    host = settings.PUBLIC_HOSTS[0]
    client = Client(headers={"host": host}, enforce_csrf_checks=True)
    sent = {"csrfmiddlewaretoken": signed_in_again(client, operator.email, "/platform/login/"), "reason": "It ended"}
    page = f"/platform/tenants/organisation/{alpha.pk}/cancel/"
    answer = client.post(page, sent, headers={"sec-fetch-site": "same-origin", "origin": f"http://{host}"})
    assert (answer.status_code, [each.words for each in answer.context["typed"]]) == (403, ["It ended"])
    assert (WHY in answer.content.decode(), answer.context["back"].startswith("/platform/")) == (True, True)
    with public_context():
        alpha.refresh_from_db()
    assert alpha.is_cancelled is False
