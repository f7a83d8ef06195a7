"""What can come between a request and its answer, and what ends a request before it is decided."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from privacy.jobs.models import Job
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date
from requests.enums import Outcome, RequestState
from requests.models import FeeEstimate, SubjectRequest
from tests.browser.people import do_next_step, open_link
from tests.browser.story import AMA, Story

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


def test_a_fee_is_accepted_and_the_copy_is_given(story):
    _is_told_the_cost(story)
    _answers_fee(story, "Yes, go on")
    expect(story.person.get_by_text("You said that you want to go on.")).to_be_visible()
    _is_given(story)


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


@pytest.mark.usefixtures("alberta")
def test_a_fee_that_nobody_answers_ends_the_request(story):
    _is_told_the_cost(story)
    yesterday = local_date(timezone.now()) - timedelta(days=1)
    FeeEstimate.objects.filter(case=story.case).update(lapses_on=yesterday)
    _its_day_comes(story, "requests.lapse_fee")
    story.ends(RequestState.WITHDRAWN, Outcome.FEE_LAPSED)
    story.gets_mail_that_says("We have had no answer, so the law takes the request as withdrawn")
    story.reads("Closed: we had no answer about the fee. You owe nothing, and can ask again at any time.")


@pytest.mark.usefixtures("alberta")
def test_more_time_is_taken_and_the_person_reads_until_when(story):
    story.asks("access")
    story.does("Take more time", "Write to the person and move the date", reasons="Two archives have to be asked.")
    story.gets_mail_that_says("Two archives have to be asked.")
    story.reads("Received. We are making sure that it is you.")
    day = story.case.due_on.strftime("%A %-d %B %Y")
    expect(story.person.get_by_text(f"by {day} at the latest")).to_be_visible()
    expect(story.person.get_by_text("We told you that we need more time, and why.")).to_be_visible()
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
    story.officer.get_by_role("link", name="Answer").first.click()
    story.officer.get_by_role("button", name="Answer and close").click()
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


def test_the_data_of_a_minor_goes_without_days_to_think_it_over(story):
    OrganisationProfile.objects.update(cooling_off_hours=48)
    try:
        story.asks("erasure", **LAWYER | {"representative_authority": "guardian", "is_minor": "yes"})
        expect(story.officer.get_by_text("minor: urgent")).to_be_visible()
        story.does("Authority was seen", "I have seen it", evidence="Certificate of birth.")
        story.officer_knows_the_person()
        story.grants()
        do_next_step(story.second, "Approve", "Approve and erase")
    finally:
        OrganisationProfile.objects.update(cooling_off_hours=0)
    story.ends(RequestState.COMPLETED, Outcome.GRANTED)
    assert story.desk.rows(f"SELECT count(*) FROM crm.customer WHERE {OURS} AND email = %s", story.who.email) == [(0,)]
    story.gets_mail_that_says("The data is deleted")
    story.gets_mail_that_says(f"This letter is about {story.who.name}, for whom you act.")
    story.reads("Done: your data is deleted. Our letter names what a law makes us keep.")


def test_identity_is_asked_for_and_rejected(story):
    story.asks("portability")
    story.does("Ask who they are", "Send the question", ways="the number of one of your invoices")
    story.gets_mail_that_says("the number of one of your invoices")
    do_next_step(story.officer, "Reject identity", "Reject and close")
    story.ends(RequestState.IDENTITY_REJECTED)
    story.gets_mail_that_says("nothing was disclosed and nothing was deleted")
    story.reads("Closed: we could not confirm that it is you. Our letter says how to go on.")


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


def test_a_person_withdraws_while_their_data_is_looked_at(story):
    story.asks("restriction", everything="on")
    story.officer_knows_the_person()
    story.follows()
    story.person.get_by_role("link", name="Withdraw my request").click()
    story.person.get_by_role("button", name="Withdraw my request").click()
    expect(story.person.get_by_role("heading", name="Your request is withdrawn")).to_be_visible()
    story.ends(RequestState.WITHDRAWN)
    story.gets_mail_that_says("As you wished, we have closed your request")


def test_the_same_asked_twice_is_joined(story):
    first = story.asks("objection", everything="on")
    story.stack.forget_mails()
    story.asks("objection", everything="on")
    story.officer.get_by_role("link", name="Join to an earlier case").click()
    story.officer.locator("select[name=into]").select_option(value=str(SubjectRequest.objects.get(reference=first).pk))
    story.officer.get_by_role("button", name="Join and close this one").click()
    story.ends(RequestState.JOINED)
    story.gets_mail_that_says(f"we go on with your request {first}")
    story.reads("Closed: we answer it together with another request of yours.")


def test_nonsense_is_closed_and_nobody_is_written_to(story):
    story.asks("question", details="Buy cheap pills")
    story.reads("Received. We are looking into your question.")
    before = len(story.stack.mails_to(story.who.email))
    story.does("This is no request", "Close as spam", reason="Advertising.")
    story.ends(RequestState.SPAM)
    story.person.reload()
    expect(story.person.locator("p.lead")).to_have_text(
        "Closed: we could not recognise a request. Write to us if that is wrong."
    )
    assert len(story.stack.mails_to(story.who.email)) == before


def test_a_withdrawal_of_consent_by_telephone_is_entered_and_carried_out(story, officer):
    story.who, story.writes_from = AMA, AMA.email  # she has given a consent
    page = officer(0)
    page.goto(story.queue + "enter/")
    page.get_by_role("button", name="Enter the case").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    for name, choice in {"kind": "consent_withdrawal", "channel": "phone", "identifier_kind": "email"}.items():
        page.locator(f"select[name={name}]").select_option(choice)
    page.locator("input[name=identifier]").fill(story.who.email)
    page.locator("textarea[name=details]").fill("No newsletter any more, please.")
    page.get_by_role("button", name="Enter the case").click()
    story.reference = page.locator(".pd-reference").first.inner_text()
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Decide what stops").first.click()
    story.officer.get_by_label("Newsletter").check()
    story.officer.get_by_role("button", name="Note the purposes").click()
    story.officer.locator("select[name$=verdict]").select_option("stop")
    story.officer.get_by_role("button", name="Decide and carry out").click()
    story.ends(RequestState.COMPLETED, Outcome.GRANTED)
    story.gets_mail_that_says("we have recorded that you withdraw your consent")
    story.reads("Done: your consent has ended.")
