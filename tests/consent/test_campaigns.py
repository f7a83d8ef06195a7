"""People are told and can object; who does not is taken to agree, once, and only where silence may count."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from consent.admin import campaigns as pages
from consent.errors import CampaignRefused, PurposeNotByConsent
from consent.models import ConsentRecord, CurrentConsent, OptOutCampaign, OptOutNotice
from consent.services import campaigns, record_consent, unsubscribe
from consent.services.campaigns import CAMPAIGN_JOB, begin_campaign, campaign_slice, resume_campaigns, stop_campaign
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import Purpose
from privacy.register.restrictions.services import place_restriction
from privacy.subjects.services import find_or_add_subject

DAY = timedelta(days=1)


@pytest.fixture
def newsletter(purposes) -> Purpose:
    return purposes["newsletter"]


def person(name):
    return find_or_add_subject(kind="email", value=f"{name}@example.com")


def begin(purpose, emails=None, days=30) -> OptOutCampaign:
    return begin_campaign(wording=purpose.wordings.get(), period_days=days, emails=emails, actor=SYSTEM)


def told(campaign) -> OptOutCampaign:
    """All letters are written, and sent."""
    while not campaign_slice(f"{campaign.pk}:tell"):
        pass
    Letter.objects.update(state="sent", sent_at=timezone.now(), secret=None)
    campaign.refresh_from_db()
    return campaign


def over(campaign) -> OptOutCampaign:
    """The period is over: letters were sent so many days ago."""
    past = (campaign.period_days + 1) * DAY
    OptOutNotice.objects.update(told_at=timezone.now() - past)
    OptOutCampaign.objects.update(closes_on=campaign.closes_on - past)
    while not campaign_slice(f"{campaign.pk}:record"):
        pass
    campaign.refresh_from_db()
    return campaign


def outcomes():
    rows = OptOutNotice.objects.all()
    return {row.subject.identifiers.first().value.partition("@")[0]: row.outcome for row in rows}


@pytest.fixture
def tokens(monkeypatch):
    """The links of letters, by the order in which they were written."""
    made, real = [], campaigns.objecting_path
    monkeypatch.setattr(campaigns, "objecting_path", lambda token: made.append(token) or real(token))
    return made


@pytest.mark.parametrize("people", [1, 3])
def test_who_does_not_object_is_taken_to_agree_once_and_nobody_is_told_twice(newsletter, people, monkeypatch):
    monkeypatch.setattr(campaigns, "AT_ONCE", 2)
    subjects = [person(f"p{number}") for number in range(people)]
    campaign = told(begin(newsletter))
    campaign_slice(f"{campaign.pk}:tell")
    assert Letter.objects.filter(kind="consent_opt_out").count() == people
    assert campaign.state == "waiting"
    assert Job.objects.filter(kind=CAMPAIGN_JOB, slot=f"{campaign.pk}:record").exists()
    campaign_slice(f"{campaign.pk}:record")
    assert not ConsentRecord.objects.exists()
    assert over(campaign).state == "done"
    campaign_slice(f"{campaign.pk}:record")
    records = ConsentRecord.objects.all()
    assert {(row.subject, row.decision, row.method) for row in records} == {
        (subject, "given", "opt_out") for subject in subjects
    }
    assert (len(records), set(outcomes().values())) == (people, {"recorded"})
    assert records[0].evidence.content["campaign"] == str(campaign.pk)
    entry = LedgerEntry.objects.get(action="consent.campaign_done")
    assert entry.data == {"open": 0, "objected": 0, "recorded": people, "left_out": 0}


def test_who_decided_objected_or_never_got_the_letter_is_left_out(newsletter):
    silent, decided, restricted, unsent, later = (person(n) for n in ("silent", "decided", "restricted", "un", "later"))

    def decide(subject, decision):
        record_consent(subject=subject, purpose=newsletter, decision=decision, method="electronic", actor=SYSTEM)

    decide(decided, "withdrawn")
    place_restriction(subject=restricted, kind="marketing", purpose=newsletter, actor=SYSTEM)
    emails = [f"{n}@example.com" for n in ("silent", "decided", "restricted", "un", "later", "SILENT")]
    campaign = told(begin(newsletter, emails))
    assert sorted(outcomes()) == ["later", "restricted", "silent", "un"]
    Letter.objects.filter(subject=unsent).update(state="failed", sent_at=None)
    decide(later, "refused")
    over(campaign)
    assert outcomes() == {"silent": "recorded", "restricted": "left_out", "un": "left_out", "later": "left_out"}
    assert CurrentConsent.objects.get(decision="given").subject == silent


@pytest.mark.parametrize("named", [True, False])
def test_nobody_is_asked_by_two_campaigns_about_the_same_purpose_at_once(newsletter, named):
    person("ama")
    first = begin(newsletter, ["ama@example.com"] if named else None)
    with pytest.raises(CampaignRefused, match="nobody to tell"):
        begin(newsletter, ["ama@example.com"] if named else None)
    person("kofi")
    told(begin(newsletter, ["ama@example.com", "kofi@example.com"] if named else None))
    told(first)
    assert Letter.objects.values_list("subject").distinct().count() == Letter.objects.count() == 2
    stop_campaign(campaign=first, actor=SYSTEM)
    assert begin(newsletter, ["ama@example.com"]).notices.count() == 1


def test_saying_no_is_one_click_and_looking_at_the_page_is_none(newsletter, tokens):
    ama = person("ama")
    campaign = told(begin(newsletter))
    visitor = Client(headers={"host": "alpha.localhost"})
    path = f"/preferences/no/{tokens[0]}/"
    for _time in range(2):
        assert "I do not want this" in visitor.get(path).content.decode()
    assert not ConsentRecord.objects.exists()
    for _time in range(2):
        assert visitor.post(path).url == "/preferences/no/"
    assert "Your no is recorded" in visitor.get("/preferences/no/").content.decode()
    assert visitor.post("/preferences/no/made-up/").status_code == 404
    record = ConsentRecord.objects.get()
    assert (record.subject, record.decision, record.actor_kind) == (ama, "refused", "subject")
    assert outcomes() == {"ama": "objected"}
    assert over(campaign).state == "done"
    assert ConsentRecord.objects.count() == 1


def test_one_click_in_the_mail_program_says_no_as_well(newsletter):
    ama, _kofi = person("ama"), person("kofi")
    campaign = told(begin(newsletter))
    letter = Letter.objects.get(subject=ama)
    assert letter.unsubscribe_from == newsletter.code
    assert unsubscribe(letter=letter) == newsletter
    over(campaign)
    assert outcomes() == {"ama": "left_out", "kofi": "recorded"}
    assert [row.decision for row in ConsentRecord.objects.filter(subject=ama)] == ["withdrawn"]


def test_after_the_period_the_same_link_withdraws(newsletter, tokens):
    person("ama")
    over(told(begin(newsletter)))
    Client(headers={"host": "alpha.localhost"}).post(f"/preferences/no/{tokens[0]}/")
    decisions = ConsentRecord.objects.order_by("recorded_at").values_list("decision", flat=True)
    assert list(decisions) == ["given", "withdrawn"]


def test_a_letter_and_that_it_was_written_are_one_and_a_job_that_died_goes_on(newsletter, monkeypatch):
    for name in ("ama", "esi", "yaw"):
        person(name)
    campaign, real, calls = begin(newsletter), campaigns.write_letter, []

    def dies(**given):
        calls.append(given)
        letter = real(**given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return letter

    monkeypatch.setattr(campaigns, "write_letter", dies)
    with pytest.raises(KeyboardInterrupt):
        campaign_slice(f"{campaign.pk}:tell")
    monkeypatch.undo()
    assert (Letter.objects.count(), OptOutNotice.objects.filter(told_at__isnull=False).count()) == (1, 1)
    told(campaign)
    assert Letter.objects.values_list("subject").distinct().count() == Letter.objects.count() == 3


def test_a_job_that_came_too_early_or_failed_is_queued_again(newsletter):
    person("ama")
    campaign = told(begin(newsletter))
    job = Job.objects.get(slot=f"{campaign.pk}:record")
    Job.objects.filter(pk=job.pk).update(state="done")
    resume_campaigns()
    assert Job.objects.get(pk=job.pk).state == "done"
    resume_campaigns(now=timezone.now() + (campaign.period_days + 1) * DAY)
    assert Job.objects.get(pk=job.pk).state == "pending"


def test_a_campaign_that_was_stopped_records_nothing(newsletter):
    person("ama")
    campaign = told(begin(newsletter))
    assert stop_campaign(campaign=campaign, actor=SYSTEM) is True
    assert stop_campaign(campaign=campaign, actor=SYSTEM) is False
    assert over(campaign).state == "stopped"
    assert not ConsentRecord.objects.exists()


def test_silence_is_no_consent_to_what_is_sensitive_or_binds_or_has_an_age_or_needs_none(newsletter, purposes):
    person("ama")
    for changes in ({"special_categories": ["health"]}, {"minimum_age": 16}, {"no_withdrawal_reason": "Act 773"}):
        Purpose.objects.filter(pk=newsletter.pk).update(**changes)
        with pytest.raises(CampaignRefused):
            begin(Purpose.objects.get(pk=newsletter.pk))
        Purpose.objects.filter(pk=newsletter.pk).update(
            special_categories=[], minimum_age=None, no_withdrawal_reason=""
        )
    with pytest.raises(CampaignRefused, match="7 to 365"):
        begin(newsletter, days=6)
    Purpose.objects.filter(pk=newsletter.pk).update(lawful_basis="contract")
    with pytest.raises(PurposeNotByConsent):
        begin(Purpose.objects.get(pk=newsletter.pk))
    Purpose.objects.filter(pk=newsletter.pk).update(lawful_basis="consent")
    assert begin(Purpose.objects.get(pk=newsletter.pk)).notices.count() == 1
    with pytest.raises(CampaignRefused, match="nobody to tell"):
        begin(newsletter, [])


def test_officers_begin_look_at_and_stop_a_campaign(officer_client, newsletter):
    page = "/officer/consent/optoutcampaign/"
    words = newsletter.wordings.get().pk
    for wrong in (
        {"emails": "", "period_days": "30"},
        {"emails": "no address", "period_days": "30"},
        {"emails": "a@example.com", "everybody": "on", "period_days": "30"},
        {"emails": "a@example.com", "period_days": "3"},
    ):
        assert officer_client.post(f"{page}add/", wrong | {"wording": words}).context["form"].errors
    assert not OptOutCampaign.objects.exists()
    given = {"wording": words, "period_days": "30", "emails": 'ama@example.com;\r\n\r\n"esi@example.com",'}
    assert officer_client.post(f"{page}add/", given).status_code == 302
    campaign = OptOutCampaign.objects.get()
    assert campaign.notices.count() == 2
    assert "Newsletter" in officer_client.get(page).content.decode()
    shown = officer_client.get(f"{page}{campaign.pk}/change/").content.decode()
    assert re.search(r"People.{0,400}\b2\b", shown, re.DOTALL)
    stop = f"{page}{campaign.pk}/stop/"
    assert "Stop this campaign?" in officer_client.get(stop).content.decode()
    assert stop in officer_client.get(f"{page}{campaign.pk}/change/").content.decode()
    for method in (officer_client.post, officer_client.post, officer_client.get):  # once, and twice too late
        assert method(stop)["Location"] == f"{page}{campaign.pk}/change/"
    shown = officer_client.get(f"{page}{campaign.pk}/change/")
    late = "Nothing was changed. Its state is by now: stopped."
    assert [str(each) for each in shown.context["messages"]] == [
        "It is stopped. What was recorded stands.", late, late,
    ]  # fmt: skip
    assert stop not in shown.content.decode()
    campaign.refresh_from_db()
    assert campaign.state == "stopped"
    assert LedgerEntry.objects.filter(action="consent.campaign_stopped").count() == 1


def test_who_looked_before_a_campaign_was_stopped_is_told_its_state(officer_client, newsletter, monkeypatch):
    campaign = begin(newsletter, ["ama@example.com"])
    page = f"/officer/consent/optoutcampaign/{campaign.pk}"

    def stop_a_moment_later(**given):
        assert stop_campaign(**given) is True  # somebody else's, between looking and stopping
        return stop_campaign(**given)

    monkeypatch.setattr(pages, "stop_campaign", stop_a_moment_later)
    assert officer_client.post(f"{page}/stop/")["Location"] == f"{page}/change/"
    shown = officer_client.get(f"{page}/change/").context["messages"]
    assert [str(each) for each in shown] == ["Nothing was changed. Its state is by now: stopped."]


def test_the_lines_that_are_no_addresses_are_named_and_nobody_is_written_to(newsletter, officer_client):
    page, words = "/officer/consent/optoutcampaign/add/", newsletter.wordings.get().pk
    given = {"wording": words, "period_days": "30"}
    for typed, told in (
        ("a@example.com\n\nnobody\nb@example.com", "Line 3 is no e-mail address."),
        ("x\na@example.com\ny\nz", "Lines 1, 3, 4 are no e-mail addresses."),
        ("x\n" * 30, "19, 20, … are no e-mail addresses."),
    ):
        assert told in officer_client.post(page, given | {"emails": typed}).content.decode()
    assert OptOutCampaign.objects.count() == 0
