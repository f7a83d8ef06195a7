"""The banner in a real browser, on a page of another origin under a strict Content-Security-Policy."""

import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from consent.cookies.models import CookieChoice, CookieSite
from consent.cookies.releases import snippet
from privacy.tenants.context import public_context
from privacy.tenants.models import Domain
from tests.browser.conftest import chromium, new_visitor
from tests.consent.cookies.conftest import make_site, publish
from tests.consent.cookies.shop import Shop, open_shop
from tests.portal.serving import served
from tests.stack import wait_for

__all__ = ["chromium", "new_visitor"]
pytestmark = pytest.mark.browser
SIGNAL = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true});"
"""Chromium has no switch for the signal; this is what browsers that have one show to pages."""


@pytest.fixture
def shop(chromium, committed, monkeypatch) -> Iterator[Shop]:
    """A site of the organisation with the published banner, and the portal, each on a port of its own."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # nothing here is awaited
    with public_context():
        host = Domain.objects.get(tenant=committed).domain
    with served() as port, open_shop() as shop:
        shop.portal = f"http://{host}:{port}"
        shop.snippet = snippet(portal=shop.portal, site="shop")
        publish(make_site(shop.origin))
        yield shop
    connections.close_all()


@pytest.fixture
def open_page(shop, new_visitor):
    """Opens the site as a new visitor; `complaints` of the page hold what the browser refused."""

    def opened(path: str = "/", *, signal: bool = False, **options) -> Page:
        page = new_visitor(**options)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        if signal:
            page.context.add_init_script(SIGNAL)
        page.goto(shop.origin + path)
        return page

    return opened


def banner_of(page: Page):
    return page.locator("#cc-main .cm")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).locator("visible=true").click()


def ran(page: Page) -> set[str]:
    data = page.evaluate("({...document.body.dataset})")
    return {name for name in ("stats", "ads") if data.get(name) == "ran"}


def cookies_of(page: Page) -> set[str]:
    return {each["name"] for each in page.context.cookies()}


def recorded(number: int) -> list[CookieChoice]:
    """The choices, the oldest first, once there are so many."""
    wait_for(lambda: CookieChoice.objects.count() >= number, f"{number} choices")
    found = list(CookieChoice.objects.order_by("recorded_at"))
    assert len(found) == number
    return found


def proof_in_cookie(page: Page) -> str | None:
    value = next(each["value"] for each in page.context.cookies() if each["name"] == "privacy_choices")
    return json.loads(unquote(value))["data"]["proof"]


def wait_for_proof(page: Page, choice: CookieChoice) -> None:
    wait_for(lambda: proof_in_cookie(page) == str(choice.pk), "the proof in the cookie")


def test_before_a_choice_nothing_runs_and_nothing_is_stored(open_page):
    page = open_page()
    expect(banner_of(page)).to_be_visible()
    assert (ran(page), cookies_of(page), CookieChoice.objects.count()) == (set(), set(), 0)
    page.reload()
    expect(banner_of(page)).to_be_visible()
    assert page.complaints == []


def test_accepting_runs_everything_and_is_recorded(open_page, shop):
    page = open_page()
    press(page, "Accept all")
    expect(page.locator("body[data-stats=ran][data-ads=ran]")).to_have_count(1)
    (choice,) = recorded(1)
    assert (choice.action, choice.accepted, choice.refused) == ("accept_all", ["advertising", "statistics"], [])
    assert (choice.origin, choice.language, choice.has_signal) == (shop.origin, "en", False)
    assert cookies_of(page) == {"privacy_choices", "_stats_1", "_ads"}
    wait_for_proof(page, choice)
    page.reload()
    expect(page.locator("body[data-stats=ran][data-ads=ran]")).to_have_count(1)
    expect(banner_of(page)).to_have_count(0)
    assert CookieChoice.objects.count() == 1
    assert page.complaints == []


def test_rejecting_runs_nothing_now_and_on_the_next_page(open_page):
    page = open_page()
    press(page, "Reject all")
    (choice,) = recorded(1)
    assert (choice.action, choice.accepted, choice.refused) == ("reject_all", [], ["advertising", "statistics"])
    page.reload()
    expect(page.locator(".pd-choices-button")).to_be_visible()
    assert (ran(page), cookies_of(page)) == (set(), {"privacy_choices"})
    assert page.complaints == []


def test_one_category_alone_is_chosen_and_only_its_script_runs(open_page):
    page = open_page()
    press(page, "Choose by category")
    toggles = page.locator("#cc-main .section__toggle")
    expect(toggles).to_have_count(3)
    assert [(each.get_attribute("value"), each.is_checked()) for each in toggles.all()] == [
        ("necessary", True), ("advertising", False), ("statistics", False),
    ]  # fmt: skip
    page.get_by_role("checkbox", name="Statistics").check(force=True)
    press(page, "Save my choice")
    expect(page.locator("body[data-stats=ran]")).to_have_count(1)
    (choice,) = recorded(1)
    assert (choice.action, choice.accepted, choice.refused) == ("save", ["statistics"], ["advertising"])
    assert ran(page) == {"stats"}
    assert page.complaints == []


def test_withdrawing_removes_the_cookies_and_stops_the_scripts(open_page):
    page = open_page()
    press(page, "Accept all")
    wait_for_proof(page, recorded(1)[0])
    assert {"_stats_1", "_ads"} < cookies_of(page)
    press(page, "Cookie choices")
    with page.expect_navigation():  # what runs is stopped by loading the page anew
        page.locator(".pm").get_by_role("button", name="Reject all").click()
    expect(page.locator(".pd-choices-button")).to_be_visible()
    _first, second = recorded(2)
    assert (second.action, second.accepted, second.refused) == ("withdraw", [], ["advertising", "statistics"])
    assert _first.browser_digest == second.browser_digest
    assert (ran(page), cookies_of(page)) == (set(), {"privacy_choices"})
    wait_for_proof(page, second)
    assert page.complaints == []


def test_a_page_that_stops_its_scripts_itself_is_told_and_not_loaded_anew(open_page):
    page = open_page()
    press(page, "Accept all")
    wait_for_proof(page, recorded(1)[0])
    page.evaluate("document.body.dataset.stays = '1'")
    press(page, "Cookie choices")
    page.locator(".pm").get_by_role("button", name="Reject all").click()
    wait_for_proof(page, recorded(2)[1])
    told = json.loads(page.evaluate("document.body.dataset.told"))
    assert told == {"action": "withdraw", "accepted": [], "refused": ["advertising", "statistics"]}
    assert page.evaluate("document.body.dataset.stays") == "1"


def test_the_proof_is_shown_and_leads_to_the_receipt(open_page):
    page = open_page()
    press(page, "Reject all")
    (choice,) = recorded(1)
    wait_for_proof(page, choice)
    press(page, "Cookie choices")
    proof = page.locator("[data-pd-proof]")
    expect(proof).to_contain_text(str(choice.pk))
    with page.context.expect_page() as opened:
        proof.get_by_role("link").click()
    receipt = json.loads(opened.value.locator("body").inner_text())
    assert (receipt["id"], receipt["receipt"]["action"]) == (str(choice.pk), "reject_all")


def test_accept_and_reject_are_equal_in_place_size_and_look(open_page, shop):
    page = open_page()
    expect(banner_of(page)).to_be_visible()
    look = """element => { const style = getComputedStyle(element); return [style.backgroundColor, style.color,
        style.fontSize, style.fontWeight, style.borderTopColor, style.borderTopWidth]; }"""
    for language, width in (("/", 1280), ("/", 390), ("/fr", 390), ("/fr", 1280)):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(shop.origin + language)
        accept, reject = (page.locator(f".cm [data-role={role}]") for role in ("all", "necessary"))
        expect(accept).to_be_visible()
        assert accept.evaluate(look) == reject.evaluate(look)
        page.wait_for_timeout(500)  # it has slid in
        one, other = accept.bounding_box(), reject.bounding_box()
        assert abs(one["width"] - other["width"]) < 0.1
        assert abs(one["height"] - other["height"]) < 0.1
        assert min(abs(one["x"] - other["x"]), abs(one["y"] - other["y"])) < 0.1


def test_a_french_page_is_asked_in_french(open_page):
    page = open_page("/fr")
    expect(banner_of(page)).to_contain_text("Nous demandons avant de déposer des cookies")
    press(page, "Tout refuser")
    (choice,) = recorded(1)
    assert choice.language == "fr"


def test_everything_is_reached_with_the_keyboard_and_the_focus_stays_in_the_banner(open_page):
    page = open_page()
    expect(banner_of(page)).to_be_visible()
    expect(page.locator("#cc-main :focus, #cc-main:focus")).to_be_attached()
    names = []
    for _press in range(8):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.innerText || document.activeElement.tagName"))
    assert {"Accept all", "Reject all", "Choose by category", "How we use cookies"} == set(names)
    page.get_by_role("button", name="Reject all").press("Enter")
    assert recorded(1)[0].action == "reject_all"
    page.locator(".pd-choices-button").press("Enter")
    expect(page.locator(".pm")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".pm")).not_to_be_visible()


def test_the_banner_is_a_dialog_with_a_name_and_its_switches_have_names(open_page):
    page = open_page()
    expect(page.get_by_role("dialog", name="We ask before we set cookies")).to_be_visible()
    press(page, "Choose by category")
    expect(page.get_by_role("dialog", name="Your cookie choices")).to_be_visible()
    for name in ("Necessary", "Advertising", "Statistics"):
        expect(page.get_by_role("checkbox", name=name, exact=True)).to_have_count(1)
    expect(page.get_by_role("checkbox", name="Necessary", exact=True)).to_be_disabled()


def test_the_signal_is_honoured_and_shown_and_accepting_in_spite_of_it_is_confirmed(open_page):
    page = open_page(signal=True)
    expect(banner_of(page)).to_contain_text("Your browser sends the Global Privacy Control signal. We honour it")
    press(page, "Accept all")
    dialog = page.get_by_role("dialog", name="Accept in spite of your browser’s signal?")
    expect(dialog).to_contain_text("Advertising")
    assert (ran(page), CookieChoice.objects.count()) == (set(), 0)
    dialog.get_by_role("button", name="No, keep them refused").click()
    expect(page.locator("body[data-stats=ran]")).to_have_count(1)
    (choice,) = recorded(1)
    assert (choice.action, choice.accepted, choice.refused) == ("save", ["statistics"], ["advertising"])
    assert choice.has_signal
    wait_for_proof(page, choice)
    press(page, "Cookie choices")
    page.locator(".pm").get_by_role("button", name="Accept all").click()
    page.get_by_role("button", name="Yes, accept these too").click()
    expect(page.locator("body[data-ads=ran]")).to_have_count(1)
    wait_for_proof(page, recorded(2)[1])
    page.reload()  # what was confirmed in sight of the signal stays
    expect(page.locator("body[data-stats=ran][data-ads=ran]")).to_have_count(1)
    assert CookieChoice.objects.count() == 2
    assert page.complaints == []


def test_a_signal_that_comes_later_takes_back_what_it_is_about_before_anything_runs(open_page, shop):
    page = open_page()
    press(page, "Accept all")
    wait_for_proof(page, recorded(1)[0])
    page.context.add_init_script(SIGNAL)
    page.reload()
    expect(page.locator(".pm")).to_contain_text("Your browser now sends the Global Privacy Control signal.")
    _first, second = recorded(2)
    assert (second.action, second.accepted, second.refused) == ("gpc", ["statistics"], ["advertising"])
    assert second.has_signal
    assert ran(page) == {"stats"}
    assert "_ads" not in cookies_of(page)
    page.reload()
    expect(page.locator("body[data-stats=ran]")).to_have_count(1)
    assert CookieChoice.objects.count() == 2


def test_a_new_version_of_the_banner_asks_again(open_page):
    page = open_page()
    press(page, "Accept all")
    wait_for_proof(page, recorded(1)[0])
    site = CookieSite.objects.get()
    site.texts = {"en": {"title": "We ask again"}}
    site.save()
    publish(site, "another heading")
    later = open_page(storage_state=page.context.storage_state())  # the same cookies; what was cached is a minute old
    expect(later.get_by_role("dialog", name="We ask again")).to_be_visible()
    assert "privacy_choices" in cookies_of(later)
    assert ran(later) == set()


def test_a_choice_that_could_not_be_sent_counts_and_is_sent_from_the_next_page(open_page):
    page = open_page()
    expect(banner_of(page)).to_be_visible()
    page.route("**/cookies/v1/choices/", lambda route: route.abort())
    press(page, "Accept all")
    expect(page.locator("body[data-stats=ran]")).to_have_count(1)
    press(page, "Cookie choices")
    expect(page.locator("[data-pd-proof]")).to_contain_text("We could not record it yet")
    assert CookieChoice.objects.count() == 0
    page.unroute("**/cookies/v1/choices/")
    page.reload()
    (choice,) = recorded(1)
    assert choice.action == "accept_all"
    wait_for_proof(page, choice)


def test_without_the_portal_nothing_that_needs_consent_runs(open_page):
    page = open_page()
    press(page, "Accept all")
    wait_for_proof(page, recorded(1)[0])
    page.route("**/cookies/v1/**", lambda route: route.abort())
    page.reload()
    page.wait_for_timeout(500)
    assert ran(page) == set()


def test_a_site_that_is_not_listed_shows_no_banner_and_runs_nothing(open_page, shop):
    CookieSite.objects.update(origins=["https://www.shop.example"])
    page = open_page()
    page.wait_for_timeout(500)
    assert (banner_of(page).count(), ran(page), CookieChoice.objects.count()) == (0, set(), 0)
    assert any("CORS policy" in text for text in page.complaints)


def test_words_of_officers_are_text_and_never_markup(open_page, shop):
    site = CookieSite.objects.get()
    site.texts = {"en": {"title": "<img src=x onerror=alert(1)>", "text": "Salt & <b>pepper</b>"}}
    site.save()
    publish(site, "odd words")
    page = open_page()
    expect(banner_of(page).locator("h2")).to_have_text("<img src=x onerror=alert(1)>")
    expect(banner_of(page)).to_contain_text("Salt & <b>pepper</b>")
    assert page.locator("#cc-main img").count() == 0


def test_nothing_sticks_out_on_a_small_phone(open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    expect(banner_of(page)).to_be_visible()
    press(page, "Choose by category")
    sections = page.locator("#cc-main button.pm__section-title")
    expect(sections).not_to_have_count(0)
    for each in sections.all():
        each.click()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    inside = page.locator(".pm__body").evaluate("each => each.scrollWidth - each.clientWidth")
    assert inside == 0
    assert re.search(r"_stats_\*", page.locator(".pm").inner_text())
