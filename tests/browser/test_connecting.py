"""An officer connects a database, reads its tables, confirms one, and is told of a column that came later."""

import re

import pytest
from playwright.sync_api import expect

from privacy.datamap.models import Dataset, Source
from tests.browser.people import sign_in
from tests.browser.test_runs import stack
from tests.privacy.datamap.test_sources import shop
from tests.privacy.datamap.test_trying import login
from tests.sources import change

__all__ = ["login", "shop", "stack"]
pytestmark = [pytest.mark.browser, pytest.mark.processes]


@pytest.mark.parametrize("width", [1280, 390])
def test_an_officer_connects_discovers_confirms_and_is_told_of_drift(desk, stack, new_visitor, shop, login, width):
    name, address = login
    change(shop, f"GRANT USAGE ON SCHEMA public TO {name}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    page = new_visitor(viewport={"width": width, "height": 900})
    sign_in(page, stack.address(desk.host, "/officer/"), desk.officers[0])

    def connect() -> None:
        page.get_by_label("Name").fill("Shop")
        page.get_by_label("Address").fill(address)
        page.get_by_role("button", name="Test and connect").click()

    page.goto(stack.address(desk.host, "/officer/datamap/source/add/"))
    connect()
    expect(page.get_by_text("The login may do too little")).to_be_visible()
    grants = page.locator(".pd-sql").inner_text()
    assert not Source.objects.filter(name="Shop").exists()
    _fits(page)
    change(shop, grants)
    connect()
    page.get_by_role("link", name="Discover tables").first.click()
    page.get_by_role("button", name="Discover tables").click()
    expect(page.get_by_role("heading", name="New tables")).to_be_visible()
    _fits(page)

    gift = Dataset.objects.get(source__name="Shop", table_name="gift")
    at = stack.address(desk.host, f"/officer/datamap/dataset/{gift.pk}/change/")
    page.goto(at)
    expect(page.get_by_text("several keys lead to a person (buyer_id, client_id); choose one")).to_be_visible()
    expect(page.get_by_text("by its name", exact=True)).to_be_visible()
    _fits(page)
    page.get_by_role("button", name="Save and confirm").click()
    expect(page.get_by_text("Several ways lead from public.gift to people")).to_be_visible()
    page.locator("#id_parent").select_option(label="Client")
    page.get_by_label("By the columns").fill("client_id = id")
    page.get_by_role("button", name="Save and confirm").click()
    expect(page.get_by_text("is saved and confirmed")).to_be_visible()
    gift.refresh_from_db()
    assert gift.confirmed_at is not None

    change(shop, "ALTER TABLE gift ADD COLUMN wishes text")
    page.goto(stack.address(desk.host, f"/officer/datamap/source/{gift.source_id}/discover/"))
    page.get_by_role("button", name="Discover tables").click()
    expect(page.get_by_text("public.gift.wishes")).to_be_visible()
    page.goto(stack.address(desk.host, "/officer/datamap/finding/"))
    told = page.locator("section", has=page.get_by_role("heading", name="New text column that nobody has classified"))
    expect(told.get_by_text(re.compile("wishes"))).to_be_visible()
    _fits(page)


def _fits(page) -> None:
    """Nothing of the page lies beside the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
