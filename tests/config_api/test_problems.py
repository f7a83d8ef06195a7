"""Whatever goes wrong below the API's prefix, before a call is reached or outside of it, is told to a program."""

import pytest
from django.test import Client

from privacy.officers.api_shapes import ProblemSerializer
from privacy.tenants import middleware
from privacy.tenants.context import public_context
from privacy.tenants.models import Organisation
from tests.closing import set_state

CALL = "/api/v1/purposes/"
SECRET = "password of ama@example.com"


def get(path, host="alpha.localhost", **headers):
    return Client(headers={"host": host} | headers, raise_request_exception=False).get(path)


def problem_of(answer):
    """The problem that the answer is, in the shape that the description of the API promises."""
    assert answer["Content-Type"] == "application/problem+json"
    found = answer.json()
    shape = ProblemSerializer(data=found)
    assert shape.is_valid(), shape.errors
    assert (found["type"], found["status"]) == ("about:blank", answer.status_code)
    return found


def broken(*args, **kwargs):
    raise RuntimeError(SECRET)


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("nobody.localhost", CALL),
        ("no host name", CALL),
        ("alpha.localhost", "/api/v1/nothing/"),
        ("alpha.localhost", "/api/v2/purposes/"),
        ("alpha.localhost", "/api/"),
    ],
)
def test_an_address_that_nobody_answers_is_a_problem(alpha, host, path):
    answer = get(path, host)
    assert (answer.status_code, problem_of(answer)["title"]) == (404, "Not found")


def test_the_public_host_has_no_calls(alpha, settings):
    assert problem_of(get(CALL, settings.PUBLIC_HOSTS[0]))["status"] == 404


def test_an_organisation_that_is_being_destroyed_is_answered_for_like_an_unknown_one(alpha):
    set_state(alpha, Organisation.State.DESTROYING)
    answer, unknown = get(CALL), get(CALL, "nobody.localhost")
    assert problem_of(answer) == problem_of(unknown)
    assert answer.headers == unknown.headers


def test_an_organisation_that_is_closed_for_a_moment_says_when_to_come_back(alpha):
    with public_context():
        Organisation.objects.filter(pk=alpha.pk).update(schema_version="0" * 64)
    answer = get(CALL)
    assert (problem_of(answer)["title"], answer["Retry-After"]) == ("Closed for a moment", "120")
    assert "Alpha" not in answer.content.decode()


@pytest.mark.parametrize("debug", [False, True])
def test_a_failure_outside_of_a_call_says_nothing_of_its_cause(alpha, monkeypatch, settings, debug):
    settings.DEBUG = debug
    monkeypatch.setattr(middleware, "_owner_of", broken)
    assert SECRET in get("/").content.decode() or not debug  # where developers read the cause
    answer = get(CALL)
    assert problem_of(answer) == {
        "type": "about:blank",
        "title": "The call failed",
        "status": 500,
        "detail": "The fault is ours. Try again; if it stays, tell the Privacy Officer the time of the call.",
    }
    assert int(answer["Content-Length"]) == len(answer.content)


def test_a_call_that_fails_says_the_same(alpha, monkeypatch):
    monkeypatch.setattr("config.api_unknown.NoSuchCall.initial", broken)
    within = problem_of(get("/api/v1/nothing/"))
    monkeypatch.setattr(middleware, "_owner_of", broken)
    assert within == problem_of(get("/api/v1/nothing/"))


def test_people_still_get_pages(alpha):
    missing, unknown = get("/nothing/"), get("/", "nobody.localhost")
    assert (missing.status_code, missing["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "Page not found" in missing.content.decode()
    assert (unknown.status_code, unknown.content) == (404, b"")


def test_answers_that_are_no_errors_and_problems_of_calls_stay_as_they_are(alpha):
    described = get("/api/v1/schema/", accept="application/json")
    assert (described.status_code, described["Content-Type"].partition(";")[0]) == (200, "application/json")
    refused = get("/api/v1/retention/runs/")
    assert (refused.status_code, problem_of(refused)["title"]) == (401, "An API key is needed")


@pytest.mark.parametrize(("path", "shown"), [("/api/v1/docs/", "text/html"), ("/api/v1/schema/", "application/yaml")])
def test_errors_of_the_description_are_problems_in_json_too(alpha, path, shown):
    browser = Client(headers={"host": "alpha.localhost", "accept": shown})
    assert browser.get(path).status_code == 200
    assert problem_of(browser.post(path))["title"] == "This method is not offered here"
    assert problem_of(browser.get(path, headers={"accept": "image/png"}))["status"] == 406


def test_the_page_of_the_description_is_only_read(alpha):
    browser = Client(headers={"host": "alpha.localhost", "accept": "text/html"}, raise_request_exception=False)
    assert browser.head("/api/v1/docs/").status_code == 200
    answer = browser.options("/api/v1/docs/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert problem_of(answer)["title"] == "This method is not offered here"
