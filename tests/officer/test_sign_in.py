import pytest

from config import sign_in
from tests.conftest import PASSWORD


@pytest.fixture
def attempt(visitor, officer):
    def send(password: str, email: str = officer.email):
        return visitor.post("/officer/login/?next=/officer/", {"username": email, "password": password})

    return send


def test_an_officer_signs_in_with_the_right_password(attempt):
    assert attempt(PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("query", "page"), [("", "/officer/"), ("?next=/officer/retention/rule/", "/officer/retention/rule/")]
)
def test_whoever_signs_in_comes_to_the_page_they_asked_for_or_to_the_first_one(visitor, officer, query, page):
    answer = visitor.post(f"/officer/login/{query}", {"username": officer.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert visitor.get(page).status_code == 200


def test_guessing_ends_after_some_tries_even_with_the_right_password(attempt, monkeypatch):
    monkeypatch.setattr(sign_in, "TRIES_PER_ACCOUNT", 3)
    for _ in range(3):
        assert "Too many tries" not in attempt("wrong").content.decode()
    refused = attempt(PASSWORD)
    assert refused.status_code == 200
    assert "Too many tries" in refused.content.decode()


def test_an_account_that_does_not_exist_is_limited_just_the_same(attempt, monkeypatch):
    monkeypatch.setattr(sign_in, "TRIES_PER_ACCOUNT", 1)
    attempt("wrong", "nobody@alpha.example.com")
    assert "Too many tries" in attempt("wrong", "nobody@alpha.example.com").content.decode()


def test_trying_many_accounts_from_one_machine_is_limited(attempt, monkeypatch):
    monkeypatch.setattr(sign_in, "TRIES_PER_MACHINE", 2)
    for number in range(2):
        attempt("wrong", f"guess-{number}@alpha.example.com")
    assert "Too many tries" in attempt(PASSWORD).content.decode()
