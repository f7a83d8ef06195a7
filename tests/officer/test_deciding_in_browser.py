"""A rectification and an objection, decided by an officer in a real browser, from the queue to the closed case."""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import expect

from privacy.officers.models import Officer, Role
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.selectors import is_restricted
from privacy.tenants.context import public_context
from privacy.tenants.models import Domain
from tests.browser.conftest import chromium, new_visitor
from tests.conftest import PASSWORD
from tests.portal.serving import served
from tests.requests import narrowing_cases, shops
from tests.requests.conftest import run_jobs
from tests.requests.test_rectification import NAME, opened

__all__ = ["chromium", "new_visitor"]
pytestmark = pytest.mark.browser


@pytest.fixture
def officer(chromium, committed) -> Officer:
    return Officer.objects.create_user(
        email="efe@example.com", password=PASSWORD, full_name="Efe Owusu", role=Role.PRIVACY_OFFICER
    )


@pytest.fixture
def desk(officer, committed, new_visitor, monkeypatch) -> Iterator:
    """A signed-in browser, and the address of the cases."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # nothing here is awaited
    with public_context():
        host = Domain.objects.get(tenant=committed).domain
    with served() as port:
        page = new_visitor(viewport={"width": 1280, "height": 1600})
        page.goto(f"http://{host}:{port}/officer/")
        page.fill("[name=username]", "efe@example.com")
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        expect(page.locator("[name=password]")).to_have_count(0)
        yield page, f"http://{host}:{port}/officer/requests/subjectrequest"
    connections.close_all()


def test_a_correction_is_decided_among_the_values_of_the_source(committed, officer, desk, tmp_path, settings):
    settings.SQLITE_SOURCE_DIRECTORIES = {committed.slug: [tmp_path]}
    page, cases = desk
    with shops.in_sqlite(tmp_path) as shop:
        case = opened(officer, NAME)
        page.goto(f"{cases}/{case.pk}/change/")
        page.get_by_role("link", name="Decide the changes").first.click()
        assert page.locator("#id_change-0-place option:checked").inner_text() == f"Full name: {NAME['old']}"
        page.select_option("#id_change-0-verdict", "correct")
        page.get_by_role("button", name="Decide and carry out").click()
        expect(page.get_by_text("Decided. What is granted is being carried out.")).to_be_visible()
        run_jobs("requests.correct")
        page.goto(f"{cases}/{case.pk}/change/?tab=timeline")
        expect(page.get_by_text("Correction carried out and verified; case closed")).to_be_visible()
        assert shop.rows_of(shops.AMA)["customer"][0][2] == NAME["new"]


def test_an_objection_is_decided_purpose_by_purpose(committed, officer, desk):
    page, cases = desk
    purpose = Purpose.objects.create(
        code="profiles", title="Profiles", description="Offers that fit.", lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS
    )
    case = narrowing_cases.opened("objection", officer, "profiles")
    page.goto(f"{cases}/{case.pk}/change/")
    page.get_by_role("link", name="Decide what stops").first.click()
    page.select_option("#id_scope-0-verdict", "marketing")
    page.get_by_role("button", name="Decide and carry out").click()
    expect(page.get_by_text("Decided and carried out.")).to_be_visible()
    assert is_restricted(case.subject, purpose)
