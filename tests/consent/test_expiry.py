"""Consents that are valid for some days: asked anew before, ended after, and never taken for given in between."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.agreed import agreed_to
from consent.jobs import expiry
from consent.models import ConsentRecord, CurrentConsent
from consent.selectors import states
from consent.services import expiry as service
from consent.services import record_consent, record_statements, withdraw
from consent.services.expiry import EXPIRY_JOB, ask_again_slice, expire_slice
from consent.statement import Statement
from privacy.jobs.models import Schedule
from privacy.jobs.registry import JobHandle
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.verification import verify_organisation
from privacy.letters.models import Letter
from privacy.letters.words import day_words
from privacy.register.disclosures.told import Use
from privacy.register.models import Purpose
from privacy.register.restrictions.services import place_restriction
from privacy.register.selectors import local_date
from privacy.subjects.services import find_or_add_subject
from tests.seals import seal_all

DAY = timedelta(days=1)


@pytest.fixture
def newsletter(purposes) -> Purpose:
    Purpose.objects.filter(code="newsletter").update(valid_days=90)
    return Purpose.objects.get(code="newsletter")


def agree(subject, purpose) -> ConsentRecord:
    return record_consent(subject=subject, purpose=purpose, decision="given", method="electronic", actor=SYSTEM)


def decision_of(subject, code="newsletter"):
    return next((each.decision, each.expires_at) for each in states(subject) if each.purpose.code == code)


def letters() -> list[str]:
    return list(Letter.objects.order_by("created_at").values_list("kind", flat=True))


def test_an_end_is_part_of_the_sealed_record_and_older_records_without_one_still_verify(newsletter, purposes, ama):
    record, endless = agree(ama, newsletter), agree(ama, purposes["surveys"])
    assert (record.expires_at, endless.expires_at) == (record.recorded_at + 90 * DAY, None)
    assert CurrentConsent.objects.get(purpose=newsletter).expires_at == record.expires_at
    seal_all()
    assert verify_organisation().breaches == ()
    record.expires_at += DAY
    assert record.expected_digest() != bytes(record.digest)
    record.expires_at = None
    assert record.expected_digest() != bytes(record.digest)


def test_a_consent_is_not_given_any_more_from_the_moment_it_ends_even_when_no_job_ran(newsletter, ama, purposes):
    agree(ama, newsletter)
    agree(ama, purposes["surveys"])
    assert decision_of(ama)[0] == "given"
    CurrentConsent.objects.filter(purpose=newsletter).update(expires_at=timezone.now())
    assert (decision_of(ama), decision_of(ama, "surveys")) == (("expired", None), ("given", None))
    assert not ConsentRecord.objects.filter(decision="expired").exists()


def test_disclosures_ask_for_the_day_and_find_that_consent_had_run_out(newsletter, ama):
    record = agree(ama, newsletter)
    first = local_date(record.recorded_at)
    days = {n: Use(ama.pk, newsletter.pk, first + n * DAY) for n in (-1, 0, 89, 90, 91)}
    assert agreed_to(set(days.values())) == {days[0], days[89], days[90]}


@pytest.mark.parametrize("people", [1, 3])
def test_the_job_writes_the_end_down_once_and_the_person_can_withdraw_before_it(newsletter, people, monkeypatch):
    monkeypatch.setattr(service, "AT_ONCE", 2)
    subjects = [find_or_add_subject(kind="email", value=f"p{number}@example.com") for number in range(people + 1)]
    for subject in subjects:
        agree(subject, newsletter)
    withdraw(subject=subjects[-1], purpose=newsletter, actor=SYSTEM)
    later = timezone.now() + 90 * DAY
    assert expire_slice(now=later - DAY) is False
    assert not ConsentRecord.objects.filter(decision="expired").exists()
    while expire_slice(now=later):
        pass
    expire_slice(now=later)
    ended = ConsentRecord.objects.filter(decision="expired")
    assert ended.count() == people
    assert {(row.method, row.actor_kind, row.wording.version) for row in ended} == {("electronic", "system", 1)}
    assert LedgerEntry.objects.filter(action="consent.expired").count() == people
    assert decision_of(subjects[0])[0] == "expired"
    assert decision_of(subjects[-1])[0] == "withdrawn"


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("electronic", "You gave your consent."),
        ("representative", "Somebody who represents you gave consent for you."),
        ("implied", "We take it from what you did that you consent."),
    ],
)
def test_the_letter_before_the_end_says_how_consent_was_given_and_since_when_it_holds(newsletter, ama, method, said):
    evidence = {
        "representative": {
            "representative": "Esi",
            "authority": "Letter",
            "valid_until": "2099-01-01",
            "is_guardian": False,
        },
        "implied": {"act": "Bought a bag"},
    }.get(method)
    decided = timezone.now() - timedelta(days=3)
    record = record_consent(
        subject=ama, purpose=newsletter, decision="given", method=method, evidence=evidence, occurred_at=decided,
        actor=SYSTEM,
    )  # fmt: skip
    ask_again_slice(now=record.expires_at - 20 * DAY)
    body = Letter.objects.get(kind="consent_ending").body
    assert f"{said} It is about “Newsletter”" in " ".join(body.split())
    assert f"holds since {day_words(local_date(decided))}" in " ".join(body.split())


def test_a_person_is_asked_again_once_before_the_end_and_their_new_consent_begins_anew(newsletter, ama):
    record = agree(ama, newsletter)
    asked_at = record.expires_at - 30 * DAY
    ask_again_slice(now=asked_at - timedelta(minutes=1))
    assert letters() == []
    for _day in range(3):
        ask_again_slice(now=asked_at)
    assert letters() == ["consent_ending"]
    assert "Yes, send me the monthly newsletter by e-mail." in Letter.objects.get().body
    again = agree(ama, newsletter)
    assert CurrentConsent.objects.get().asked_again_at is None
    ask_again_slice(now=again.expires_at - 30 * DAY)
    assert letters() == ["consent_ending"] * 2
    expire_slice(now=record.expires_at)
    assert decision_of(ama)[0] == "given"


def test_who_objected_and_what_is_promised_never_to_be_done_is_not_asked_for(newsletter, ama):
    esi, yaw = (find_or_add_subject(kind="email", value=f"{name}@example.com") for name in ("esi", "yaw"))
    unreachable = find_or_add_subject(kind="customer_id", value="C-1")
    for each in (ama, esi, yaw, unreachable):
        agree(each, newsletter)
    place_restriction(subject=esi, kind="marketing", purpose=newsletter, actor=SYSTEM)
    later = timezone.now() + 61 * DAY
    Purpose.objects.filter(pk=newsletter.pk).update(is_prohibited=True)
    ask_again_slice(now=later)
    assert letters() == []
    Purpose.objects.filter(pk=newsletter.pk).update(is_prohibited=False)
    ask_again_slice(now=later)
    assert set(Letter.objects.values_list("subject", flat=True)) == {ama.pk, yaw.pk}


def test_a_short_consent_is_asked_for_in_its_last_third(purposes, ama):
    Purpose.objects.filter(code="newsletter").update(valid_days=9)
    record = agree(ama, Purpose.objects.get(code="newsletter"))
    ask_again_slice(now=record.recorded_at + 5 * DAY)
    assert letters() == []
    ask_again_slice(now=record.recorded_at + 7 * DAY)
    assert letters() == ["consent_ending"]


def test_many_at_once_end_as_single_ones_do(newsletter):
    said = Statement(
        kind="email", identifier="ama@example.com", purpose="newsletter", decision="given", method="electronic"
    )
    record_statements(statements=[said], actor=SYSTEM)
    record, current = ConsentRecord.objects.get(), CurrentConsent.objects.get()
    assert record.expires_at == current.expires_at == record.recorded_at + 90 * DAY


def test_the_job_comes_every_day_and_does_both(newsletter, ama, alpha):
    agree(ama, newsletter)
    CurrentConsent.objects.update(expires_at=timezone.now())
    assert expiry(JobHandle(1, "daily", 1, "me")) is True
    assert decision_of(ama)[0] == "expired"
    assert Schedule.objects.filter(schema_name=alpha.schema_name, kind=EXPIRY_JOB).exists()
