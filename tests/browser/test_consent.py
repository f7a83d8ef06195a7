"""People decide about consents, in the preference centre and by the links of our letters."""

import re

import pytest
from playwright.sync_api import Page, expect

from consent.models import ConsentRecord, CurrentConsent, Wording
from consent.services import publish_wording, record_consent, send_receipt
from privacy.ledger.actors import SYSTEM
from privacy.register.models import LawfulBasis, Purpose
from privacy.subjects.services import find_or_add_subject, find_subject
from tests.browser.people import open_link
from tests.browser.story import AMA

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NEWCOMER = "adwoa.sarpong@example.com"
READER = "yaw.darko@example.com"


@pytest.fixture
def desk(shared_desk):
    return shared_desk


@pytest.fixture
def customer(new_visitor) -> Page:
    return new_visitor()


def states(email: str) -> dict[str, str]:
    subject = find_subject(kind="email", value=email)
    return {each.purpose.code: each.decision for each in CurrentConsent.objects.filter(subject=subject)}


@pytest.fixture
def surveys(desk) -> Purpose:
    """Something else to agree to."""
    purpose = Purpose.objects.create(
        code="surveys", title="Surveys", description="We ask what you think.", lawful_basis=LawfulBasis.CONSENT,
        withdrawal_consequences="We stop asking.", data_categories=["contact"],
    )  # fmt: skip
    publish_wording(purpose=purpose, language="en", text="Yes, ask me what I think.", actor=SYSTEM)
    return purpose


def test_a_customer_agrees_to_what_they_were_shown_and_stops_everything_later(desk, stack, customer, surveys):
    customer.goto(stack.address(desk.host, "/preferences/"))
    customer.get_by_role("textbox").fill(AMA.email)
    customer.get_by_role("button", name=re.compile("link", re.IGNORECASE)).click()
    open_link(customer, stack.link_in_mail(AMA.email, "/preferences/"))
    customer.get_by_role("link", name=re.compile("Withdraw ?: Newsletter")).click()
    customer.get_by_role("button", name="Withdraw my consent").click()
    customer.goto(stack.address(desk.host, "/preferences/"))
    customer.get_by_role("link", name=re.compile("Agree ?: Newsletter")).click()
    words = customer.locator("main blockquote").inner_text()
    customer.get_by_role("button", name="I agree").click()
    expect(customer.get_by_role("status")).to_be_visible()
    given = ConsentRecord.objects.filter(decision="given", actor_kind="subject").get()
    assert (given.wording.text, given.method, states(AMA.email)) == (words, "electronic", {"newsletter": "given"})

    customer.goto(stack.address(desk.host, "/preferences/"))
    customer.get_by_role("link", name=re.compile("Agree ?: Surveys")).click()
    customer.get_by_role("button", name="I agree").click()
    customer.goto(stack.address(desk.host, "/preferences/"))
    customer.get_by_role("link", name=re.compile("Stop everything")).click()
    customer.locator("main").get_by_role("button").click()
    expect(customer.get_by_role("status")).to_be_visible()
    assert states(AMA.email) == {"newsletter": "withdrawn", "surveys": "withdrawn"}


def test_somebody_who_is_told_of_an_opt_out_says_no_with_one_click(desk, stack, customer, officer):
    page = officer(0)
    page.goto(stack.address(desk.host, "/officer/consent/optoutcampaign/add/"))
    wording = Wording.objects.get(purpose__code="newsletter", language="en")
    page.locator("select[name=wording]").select_option(str(wording.pk))
    page.locator("[name=period_days]").fill("30")
    page.locator("[name=emails]").fill(NEWCOMER)
    page.locator("main button[type=submit], #content button[type=submit]").last.click()
    expect(page.get_by_text("Newsletter").first).to_be_visible()

    customer.goto(stack.link_in_mail(NEWCOMER, "/preferences/no/"))
    assert states(NEWCOMER) == {}  # looking is no answer
    customer.locator("main").get_by_role("button").click()
    expect(customer.get_by_role("heading", name="Your no is recorded")).to_be_visible()
    assert states(NEWCOMER) == {"newsletter": "refused"}


def test_a_link_in_a_marketing_letter_unsubscribes_with_one_click(desk, stack, customer):
    purpose = Purpose.objects.get(code="newsletter")
    subject = find_or_add_subject(kind="email", value=READER)
    record = record_consent(subject=subject, purpose=purpose, decision="given", method="electronic", actor=SYSTEM)
    send_receipt(record=record, actor=SYSTEM)
    customer.goto(stack.unsubscribing_link(READER))
    expect(customer.get_by_text("You will no longer hear from us about new features")).to_be_visible()
    assert states(READER) == {"newsletter": "given"}
    customer.locator("main").get_by_role("button", name="Unsubscribe").click()
    expect(customer.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    assert states(READER) == {"newsletter": "withdrawn"}
