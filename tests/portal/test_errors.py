"""Pages for what goes wrong."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client

from privacy.register.models import OrganisationProfile
from privacy.tenants.context import public_context
from privacy.tenants.models import Organisation
from requests.views import home
from tests.portal.conftest import text_of


def test_an_unknown_address_says_so_and_whom_to_ask(visitor):
    response = visitor.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in text_of(response)
    assert "officer@alpha.example.com" in text_of(response)


def test_an_unknown_address_of_the_installation_names_nobody(visitor):
    response = visitor.get("/nowhere/", headers={"host": "localhost"})
    assert response.status_code == 404
    assert "Page not found" in text_of(response)
    assert "@" not in text_of(response)


def test_a_form_from_elsewhere_is_refused_with_advice(alpha):
    browser = Client(enforce_csrf_checks=True, headers={"host": "alpha.localhost"})
    response = browser.post("/requests/new/", {"kind": "access"})
    assert response.status_code == 403
    assert "Nothing of it was recorded." in text_of(response)
    browser.get("/requests/new/")
    token = browser.cookies["csrftoken"].value
    assert browser.post("/requests/new/", {"kind": "access", "csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (PermissionDenied("secret"), 403, "You may not open this page"),
        (SuspiciousOperation("secret"), 400, "We could not read what was sent"),
        (RuntimeError("secret"), 500, "Something went wrong on our side"),
    ],
)
def test_every_failure_has_a_page_that_says_nothing_of_the_inside(visitor, monkeypatch, error, status, words):
    def fail() -> None:
        raise error

    monkeypatch.setattr(home, "current_notice", lambda language="en": fail())
    visitor.raise_request_exception = False
    response = visitor.get("/")
    assert response.status_code == status
    assert words in text_of(response)
    assert "secret" not in text_of(response)
    assert "officer@alpha.example.com" in text_of(response)


def test_the_page_for_failures_needs_no_database(visitor, monkeypatch):
    def fail(*args: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(OrganisationProfile.objects, "first", fail)
    visitor.raise_request_exception = False
    response = visitor.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in text_of(response)
    assert "secret" not in text_of(response)


def test_a_portal_that_is_looked_after_says_when_to_come_back(visitor, alpha):
    assert visitor.get("/").status_code == 200
    with public_context():
        Organisation.objects.filter(pk=alpha.pk).update(schema_version="older")
    response = visitor.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == "120"
    assert "closed for a moment" in text_of(response)
    assert "<title>" in text_of(response)


FROM_US = {"sec-fetch-site": "same-origin", "origin": "http://alpha.localhost"}
WRITTEN = {
    "details": "My <b>neighbour</b> reads my mail.",
    "kind": "access",
    "email": "ama@example.com",
    "token": "a b",
}


def test_words_sent_after_the_cookie_was_lost_are_given_back(alpha):
    browser = Client(enforce_csrf_checks=True, headers={"host": "alpha.localhost"})
    response = browser.post("/requests/new/details/", WRITTEN, headers=FROM_US)
    shown = [each.words for each in response.context["written"]]
    assert (response.status_code, shown) == (403, [WRITTEN["details"], WRITTEN["email"]])
    assert "My &lt;b&gt;neighbour&lt;/b&gt; reads my mail." in text_of(response)
    assert "Open the page again and send the form once more." in text_of(response)


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}])
def test_words_of_another_site_are_not_repeated(alpha, headers):
    browser = Client(enforce_csrf_checks=True, headers={"host": "alpha.localhost"})
    response = browser.post("/requests/new/details/", WRITTEN, headers=headers)
    assert (response.status_code, "neighbour" in text_of(response)) == (403, False)
