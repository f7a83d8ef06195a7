"""Notices, purposes, wordings and campaigns that are refused: what was typed stays, what is wrong is said plainly."""

import pytest

from consent.models import OptOutCampaign, Wording
from privacy.register.models import Notice, Purpose
from tests.consent.conftest import make_register

NOTICE = {
    "title": "Our notice", "version": "2026-01", "language": "fr", "body": "Nous gardons …", "is_significant": "on",
    "changes": "Les appels",
}  # fmt: skip
PURPOSE = {
    "title": "Calls", "code": "no code", "description": "We call you.", "order": "first", "lawful_basis": "consent",
    "withdrawal_consequences": "No calls.", "no_withdrawal_reason": "Law", "valid_days": "-5", "minimum_age": "old",
    "data_categories": "contact", "special_categories": "Health", "retention": "A year", "is_prohibited": "on",
}  # fmt: skip
WORDING = {"purpose": "999", "language": "English", "text": "Yes."}
CAMPAIGN = {"wording": "999", "period_days": "1", "emails": "ama@example.com"}


@pytest.fixture
def purposes(alpha):
    return make_register()


def refused(client, page: str, sent: dict[str, str]):
    context = client.post(page, sent).context
    form = context["adminform"].form if "adminform" in context else context["form"]
    return form


@pytest.mark.parametrize(
    ("page", "sent", "wrong", "model"),
    [
        ("register/notice", NOTICE, ["version"], Notice),
        ("register/purpose", PURPOSE, ["code", "order", "valid_days", "minimum_age"], Purpose),
        ("consent/wording", WORDING, ["purpose", "language"], Wording),
        ("consent/optoutcampaign", CAMPAIGN, ["wording", "period_days"], OptOutCampaign),
    ],
)
def test_everything_that_was_typed_is_still_there(officer_client, purposes, page, sent, wrong, model):
    before = model.objects.count()
    form = refused(officer_client, f"/officer/{page}/add/", sent)
    assert sorted(form.errors) == sorted(wrong)
    kept = {name: form[name].value() for name in sent}
    ticked = {name: True for name, value in sent.items() if value == "on"}
    assert kept == sent | ticked
    assert model.objects.count() == before


def test_words_and_campaigns_say_what_to_do(officer_client, purposes):
    wording = refused(officer_client, "/officer/consent/wording/add/", WORDING | {"text": " "})
    assert wording.errors == {
        "purpose": ["Choose one of the list."], "language": ["Give the language as a code like en or fr-CA."],
        "text": ["Fill this in."],
    }  # fmt: skip
    campaign = refused(officer_client, "/officer/consent/optoutcampaign/add/", CAMPAIGN)
    assert campaign.errors == {
        "wording": ["Choose one of the list."], "period_days": ["Write a whole number that is 7 or more."],
    }  # fmt: skip


DJANGOS = ("This field", "Select a valid", "Enter a", "Enter the", "Ensure this")


@pytest.mark.parametrize(
    "page",
    [
        "register/purpose", "register/recipient", "register/holidayoverlay", "register/disclosure",
        "activities/processingactivity", "activities/processingwithoutconsent", "announcements/noticeannouncement",
        "cookies/cookiesite", "cookies/cookiecategory", "requests/subjectrequest",
    ],
)  # fmt: skip
def test_no_form_speaks_of_fields_and_valid_choices(officer_client, purposes, page):
    path = f"/officer/{page}/{'enter' if page == 'requests/subjectrequest' else 'add'}/"
    shown = officer_client.get(path).context
    form = shown["adminform"].form if "adminform" in shown else shown["form"]
    for sent in ({}, {form.add_prefix(name): "\x00 none" for name in form.fields}):
        refusal = refused(officer_client, path, sent)
        assert refusal.errors != {}
        said = [words for each in refusal.errors.values() for words in each]
        assert [words for words in said if words.startswith(DJANGOS)] == []


def test_a_field_keeps_the_words_that_somebody_gave_it(officer_client, purposes):
    sent = {"email": "ama@example.com", "wording": "999", "decision": "given"}
    form = refused(officer_client, "/officer/consent/consentrecord/add/", sent)
    assert form.errors["wording"] == ["Choose the words. New ones are published under Consent wordings."]


@pytest.mark.parametrize(("act", "field"), [("publish", "in_force_since"), ("schedule", "begins")])
@pytest.mark.parametrize(
    ("day", "said"),
    [("0026-01-01", "Write the year with all its digits, 1900 to 2199."), ("soon", "Write the day like 2026-11-22.")],
)
def test_a_day_that_is_none_is_refused_where_a_notice_is_put_into_force(
    officer_client, purposes, act, field, day, said
):
    draft = Notice.objects.create(version="8", title="Draft", body="x", changes="y")
    form = refused(officer_client, f"/officer/register/notice/{draft.pk}/{act}/", {field: day})
    assert (form.errors, form[field].value()) == ({field: [said]}, day)
    draft.refresh_from_db()
    assert draft.is_draft
