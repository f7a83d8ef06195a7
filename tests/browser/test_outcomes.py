"""Every way in which a case can end, as the person reads it and the officer sees it."""

import pytest
from playwright.sync_api import expect

from privacy.register.models import OrganisationProfile, Purpose
from privacy.register.restrictions.selectors import is_restricted
from privacy.subjects.services import find_subject
from requests.enums import Outcome, RequestState
from tests.browser.people import carry_out, do_next_step, every, open_link, reload_until
from tests.browser.story import Somebody, Story

pytestmark = [pytest.mark.browser, pytest.mark.processes]

OURS = "operated_by = 'offixpro'"
REASONS = "It says things about a colleague of yours."
CLOSED_BY_REFUSAL = "Closed: we could not do what you asked. Our letter gives the reasons and your options."


@pytest.fixture
def desk(shared_desk):
    return shared_desk


@pytest.fixture
def story(desk, stack, new_visitor, officer, somebody) -> Story:
    return Story(desk, stack, new_visitor, officer, somebody)


def test_a_copy_is_given_in_part_and_the_officer_is_told_what_is_missing(story):
    story.asks("access")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Decide").first.click()
    parts = story.officer.locator("fieldset.pd-part")
    for part in every(parts):
        part.get_by_label("Grant", exact=True).check()
    refused = parts.filter(has_text="contact").first
    refused.get_by_label("Refuse", exact=True).check()
    refused.get_by_label("Ground in law").select_option("GH.third_party")
    refused.get_by_label("Reasons, as the person will read them").fill(REASONS)
    story.officer.get_by_role("button", name="Decide", exact=True).click()

    problem = story.officer.get_by_role("alert")
    expect(problem).to_contain_text("The law wants given what can be given without the rest")
    expect(problem).to_be_focused()
    expect(problem).to_be_in_viewport()
    refused.get_by_label("I have looked: nothing of it can be given").check()
    story.officer.get_by_role("button", name="Decide", exact=True).click()

    story.ends(RequestState.COMPLETED, Outcome.PARTIAL)
    story.gets_mail_that_says(REASONS)
    story.gets_mail_that_says("Access would reveal personal information about another person.")
    story.follows()
    expect(story.person.get_by_text("We decided to do part of what you asked.")).to_be_visible()
    open_link(story.person, story.stack.link_in_mail(story.who.email, "/requests/download/"))
    expect(story.person.get_by_role("button", name="Download")).to_be_visible()


def test_an_erasure_is_granted_in_part(story):
    story.asks("erasure")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Decide").first.click()
    parts = story.officer.locator("fieldset.pd-part")
    for part in every(parts):
        part.get_by_label("Grant", exact=True).check()
    refused = parts.last
    refused.get_by_label("Refuse", exact=True).check()
    refused.get_by_label("Ground in law").select_option("GH.needed_for_purpose")
    refused.get_by_label("Reasons, as the person will read them").fill("Your subscription runs until May.")
    carry_out(story.officer, story.officer.get_by_role("button", name="Decide", exact=True))
    reload_until(story.officer, "Awaiting second approval")
    do_next_step(story.second, "Approve", "Approve")
    story.ends(RequestState.COMPLETED, Outcome.PARTIAL)
    story.gets_mail_that_says("Your subscription runs until May.")
    story.gets_mail_that_says("A part of your data is deleted")
    story.reads("Done in part. Our letter says what is deleted, and why the rest is not.")


def test_one_of_two_corrections_is_made(story):
    new = "+233240777888"
    story.asks(
        "rectification", what_0="Telephone number", old_0=story.who.phone, new_0=new,
    )  # fmt: skip
    story.officer_knows_the_person("Decide the changes")
    story.officer.get_by_role("link", name="Decide the changes").first.click()
    story.officer.get_by_label("What is to be changed").fill("Name")
    story.officer.get_by_label("What it should say").fill("King of Accra")
    story.officer.get_by_role("button", name="Note the change").click()
    verdicts = story.officer.locator("select[name$=verdict]")
    expect(verdicts).to_have_count(2)
    first, second = verdicts.all()
    first.select_option(label="Correct")
    second.select_option(label="Refuse")
    story.officer.get_by_role("button", name="Decide and carry out").click()
    expect(story.officer.get_by_role("alert")).to_be_focused()

    first, second = every(story.officer.locator("form section.pd-card"))[:2]
    of_customers = first.locator("optgroup[label$=Customers] option", has_text=story.who.phone).first
    first.locator("select[name$=place]").select_option(value=of_customers.get_attribute("value"))
    second.locator("select[name$=ground]").select_option("ANY.data_is_correct")
    second.locator("select[name$=category]").select_option("identity")
    second.locator("textarea[name$=reasons]").fill("Your passport says otherwise.")
    story.officer.get_by_role("button", name="Decide and carry out").click()
    story.ends(RequestState.COMPLETED, Outcome.PARTIAL)
    assert story.desk.rows(f"SELECT phone FROM crm.customer WHERE {OURS} AND email = %s", story.who.email) == [(new,)]
    story.gets_mail_that_says("Your passport says otherwise.")
    story.reads("Done in part. Our letter says what is corrected, and why the rest is not.")


