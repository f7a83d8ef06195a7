"""What can come between a request and its answer, and what ends a request before it is decided."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from privacy.jobs.models import Job
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date
from requests.enums import Outcome, RequestState
from requests.models import SubjectRequest
from tests.browser.people import do_next_step, open_link
from tests.browser.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.processes]

OURS = "operated_by = 'offixpro'"
LAWYER = {
    "behalf": "other", "representative_name": "Abena Antwi", "representative_authority": "lawyer",
    "representative_email": "abena.antwi@example.com",
}  # fmt: skip


@pytest.fixture
def desk(shared_desk):
    return shared_desk


@pytest.fixture
def story(desk, stack, new_visitor, officer, somebody) -> Story:
    return Story(desk, stack, new_visitor, officer, somebody)


@pytest.fixture
def alberta(desk):
    """A law under which time can be taken, and a fee that nobody answers ends the request."""
    OrganisationProfile.objects.update(laws=["CA-AB"])
    yield
    OrganisationProfile.objects.update(laws=["GH"])


def _is_told_the_cost(story) -> None:
    """The person asks for a copy, and reads what it costs."""
    story.asks("access", scope="Everything since 2019")
    story.does(
        "Estimate a fee", "Send the estimate", amount="120.00", currency="GHS", work="Copying 400 pages from paper."
    )
    story.gets_mail_that_says("Copying 400 pages from paper.")
    story.follows()
    story.person.get_by_role("link", name="Look at the cost and answer").click()
    expect(story.person.get_by_text("GHS 120.00")).to_be_visible()


def _is_given(story) -> None:
    """The copy is granted, made and told of."""
    story.officer_knows_the_person()
    story.grants()
    story.ends(RequestState.COMPLETED, Outcome.GRANTED)
    story.reads("Ready to download.")


def _answers_fee(story, answer: str, details: str = "") -> None:
    story.person.get_by_role("radio", name=answer).check()
    story.person.get_by_label("What you want instead").fill(details)
    story.person.get_by_role("button", name="Send my answer").click()


def _its_day_comes(story, kind: str, **slot: str) -> None:
    """What is to be done later about this case is done now."""
    jobs = Job.objects.filter(kind=kind, slot__startswith=str(story.case.pk))
    assert jobs.update(due_at=timezone.now(), **slot) == 1


def test_a_fee_is_declined_and_the_request_ends(story):
    _is_told_the_cost(story)
    _answers_fee(story, "No, do not go on")
    expect(story.person.locator("p.lead")).to_have_text("Closed: you withdrew it.")
    story.ends(RequestState.WITHDRAWN)
    story.gets_mail_that_says("As you wished, we have closed your request")


def test_less_is_asked_for_instead_of_paying(story):
    _is_told_the_cost(story)
    _answers_fee(story, "Change my request")
    expect(story.person.get_by_role("alert")).to_be_focused()
    _answers_fee(story, "Change my request", "Only my invoices of 2025.")
    expect(story.person.get_by_text("You changed your request.")).to_be_visible()
    story.officer.reload()
    expect(story.officer.get_by_text("Only my invoices of 2025.").first).to_be_visible()
    _is_given(story)


def test_a_question_comes_back_and_is_answered_on_the_page_of_the_request(story):
    story.asks("question", details="Who gets my data?")
    story.does("Ask the person", "Send the question", questions="Do you mean your invoices?")
    story.gets_mail_that_says("Do you mean your invoices?")
    story.follows()
    story.person.get_by_role("link", name="Reply").click()
    story.person.get_by_label("What do you want to tell us?").fill("Yes, those of May.")
    story.person.get_by_role("button", name="Send").click()
    expect(story.person.get_by_text("You wrote to us.")).to_be_visible()
    do_next_step(story.officer, "Answer", "Answer and close")
    expect(story.officer.get_by_role("alert").first).to_be_focused()
    expect(story.officer.get_by_text("Yes, those of May.")).to_be_visible()
    story.officer.get_by_label("Answer, as the person will read it").fill("The tax authority.")
    story.officer.get_by_role("button", name="Answer and close").click()
    story.ends(RequestState.COMPLETED, Outcome.ANSWERED)
    story.gets_mail_that_says("The tax authority.")
    story.reads("Answered. We have written to you.")


def test_a_lawyer_asks_and_gets_the_answer_once_the_authority_was_seen(story):
    story.asks("access", **LAWYER)
    expect(story.officer.get_by_text("by a representative")).to_be_visible()
    story.gets_mail_that_says("Please show us that you may act for somebody else")
    story.does("Authority was seen", "I have seen it", evidence="Mandate signed on 3 May.")
    _is_given(story)
    open_link(story.person, story.stack.link_in_mail(LAWYER["representative_email"], "/requests/download/"))
    expect(story.person.get_by_role("button", name="Download")).to_be_visible()
    assert story.stack.mails_to(story.who.email) == []


def test_a_lawyer_who_shows_no_authority_learns_nothing(story):
    story.asks("access", **LAWYER)
    do_next_step(story.officer, "No authority was shown", "Reject and close")
    story.ends(RequestState.IDENTITY_REJECTED)
    story.gets_mail_that_says("We could not make sure that you may make the request")
    story.reads("Closed: we could not confirm that you may ask for somebody else. Our letter says how to go on.")
    assert story.stack.mails_to(story.who.email) == []


def test_identity_is_not_shown_in_time(story):
    story.asks("access")
    story.does("Ask who they are", "Send the question", ways="the number of one of your invoices")
    story.gets_mail_that_says("the number of one of your invoices")
    yesterday = local_date(timezone.now()) - timedelta(days=1)
    SubjectRequest.objects.filter(pk=story.case.pk).update(identity_until=yesterday)
    _its_day_comes(story, "requests.lapse_identity", slot=f"{story.case.pk}/{yesterday}")
    story.ends(RequestState.IDENTITY_REJECTED)
    story.gets_mail_that_says("We have had no answer that was enough for it.")
    story.reads("Closed: we could not confirm that it is you. Our letter says how to go on.")


def test_a_request_whose_link_is_not_used_lapses(story):
    story.sends("access")
    link = story.stack.link_in_mail(story.who.email, "/requests/confirm/")
    SubjectRequest.objects.filter(pk=story.case.pk).update(received_at=timezone.now() - timedelta(days=60))
    _its_day_comes(story, "requests.lapse")
    story.ends(RequestState.LAPSED)
    story.person.goto(link)
    story.person.locator("main").get_by_role("button").click()
    expect(story.person.get_by_role("heading", level=1)).to_have_text("This link does not work any more")
