"""What people do in their browsers: somebody who asks, and officers who answer."""

import re
import time

from playwright.sync_api import Error, Locator, Page, expect

from demo.furnishing import PASSWORD
from tests.stack import wait_for


def ask(page: Page, home: str, kind: str, name: str, email: str, **answers: str) -> str:
    """Go through the form, one question a page; returns the reference.

    Args:
        answers: what is typed or chosen, by the name of the field; everything else that is optional stays empty.
    """
    page.goto(home)
    page.locator(f"a[href$='?kind={kind}']").first.click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    return finish_asking(page, {"name": name, "email": email} | answers)


def finish_asking(page: Page, answers: dict[str, str]) -> str:
    """Answer what is asked from this page on, and send; returns the reference."""
    given = {"behalf": "self"} | answers
    _answer(page, given)
    begun = time.monotonic()
    while not page.url.endswith("/requests/new/check/"):
        _answer(page, given)
    expect(page.get_by_text(given["email"]).first).to_be_visible()
    left = 4 - (time.monotonic() - begun)  # who fills in so many pages faster is taken for a machine
    page.wait_for_timeout(max(0, left) * 1000)
    page.get_by_role("button", name="Send my request").click()
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    return page.locator(".reference").first.inner_text()


def _answer(page: Page, given: dict[str, str]) -> None:
    before = page.url
    for field, value in given.items():
        choices = page.locator(f"main [name={field}]:is([type=radio], [type=checkbox])")
        if choices.count():
            (choices if value == "on" else choices.and_(page.locator(f"[value={value}]"))).check()
        elif page.locator(f"main [name={field}]").count():
            page.locator(f"main [name={field}]").fill(value)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda address: address != before)


def open_link(page: Page, link: str) -> None:
    """Open a mailed link and press its button; the secret is gone from the address afterwards."""
    secret = link.rstrip("/").rpartition("/")[2]
    page.goto(link)
    page.locator("main").get_by_role("button").click()
    page.wait_for_url(lambda address: secret not in address)


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("log in|sign in", re.IGNORECASE)).click()
    expect(page.locator("input[name=password]")).to_have_count(0)


def open_case(page: Page, queue: str, reference: str) -> None:
    page.goto(queue)
    page.get_by_role("link", name=reference).click()
    expect(page.locator(".pd-reference").first).to_have_text(reference)


def do_next_step(page: Page, step: str, button: str) -> None:
    page.get_by_role("link", name=step).first.click()
    carry_out(page, page.get_by_role("button", name=re.compile(button)))


def carry_out(page: Page, button: Locator) -> None:
    """Press the button of a form that has a page of its own, and be taken from it.

    A page that is loaded anew before it was left would never have sent the form, nor shown why it was refused.
    """
    expect(button).to_be_visible()
    form = page.url
    with page.expect_navigation():
        button.click()
    assert page.url != form, f"The form was refused; the page says: {words_of(page)}"


def every(found: Locator) -> list[Locator]:
    """All that are found, once the page that was asked for is there with all of them.

    Playwright lists what there is at that moment, which is nothing as long as the page of before is shown.
    """
    expect(found.first).to_be_visible()
    found.page.wait_for_load_state()
    return found.all()


def words_of(page: Page) -> str:
    return " ".join(page.locator("body").inner_text().split())


def reload_until(page: Page, what: str) -> None:
    """Officers watch; the page is asked again until it says so."""

    def look() -> bool:
        try:
            page.reload()
        except Error:  # it was about to load itself anew
            return False
        return page.get_by_text(what).first.is_visible()

    try:
        wait_for(look, f"the page to say {what!r}", 90)
    except AssertionError as error:
        error.add_note(f"{page.url} says: {words_of(page)}")
        raise
