"""A real browser (Debian's Chromium through Playwright) against the whole portal in processes of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from config import env
from tests.browser.people import sign_in
from tests.browser.story import AMA, Somebody, Story
from tests.sample import SampleDesk, sample_desk
from tests.stack import Stack, collect_static, running_stack

expect.set_options(timeout=20_000)  # as long as a click may take: the machine serves the whole portal beside it
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium(django_db_setup, django_db_blocker) -> Iterator[Browser]:
    """Chromium as Debian ships it. Without it these tests are skipped, or fail where they must not be."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        message = "no Chromium found; install Debian's package chromium"
        pytest.fail(message) if env.require_browser() else pytest.skip(message)
    # Playwright keeps an event loop in this thread; Django takes that for asynchronous code, which this is not
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
        with django_db_blocker.unblock():
            connections.close_all()  # with a loop in the thread Django keeps other connections than without


@pytest.fixture
def new_visitor(chromium) -> Iterator:
    """Makes people with a browser of their own: no cookie of one is known to the other."""
    contexts: list[BrowserContext] = []

    def make(**options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def _new_desk(django_db_setup, django_db_blocker, chromium) -> Iterator[Callable[[], SampleDesk]]:
    """Makes organisations. They are removed at the end of the module, when no process works for them any more."""
    with django_db_blocker.unblock(), ExitStack() as made:
        yield lambda: made.enter_context(sample_desk())


@pytest.fixture
def desk(_new_desk) -> SampleDesk:
    """A furnished organisation with a CRM of its own; rows are committed, the test runs inside it."""
    return _new_desk()


@pytest.fixture(scope="module")
def shared_desk(_new_desk) -> SampleDesk:
    """One organisation for all tests of a module: each has a person of its own, and leaves the others' rows alone."""
    return _new_desk()


@pytest.fixture(scope="module")
def _signed_in() -> dict[tuple[str, str], StorageState]:
    return {}


@pytest.fixture
def officer(desk, stack, new_visitor, _signed_in) -> Callable[[int], Page]:
    """Makes browsers in which an officer is signed in, by their place among the officers; the password is typed once
    for each organisation.
    """

    def make(number: int) -> Page:
        who = (desk.host, desk.officers[number])
        page = new_visitor(storage_state=_signed_in.get(who))
        if who not in _signed_in:
            sign_in(page, stack.address(desk.host, "/officer/"), who[1])
            _signed_in[who] = page.context.storage_state()
        return page

    return make


@pytest.fixture(scope="module")
def _portal(_new_desk, tmp_path_factory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("portal")
    collect_static(folder)
    with running_stack(folder) as running:
        yield running


@pytest.fixture
def stack(desk, _portal) -> Stack:
    """Web, worker and beat: one portal for all organisations of a module, as in life. Starting it takes half a minute.

    Mails of the tests before are gone.
    """
    _portal.forget_mails()
    return _portal


@pytest.fixture
def story(desk, stack, new_visitor, officer) -> Story:
    """One person, Ama Mensah, and the officers."""
    return Story(desk, stack, new_visitor, officer)


@pytest.fixture(scope="module")
def _people(shared_desk) -> Iterator[Somebody]:
    known = f"""SELECT full_name, email, phone FROM crm.customer
                WHERE operated_by = 'offixpro' AND email IN (SELECT email FROM crm.customer GROUP BY email
                                                             HAVING count(*) = 1)
                AND phone IS NOT NULL AND email <> '{AMA.email}' ORDER BY email"""
    return (Somebody(*row) for row in shared_desk.rows(known))


@pytest.fixture
def somebody(_people) -> Somebody:
    """A customer whom no other test of the module knows."""
    return next(_people)