def test_an_objection_to_one_of_two_uses_is_heeded(story):
    story.asks("objection", purposes="analytics")
    story.officer_knows_the_person()
    page = story.officer
    page.get_by_role("link", name="Decide what stops").first.click()
    page.get_by_label("Payments and invoices").check()
    page.get_by_role("button", name="Note the purposes").click()
    cards = page.locator("form > section.pd-card")
    stopped, goes_on = (
        cards.filter(has=page.get_by_role("heading", name=each))
        for each in ("Improving the service", "Payments and invoices")
    )
    stopped.get_by_label("Decision").select_option("stop")
    goes_on.get_by_label("Decision").select_option("refuse")
    goes_on.get_by_label("Ground in law").select_option("GH.necessary_without_consent")
    goes_on.get_by_label("Reasons, as the person will read them").fill("We have to write you invoices.")
    page.get_by_role("button", name="Decide and carry out").click()
    story.ends(RequestState.COMPLETED, Outcome.PARTIAL)
    person = find_subject(kind="email", value=story.who.email)
    codes = ("analytics", "billing")
    assert [is_restricted(person, Purpose.objects.get(code=code)) for code in codes] == [True, False]
    story.gets_mail_that_says("We have to write you invoices.")
    story.reads("Done in part. Our letter says what has stopped, and why the rest goes on.")


@pytest.mark.parametrize("kind", ["portability", "erasure"])
def test_all_of_it_is_refused(story, kind):
    story.asks(kind)
    story.officer_knows_the_person()
    ground = {"portability": "GH.third_party", "erasure": "GH.retention_required"}[kind]
    story.refuses(ground, REASONS)
    story.ends(RequestState.REFUSED, Outcome.REFUSED)
    story.gets_mail_that_says(REASONS)
    story.reads(CLOSED_BY_REFUSAL)
    assert story.desk.rows(f"SELECT count(*) FROM crm.customer WHERE {OURS} AND email = %s", story.who.email) == [(1,)]


def test_a_refusal_that_lacks_something_says_so_where_it_is_seen(story):
    story.asks("access")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Decide").first.click()
    story.officer.get_by_role("button", name="Refuse and write to the person").click()
    problem = story.officer.get_by_role("alert")
    expect(problem).to_be_focused()
    expect(problem).to_be_in_viewport()
    expect(problem.get_by_role("listitem")).to_have_count(2)
    story.officer.locator("select[name=ground]").select_option("ANY.nothing_held")
    story.officer.locator("textarea[name=text]").fill(REASONS)
    story.officer.locator("form[action$='/refuse/'] input[name=alternatives][value=summary]").check()
    story.officer.get_by_role("button", name="Refuse and write to the person").click()
    expect(problem).to_contain_text("This ground leaves no room for one of these offers")
    expect(story.officer.locator("textarea[name=text]")).to_have_value(REASONS)
    assert story.case.state == RequestState.DECIDING


def test_a_correction_is_refused_and_the_persons_words_stay_beside_the_data(story):
    story.asks("rectification", what_0="Telephone number", old_0=story.who.phone, new_0="+233240777999")
    story.officer_knows_the_person("Decide the changes")
    story.officer.get_by_role("link", name="Decide the changes").first.click()
    story.officer.locator("select[name$=verdict]").select_option(label="Refuse")
    story.officer.locator("select[name$=ground]").select_option("GH.credible_evidence")
    story.officer.locator("select[name$=category]").select_option("contact")
    story.officer.locator("textarea[name$=reasons]").fill("We called it yesterday, and you answered.")
    story.officer.get_by_role("button", name="Decide and carry out").click()
    story.ends(RequestState.REFUSED, Outcome.REFUSED)
    story.gets_mail_that_says("We called it yesterday, and you answered.")
    story.reads(
        "Closed: we did not change your data. What you say stands beside it and goes with it; our letter says why."
    )


