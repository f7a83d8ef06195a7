"""Each kind of request from the form to its end, as the person and the officer see it."""

import json
import re
import zipfile

import pytest
from playwright.sync_api import expect

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.register.models import OrganisationProfile, Purpose
from privacy.register.restrictions.selectors import is_restricted
from privacy.subjects.services import find_subject
from requests.models import SubjectRequest
from tests.browser.people import carry_out, do_next_step, finish_asking, open_case, open_link, reload_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NAME, EMAIL = AMA_MENSAH.full_name, AMA_MENSAH.email
OURS = "operated_by = 'offixpro'"


def test_a_person_takes_their_data_elsewhere(story, tmp_path):
    story.asks("portability", scope="Everything since March")
    expect(story.officer.get_by_text("Everything since March").first).to_be_visible()
    story.officer_knows_the_person()
    do_next_step(story.officer, "Decide", "^Grant$")
    reload_until(story.officer, "Completed")
    open_link(story.person, story.stack.link_in_mail(EMAIL, "/requests/download/"))
    with story.person.expect_download() as download:
        story.person.get_by_role("button", name=re.compile("download", re.IGNORECASE)).click()
    package = tmp_path / "package.zip"
    download.value.save_as(package)
    with zipfile.ZipFile(package) as archive:
        data = [name for name in archive.namelist() if name.endswith(".json") and name != "schema.json"]
        assert EMAIL in " ".join(json.dumps(json.loads(archive.read(name))) for name in data)


def test_a_person_has_their_data_corrected(story):
    new = "+233240555111"
    story.asks("rectification", what_0="Telephone number", old_0=AMA_MENSAH.phone, new_0=new)
    expect(story.officer.get_by_text(new).first).to_be_visible()
    story.officer_knows_the_person("Decide the changes")
    story.officer.get_by_role("link", name="Decide the changes").first.click()
    story.officer.locator("select[name$=verdict]").select_option(label="Correct")
    place = story.officer.locator("select[name$=place]")
    of_customers = place.locator("optgroup[label$=Customers] option", has_text=AMA_MENSAH.phone)
    wanted = of_customers.first.get_attribute("value")
    place.select_option(value=wanted)
    carry_out(story.officer, story.officer.get_by_role("button", name="Decide and carry out"))
    reload_until(story.officer, "There is nothing more to do.")
    assert story.desk.rows(f"SELECT phone FROM crm.customer WHERE {OURS} AND email = %s", EMAIL) == [(new,)]
    story.gets_mail_that_says(new)
    story.follows()
    expect(story.person.get_by_text("Your data was corrected, and we checked it.")).to_be_visible()


def test_a_person_cancels_an_erasure_that_was_approved(story):
    OrganisationProfile.objects.update(cooling_off_hours=48)
    story.asks("erasure")
    story.officer_knows_the_person()
    do_next_step(story.officer, "Decide", "^Grant$")
    second = story.second
    do_next_step(second, "Approve", "Approve")
    expect(second.get_by_text("the person can still cancel").first).to_be_visible()
    story.follows()
    expect(story.person.get_by_text("until then you can still cancel it")).to_be_visible()
    story.person.get_by_role("link", name="Cancel the deletion").click()
    story.person.get_by_role("button", name="Cancel the deletion").click()
    expect(story.person.get_by_role("heading", name="Your request is withdrawn")).to_be_visible()
    reload_until(second, "Withdrawn by the person")
    assert story.desk.rows(f"SELECT count(*) FROM crm.customer WHERE {OURS} AND email = %s", EMAIL) == [(1,)]


def test_a_person_objects_to_a_use_and_it_stops(story):
    story.asks("objection", purposes="analytics")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Decide what stops").first.click()
    story.officer.locator("select[name$=verdict]").select_option(label="Stop")
    carry_out(story.officer, story.officer.get_by_role("button", name="Decide and carry out"))
    reload_until(story.officer, "Completed")
    person, purpose = find_subject(kind="email", value=EMAIL), Purpose.objects.get(code="analytics")
    assert is_restricted(person, purpose)
    assert not is_restricted(person, Purpose.objects.get(code="billing"))
    story.gets_mail_that_says("Improving the service")
    story.follows()
    expect(story.person.get_by_text("We stopped what you asked us to stop").first).to_be_visible()


def test_a_person_has_all_use_of_their_data_restricted(story):
    story.asks("restriction", everything="on")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Decide what stops").first.click()
    story.officer.locator("select[name$=verdict]").select_option(value="stop")
    carry_out(story.officer, story.officer.get_by_role("button", name="Decide and carry out"))
    reload_until(story.officer, "Completed")
    assert is_restricted(find_subject(kind="email", value=EMAIL), Purpose.objects.get(code="billing"))


def test_a_question_is_answered(story):
    story.asks("question", details="Who receives my invoices?")
    story.officer.get_by_role("link", name="Answer").first.click()
    expect(story.officer.get_by_text("Who receives my invoices?").first).to_be_visible()
    story.officer.get_by_label("Answer, as the person will read it").fill("The tax authority, and nobody else.")
    carry_out(story.officer, story.officer.get_by_role("button", name="Answer and close"))
    reload_until(story.officer, "Completed")
    story.gets_mail_that_says("The tax authority, and nobody else.")
    story.follows()
    expect(story.person.get_by_text("Answered. We have written to you.").first).to_be_visible()


def test_a_refusal_is_complained_of_from_its_page_and_another_officer_decides_the_complaint(story, officer):
    reference = story.asks("access")
    story.officer_knows_the_person()
    story.refuses()
    reload_until(story.officer, "Refused")
    story.follows()
    story.person.get_by_role("button", name="Complain about this request").click()
    story.person.wait_for_url("**/requests/new/**")
    story.stack.forget_mails()
    answers = {"name": NAME, "email": EMAIL, "details": "You do hold data about me."}
    complaint = finish_asking(story.person, answers)
    open_link(story.person, story.stack.link_in_mail(EMAIL, "/requests/confirm/"))
    assert SubjectRequest.objects.get(reference=complaint).about_case_id == (
        SubjectRequest.objects.get(reference=reference).pk
    )
    open_case(story.officer, story.queue, complaint)
    expect(story.officer.get_by_role("link", name="Answer", exact=True)).to_have_count(0)
    second = officer(1)
    open_case(second, story.queue, complaint)
    second.get_by_role("link", name="Answer").first.click()
    second.get_by_label("Upheld", exact=True).check()
    second.get_by_label("What was found, as the person will read it").fill("The refusal was a mistake.")
    carry_out(second, second.get_by_role("button", name="Answer and close"))
    reload_until(second, "Completed")
    story.gets_mail_that_says("The refusal was a mistake.")


def test_a_person_looks_at_a_decision_again(story):
    story.asks("reconsideration", decision="My plan was refused on 3 November.")
    story.officer_knows_the_person()
    story.officer.get_by_role("link", name="Answer").first.click()
    expect(story.officer.get_by_text("My plan was refused on 3 November.").first).to_be_visible()
    story.officer.get_by_label("No, it stays as it is").check()
    story.officer.get_by_label("Reasons, as the person will read them").fill("The invoices of June are open.")
    story.officer.get_by_label("I had no part in this decision, and looked at it myself").check()
    carry_out(story.officer, story.officer.get_by_role("button", name="Answer and close"))
    reload_until(story.officer, "Completed")
    story.gets_mail_that_says("The invoices of June are open.")
    story.follows()
    expect(story.person.get_by_text("A person has looked at the decision.").first).to_be_visible()
