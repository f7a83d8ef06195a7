"""Two clicks on one button, in the same moment, with two real connections."""

from datetime import timedelta
from threading import Barrier, Thread

from django.db import connections
from django.test import Client

from privacy.tenants.context import organisation_context
from privacy.tenants.models import Organisation
from requests.models import SubjectRequest
from tests.portal.conftest import ask


def _fill_in(browser: Client) -> None:
    assert ask(browser).url == "/requests/new/check/"


def _click(browser: Client, barrier: Barrier, answers: list[str], organisation: Organisation) -> None:
    try:
        with organisation_context(organisation):
            barrier.wait(10)
            answers.append(browser.post("/requests/new/check/")["Location"])
    finally:
        connections.close_all()


def test_a_double_click_makes_one_request_and_shows_one_reference(committed, monkeypatch):
    monkeypatch.setattr("requests.answers.LEAST_TIME", timedelta(0))
    host = f"{committed.slug}.localhost"
    first = Client(headers={"host": host})
    _fill_in(first)
    second = Client(headers={"host": host})
    second.cookies = first.cookies
    barrier, answers = Barrier(2), []
    clicks = [Thread(target=_click, args=(browser, barrier, answers, committed)) for browser in (first, second)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join(30)
    assert answers == ["/requests/sent/", "/requests/sent/"]
    assert SubjectRequest.objects.count() == 1
    assert SubjectRequest.objects.get().reference in first.get("/requests/sent/").content.decode()