@pytest.mark.parametrize("kind", ["objection", "restriction"])
def test_the_use_goes_on(story, kind):
    story.asks(kind, everything="on")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Decide what stops").first.click()
    story.officer.get_by_role("button", name="Decide and carry out").click()
    expect(story.officer.get_by_role("alert")).to_be_focused()
    story.officer.locator("select[name$=verdict]").select_option("refuse")
    story.officer.locator("select[name$=ground]").select_option("GH.no_unwarranted_damage")
    story.officer.locator("textarea[name$=reasons]").fill("Without it we cannot serve you.")
    story.officer.get_by_role("button", name="Decide and carry out").click()
    story.ends(RequestState.REFUSED, Outcome.REFUSED)
    story.gets_mail_that_says("Without it we cannot serve you.")
    words = {"objection": "Closed: we go on. Our letter gives the reasons and your options."}
    story.reads(words.get(kind, CLOSED_BY_REFUSAL))


def test_nothing_is_held_about_who_asks(story):
    story.who = Somebody("Nobody Here", "nobody.here@example.org")
    story.asks("access")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Decide").first.click()
    expect(story.officer.get_by_text("Nothing about this person was found in any source.")).to_be_visible()
    story.officer.go_back()
    story.refuses("ANY.nothing_held", "We looked in every system of ours.")
    story.ends(RequestState.REFUSED, Outcome.REFUSED)
    story.gets_mail_that_says("We hold no personal data that this request could be about.")
    story.reads(CLOSED_BY_REFUSAL)


def test_an_excessive_request_is_refused_under_a_law_that_knows_it(story):
    OrganisationProfile.objects.update(laws=["EU"])
    try:
        story.asks("access")
        story.officer_knows_the_person()
        story.refuses("EU.manifestly_excessive", "It is the ninth this week.")
    finally:
        OrganisationProfile.objects.update(laws=["GH"])
    story.ends(RequestState.REFUSED, Outcome.REFUSED)
    story.gets_mail_that_says("It is the ninth this week.")
    story.reads(CLOSED_BY_REFUSAL)


def test_a_decision_of_a_machine_becomes_another_one(story):
    story.asks("reconsideration", decision="My plan was refused.")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Answer").first.click()
    story.officer.get_by_label("Yes, it is another one now").check()
    story.officer.get_by_label("The new decision, if it is changed").fill("You get the larger plan.")
    story.officer.get_by_label("Reasons, as the person will read them").fill("The machine misread your invoices.")
    story.officer.get_by_label("I had no part in this decision, and looked at it myself").check()
    story.officer.get_by_role("button", name="Answer and close").click()
    story.ends(RequestState.COMPLETED, Outcome.ANSWERED)
    story.gets_mail_that_says("You get the larger plan.")
    story.reads("A person has looked at the decision. We have written to you.")


@pytest.mark.parametrize(
    ("choice", "outcome", "words"),
    [
        ("Upheld in part", Outcome.PARTLY_UPHELD,
         "Answered: you are right in part. Our letter says what we found."),
        ("Not upheld", Outcome.NOT_UPHELD,
         "Answered: your complaint is not upheld. Our letter says why, and who hears you next."),
    ],
)  # fmt: skip
def test_a_complaint_is_right_in_part_or_not(story, choice, outcome, words):
    story.asks("complaint", details="Nobody wrote back.")
    story.officer.get_by_role("link", name="Answer").first.click()
    story.officer.get_by_role("button", name="Answer and close").click()
    expect(story.officer.get_by_role("alert").first).to_be_focused()
    story.officer.get_by_label(choice, exact=True).check()
    story.officer.get_by_label("What was found, as the person will read it").fill("Our mail of May came back.")
    story.officer.get_by_role("button", name="Answer and close").click()
    story.ends(RequestState.COMPLETED, outcome)
    story.gets_mail_that_says("Our mail of May came back.")
    story.reads(words)
