"""What only a real browser can tell of the desk: how its lists and tabs fit the screen."""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from privacy.datamap.models import Dataset, Field, Source
from privacy.ledger.actors import SYSTEM
from privacy.officers.models import Officer, Role
from privacy.tenants.context import public_context
from privacy.tenants.models import Domain
from requests.models import SubjectRequest
from retention.enums import HoldKind
from retention.models import Hold, Rule
from retention.services import place_hold, save_rule
from tests.browser.conftest import chromium, new_visitor
from tests.conftest import PASSWORD
from tests.officer.making import make_case
from tests.portal.serving import served
from tests.requests.conftest import letter_kinds

__all__ = ["chromium", "new_visitor"]
pytestmark = pytest.mark.browser


@pytest.fixture
def address(chromium, committed, monkeypatch) -> Iterator[str]:
    """The desk of an organisation with one hold, served for a browser."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # nothing here is awaited
    Officer.objects.create_user(
        email="efe@example.com", password=PASSWORD, full_name="Efe Owusu", role=Role.PRIVACY_OFFICER
    )
    place_hold(kind=HoldKind.LEGAL, matter="File 15", actor=SYSTEM, category="decision")
    with public_context():
        host = Domain.objects.get(tenant=committed).domain
    with served() as port:
        yield f"http://{host}:{port}/officer/"
    connections.close_all()


@pytest.mark.parametrize(("width", "above", "in_rows"), [(1280, True, False), (390, False, True)])
def test_a_list_has_its_headings_above_on_a_wide_screen_and_in_each_row_on_a_narrow_one(
    address, new_visitor, width, above, in_rows
):
    page = _signed_in(new_visitor, address, width)
    page.goto(f"{address}retention/hold/")
    assert page.locator("#result_list tbody tr").count() == Hold.objects.count() == 1
    assert page.locator("#result_list thead").is_visible() == above
    assert _rows_say_headings(page) == {in_rows}
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_the_longest_condition_that_is_taken_fits_the_screen(address, new_visitor, width):
    source = Source.objects.create(name="Shop", address="postgresql://nobody@127.0.0.1:1/nothing")
    dataset = Dataset.objects.create(
        source=source, table_name="client", label="Clients", primary_key=["id"],
        scope=[{"column": "status", "op": "=", "value": "x" * 491}],
    )  # fmt: skip
    Field.objects.create(dataset=dataset, column="left_on", data_type="date", category="business")
    rule = Rule(
        name="Old", dataset=dataset, start_dataset=dataset, start_column="left_on", amount=30, action="delete",
        legal_reason="policy", conditions=[{"column": "status", "op": "=", "value": "x" * 491}],
    )  # fmt: skip
    save_rule(rule=rule, actor=SYSTEM)
    page = _signed_in(new_visitor, address, width)
    for each in (
        f"retention/rule/{rule.pk}/change/", "retention/rule/", f"retention/rule/{rule.pk}/start-now/",
        f"datamap/dataset/{dataset.pk}/change/",
    ):  # fmt: skip
        page.goto(address + each)
        assert page.content().count("x" * 491) or each.endswith("rule/")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, each
    Officer.objects.update(role=Role.AUDITOR)
    page.goto(f"{address}retention/rule/{rule.pk}/change/")
    assert page.locator(".pd-lines").count()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_the_tab_one_is_on_is_in_view(address, new_visitor, width):
    page, case = _signed_in(new_visitor, address, width), make_case()
    for code in ("case", "letters", "approvals"):
        page.goto(f"{address}requests/subjectrequest/{case.pk}/change/?tab={code}")
        expect(page.locator(".pd-tabs [aria-current]")).to_be_in_viewport(ratio=0.99)


def test_a_letter_that_is_sent_again_after_the_back_button_goes_once(address, new_visitor):
    page, case = _signed_in(new_visitor, address, 1280), make_case(kind="complaint")
    act = f"{address}requests/subjectrequest/{case.pk}/write-progress/"
    page.goto(act)
    for said in ("The letter is on its way.", "You had sent this page already."):
        page.fill("[name=text]", "We have asked the shop for its records.")
        page.click("button:text-is('Send the letter')")
        expect(page.locator("body")).to_contain_text(said)
        page.go_back()
        expect(page).to_have_url(act)
    assert letter_kinds(case).count("complaint_progress") == 1
    page.goto(act.replace("/write-progress/", "/change/"))
    page.goto(act)  # opened anew, it is another letter
    page.fill("[name=text]", "We have asked the shop for its records.")
    page.click("button:text-is('Send the letter')")
    expect(page.locator("body")).to_contain_text("The letter is on its way.")
    assert letter_kinds(case).count("complaint_progress") == 2


def _signed_in(new_visitor, address: str, width: int) -> Page:
    page = new_visitor(viewport={"width": width, "height": 900})
    page.goto(address)
    page.fill("[name=username]", "efe@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    return page


def _rows_say_headings(page: Page) -> set[bool]:
    """Whether the cells of a list repeat the heading of their column."""
    return set(
        page.eval_on_selector_all(
            "#result_list tbody [data-label]",
            "cells => cells.map(cell => getComputedStyle(cell, '::before').display !== 'none')",
        )
    )


def test_what_an_officer_wrote_comes_back_under_the_labels_they_saw(address, new_visitor):
    page, case = _signed_in(new_visitor, address, 390), make_case(kind="access", state="deciding")
    page.goto(f"{address}requests/subjectrequest/{case.pk}/decide/")
    refusal = page.locator("form[action$='/refuse/']")
    refusal.locator("[name=text]").fill("It tells what your neighbour said.")
    refusal.locator("[name=ground]").select_option("GH.third_party")
    chosen = refusal.locator("[name=ground] option:checked").inner_text()
    SubjectRequest.objects.filter(pk=case.pk).update(state="planning")
    refusal.locator("[type=submit]").click()
    shown = page.locator("main, #content-main").last
    expect(shown).to_contain_text("There is nothing to decide in this case now.")
    labels = page.locator("#content-main .pd-card strong")
    expect(labels).to_have_text(["Ground in law", "Reasons, as the person will read them"])
    assert page.locator(".pd-quote").all_inner_texts() == [chosen, "It tells what your neighbour said."]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
