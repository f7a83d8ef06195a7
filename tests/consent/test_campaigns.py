"""People are told and can object; who does not is taken to agree, once, and only where silence may count."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from consent.admin import campaigns as pages
from consent.errors import CampaignRefused, PurposeNotByConsent
from consent.models import ConsentRecord, CurrentConsent, OptOutCampaign, OptOutNotice
from consent.services import campaigns, record_consent, stop_everything, unsubscribe
from consent.services.campaigns import CAMPAIGN_JOB, begin_campaign, campaign_slice, resume_campaigns, stop_campaign
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import Purpose
from privacy.register.restrictions.models import Restriction
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


CHANGES = {
    "prohibited": {"is_prohibited": True},
    "not_by_consent": {"lawful_basis": "legitimate_interests"},
    "binding": {"no_withdrawal_reason": "Act 773"},
    "sensitive": {"special_categories": ["health"]},
    "minimum_age": {"minimum_age": 16},
    "": {"title": "The positive control"},
}


def change(purpose, why):
    Purpose.objects.filter(pk=purpose.pk).update(**CHANGES[why])


def stopped(campaign) -> tuple[str, list]:
    """Why it was stopped by itself, as the ledger says too; empty where it was not."""
    campaign.refresh_from_db()
    assert (campaign.state == "stopped") == bool(campaign.why_stopped)
    return campaign.why_stopped, [each.data for each in LedgerEntry.objects.filter(action="consent.campaign_stopped")]


@pytest.mark.parametrize("why", CHANGES)
@pytest.mark.parametrize("when", ["telling", "waiting", "recording"])
def test_a_campaign_is_stopped_when_silence_is_no_consent_to_its_purpose_any_more(newsletter, why, when):
    person("ama")
    campaign = begin(newsletter)
    if when == "telling":
        change(newsletter, why)
        told(campaign)
    elif when == "waiting":
        told(campaign)
        change(newsletter, why)
        resume_campaigns()
    else:
        told(campaign)
        change(newsletter, why)
        over(campaign)
    assert stopped(campaign) == ((why, [{"why": why}]) if why else ("", []))
    assert Letter.objects.exists() == (not why or when != "telling")
    assert ConsentRecord.objects.exists() == (not why and when == "recording")
    assert campaign_slice(f"{campaign.pk}:record") is True


@pytest.mark.parametrize("job", ["tell", "record"])
def test_a_register_that_changes_between_two_people_of_a_slice_is_obeyed_at_the_next(newsletter, monkeypatch, job):
    for name in ("ama", "kofi"):
        person(name)
    campaign, act = begin(newsletter), {"tell": "_tell", "record": "_take_to_agree"}[job]
    if job == "record":
        told(campaign)
    real = getattr(campaigns, act)

    def then_it_binds(key):
        real(key)
        change(newsletter, "binding")

    monkeypatch.setattr(campaigns, act, then_it_binds)
    told(campaign) if job == "tell" else over(campaign)
    assert (Letter.objects.count(), ConsentRecord.objects.count()) == ((1, 0) if job == "tell" else (2, 1))
    assert stopped(campaign)[0] == "binding"


@pytest.mark.parametrize("why", ["prohibited", "not_by_consent", ""])
def test_a_no_by_the_link_is_heard_also_after_the_register_changed(newsletter, tokens, why):
    ama = person("ama")
    told(begin(newsletter))
    change(newsletter, why)
    assert Client(headers={"host": "alpha.localhost"}).post(f"/preferences/no/{tokens[0]}/").status_code == 302
    assert outcomes() == {"ama": "objected"}
    restrictions = [(each.kind, each.purpose, each.subject) for each in Restriction.objects.all()]
    assert restrictions == ([("marketing", newsletter, ama)] if why else [])
    assert [each.decision for each in ConsentRecord.objects.all()] == ([] if why else ["refused"])


@pytest.mark.parametrize("why", ["prohibited", ""])
def test_who_stops_everything_stops_a_campaign_whose_purpose_changed_without_a_record(newsletter, why):
    ama = person("ama")
    told(begin(newsletter))
    change(newsletter, why)
    written = stop_everything(subject=ama, actor=Actor.subject(ama))
    assert [each.decision for each in written] == ([] if why else ["refused"])
    assert outcomes() == {"ama": "objected"}


def test_the_officer_reads_why_a_campaign_was_stopped(officer_client, newsletter):
    person("ama")
    campaign = told(begin(newsletter))
    page = f"/officer/consent/optoutcampaign/{campaign.pk}/change/"
    because = "A consent to the purpose cannot be withdrawn any more, and silence does not bind anybody."
    assert because not in officer_client.get(page).content.decode()
    change(newsletter, "binding")
    resume_campaigns()
    assert because in officer_client.get(page).content.decode()
    change(newsletter, "")
    Purpose.objects.update(no_withdrawal_reason="")
    other = begin(Purpose.objects.get(pk=newsletter.pk))
    stop_campaign(campaign=other, actor=SYSTEM)
    shown = officer_client.get(page.replace(str(campaign.pk), str(other.pk))).content.decode()
    assert "An officer wanted it so." in shown


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
