"""Giving, withdrawing, opting out and stopping in a real browser, on a small phone and without scripts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consent.models import CurrentConsent, OptOutCampaign, OptOutNotice
from consent.services import publish_wording
from consent.services.campaigns import begin_campaign, campaign_slice
from consent.unsubscribing import unsubscribe_token
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.register.models import Purpose
from privacy.subjects.links import new_link
from privacy.subjects.models import LinkPurpose
from privacy.subjects.services import find_or_add_subject
from tests.browser.conftest import chromium, new_visitor
from tests.portal.test_in_browser import address, in_browsers_thread

__all__ = ["address", "chromium", "in_browsers_thread", "new_visitor"]
pytestmark = pytest.mark.browser


@pytest.fixture
def link(address):
    """The mailed link of somebody who was asked about two purposes."""
    for code in ("newsletter", "surveys"):
        purpose = Purpose.objects.create(
            code=code, title=code.title(), description=f"We use your data for {code}.", lawful_basis="consent",
            withdrawal_consequences=f"No more {code}.",
        )  # fmt: skip
        publish_wording(purpose=purpose, language="en", text=f"Yes to {code}.", actor=SYSTEM)
    subject = find_or_add_subject(kind="email", value="ama@example.com")
    return f"{address}/preferences/{new_link(purpose=LinkPurpose.PREFERENCES, subject=subject)}/"


def _decisions() -> dict[str, str]:
    return dict(CurrentConsent.objects.values_list("purpose__code", "decision"))


def test_what_is_given_with_two_clicks_is_withdrawn_with_two_and_stopped_at_once(link, new_visitor):
    page = new_visitor(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto(link)
    page.get_by_role("button", name="Show my consents").click()

    def decide(code, action, button):
        page.get_by_role("link", name=re.compile(rf"{action}\s*: {code.title()}")).click()
        expect(page.get_by_text(f"Yes to {code}.")).to_be_visible()
        page.get_by_role("button", name=button).click()
        page.get_by_role("link", name="Back to your consents").click()

    decide("newsletter", "Agree", "I agree")
    decide("surveys", "Agree", "I agree")
    assert _decisions() == {"newsletter": "given", "surveys": "given"}
    page.get_by_role("link", name=re.compile(r"Withdraw\s*: Surveys")).click()
    expect(page.get_by_text("No more surveys.")).to_be_visible()  # before the button
    page.get_by_role("button", name="Withdraw my consent").click()
    page.get_by_role("link", name="Back to your consents").click()
    assert _decisions() == {"newsletter": "given", "surveys": "withdrawn"}
    page.get_by_role("link", name=re.compile(r"Receipt\s*: Surveys")).click()
    expect(page.get_by_role("heading", name="You withdrew your consent")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="As PDF, to read and to print").click()
    assert download.value.suggested_filename.endswith(".pdf")
    page.get_by_role("link", name="Your consents").first.click()
    decide("surveys", "Agree", "I agree")
    page.get_by_role("link", name="Stop everything").click()
    for consequence in ("No more newsletter.", "No more surveys."):
        expect(page.get_by_text(consequence)).to_be_visible()
    page.get_by_role("button", name="Stop everything").click()
    expect(page.get_by_role("heading", name="Everything is stopped")).to_be_visible()
    assert _decisions() == {"newsletter": "withdrawn", "surveys": "withdrawn"}


PEOPLE = ("ama", "kofi", "esi", "yaw")


@pytest.fixture
def told(link) -> dict[str, Letter]:
    """The letters of an opt-out campaign about the newsletter, by the name of whom they went to."""
    words = Purpose.objects.get(code="newsletter").wordings.get()
    emails = [f"{name}@example.com" for name in PEOPLE]
    campaign = begin_campaign(wording=words, period_days=30, emails=emails, actor=SYSTEM)
    campaign_slice(f"{campaign.pk}:tell")
    letters = Letter.objects.filter(kind="consent_opt_out")
    return {each.address.partition("@")[0]: each for each in letters}


def _days_pass() -> None:
    """The letters went out, and the days to object are over."""
    Letter.objects.update(state="sent", sent_at=timezone.now())
    past = timedelta(days=31)
    OptOutNotice.objects.update(told_at=timezone.now() - past)
    campaign = OptOutCampaign.objects.get()
    OptOutCampaign.objects.update(closes_on=campaign.closes_on - past)
    campaign_slice(f"{campaign.pk}:record")


def test_opting_out_is_a_link_and_a_button_by_letter_mail_program_or_preference_centre(
    told, link, address, new_visitor
):
    """Ama by the link of her letter, Esi by her mail program, Yaw by stopping everything; Kofi is silent."""
    page = new_visitor(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto(re.sub(r"^https?://[^/]+", address, told["ama"].secret))
    page.get_by_role("button", name="I do not want this").click()
    expect(page.get_by_role("heading", name="Your no is recorded")).to_be_visible()
    page.goto(f"{address}/preferences/unsubscribe/{unsubscribe_token(told['esi'])}/")
    expect(page.get_by_text("No more newsletter.")).to_be_visible()  # before the button
    page.locator("form button[type=submit]").click()
    page.wait_for_load_state()
    yaw = new_link(purpose=LinkPurpose.PREFERENCES, subject=told["yaw"].subject)
    page.goto(f"{address}/preferences/{yaw}/")
    page.get_by_role("button", name="Show my consents").click()
    page.get_by_role("link", name="Stop everything").click()
    expect(page.get_by_role("heading", name="What you are not taken to agree to")).to_be_visible()
    page.get_by_role("button", name="Stop everything").click()
    expect(page.get_by_role("heading", name="Everything is stopped")).to_be_visible()
    _days_pass()
    decided = {each.subject_id: each.decision for each in CurrentConsent.objects.all()}
    assert {name: decided[told[name].subject_id] for name in PEOPLE} == {
        "ama": "refused", "kofi": "given", "esi": "withdrawn", "yaw": "refused",
    }  # fmt: skip
    page.goto(re.sub(r"^https?://[^/]+", address, told["kofi"].secret))  # also after the days are over
    page.get_by_role("button", name="I do not want this").click()
    expect(page.get_by_role("heading", name="Your no is recorded")).to_be_visible()
    assert CurrentConsent.objects.get(subject=told["kofi"].subject).decision == "withdrawn"
