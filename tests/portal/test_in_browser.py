"""What only a real browser can tell: forms pass, focus moves, nothing is blocked, nothing sticks out."""

import re
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from privacy.register.models import Notice
from privacy.tenants.context import public_context
from privacy.tenants.models import Domain
from requests.models import SubjectRequest
from tests.browser.conftest import chromium, new_visitor
from tests.portal.serving import served

__all__ = ["chromium", "new_visitor"]
pytestmark = pytest.mark.browser
PAGES = [
    "/", "/requests/new/", "/requests/track/", "/requests/track/sent/", "/requests/track/x/", "/preferences/",
    "/preferences/sent/", "/notice/", "/left/", "/nowhere/",
]  # fmt: skip


@pytest.fixture
def in_browsers_thread(chromium, monkeypatch) -> Iterator[None]:
    """Playwright's loop runs in this thread, where Django opens a connection of its own; it is closed afterwards."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # nothing here is awaited
    yield
    connections.close_all()


@pytest.fixture
def address(in_browsers_thread, committed) -> Iterator[str]:
    """The portal of an organisation, served for a browser."""
    Notice.objects.create(
        version="1", title="Data-protection-notice-with-an-uncommonly-long-word", body="We are.",
        published_at=timezone.now(),
    )  # fmt: skip
    with public_context():
        host = Domain.objects.get(tenant=committed).domain
    with served() as port:
        yield f"http://{host}:{port}"


def test_no_page_is_wider_than_a_small_phone_and_nothing_is_blocked(address, new_visitor):
    page = new_visitor(viewport={"width": 320, "height": 640})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in PAGES:
        page.goto(address + path)
        sticks_out = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, sticks_out) == (path, 0)
        assert page.evaluate("getComputedStyle(document.body).display") == "flex"  # the style sheet was let through
    assert [text for text in complaints if "404" not in text] == []


def test_a_request_is_made_with_the_keyboard_alone_and_without_scripts(address, new_visitor):
    page = new_visitor(java_script_enabled=False)
    page.goto(f"{address}/requests/new/?kind=access")
    page.locator("#id_kind").press("Enter")
    page.locator("input[name=behalf][value=self]").press("Space")
    page.locator("input[name=behalf][value=self]").press("Enter")
    page.wait_for_url("**/residence/")
    page.get_by_role("button", name="Continue").press("Enter")  # where one lives need not be said
    page.locator("#id_name").fill("Ama Mensah")
    page.locator("#id_name").press("Enter")
    page.locator("#id_email").fill("ama@example.com")
    page.locator("#id_email").press("Enter")
    page.wait_for_url("**/scope/")
    page.get_by_role("button", name="Continue").press("Enter")
    page.wait_for_url("**/details/")
    page.get_by_role("button", name="Continue").press("Enter")
    page.wait_for_timeout(4100)  # as long as people take
    page.get_by_role("button", name="Send my request").press("Enter")
    page.wait_for_url("**/requests/sent/")
    assert SubjectRequest.objects.get().reference in page.locator("main").inner_text()


def test_the_summary_of_problems_takes_the_focus_and_leads_to_the_field(address, new_visitor):
    page = new_visitor()
    page.goto(f"{address}/requests/track/")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.locator(".problems")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_role("link", name="Enter your e-mail address.").click()
    expect(page.locator("#id_email")).to_be_focused()


def test_the_trap_is_out_of_sight_and_out_of_reach(address, new_visitor):
    page = new_visitor()
    page.goto(f"{address}/preferences/")
    trap = page.locator("#id_website")
    assert trap.bounding_box()["x"] < 0
    reached = []
    for _press in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    assert "id_email" in reached
    assert "id_website" not in reached
