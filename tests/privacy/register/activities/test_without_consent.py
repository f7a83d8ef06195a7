"""Processing without consent: one of six grounds, two people, a review that is told, an end."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.officers.models import Role
from privacy.register.activities.errors import ProcessingInvalid, ProcessingRefused, ReviewInvalid
from privacy.register.activities.jobs import review_due
from privacy.register.activities.models import ProcessingWithoutConsent
from privacy.register.activities.without_consent import (
    REVIEW_JOB,
    Statement,
    approve_processing,
    decline_processing,
    end_processing,
    enter_processing,
    review_processing,
)
from tests.privacy.register.activities.conftest import DAY, make_purpose, today


def statement(**fields) -> Statement:
    given = {
        "ground": "fraud", "authority": "File 2026-14", "what": "Comparing the orders of Kofi Owusu",
        "about_whom": "one customer", "categories": ["contact", "financial"], "begins_on": today(),
        "review_on": today() + 30 * DAY,
    }  # fmt: skip
    return Statement(**given | fields)


@pytest.fixture
def entered(officer) -> ProcessingWithoutConsent:
    return enter_processing(statement=statement(), officer=officer)


@pytest.fixture
def second(make_officer):
    return make_officer()


@pytest.fixture
def approved(entered, second) -> ProcessingWithoutConsent:
    return approve_processing(processing=entered, officer=second)


def acts() -> list[str]:
    prefix = "processing_without_consent."
    rows = LedgerEntry.objects.filter(action__startswith=prefix).order_by("recorded_at")
    return [row.action.removeprefix(prefix) for row in rows]


def test_a_second_officer_approves_what_the_first_entered(entered, officer, second):
    with pytest.raises(ProcessingRefused, match="another officer"):
        approve_processing(processing=entered, officer=officer)
    row = approve_processing(processing=entered, officer=second)
    assert (row.standing, row.entered_by, row.decided_by) == ("approved", officer, second)
    with pytest.raises(ProcessingRefused, match="decided already"):
        decline_processing(processing=entered, reason="No.", officer=second)
    assert acts() == ["entered", "approved"]


def test_one_person_with_two_accounts_is_not_two(entered, officer, second):
    second.hand_password("temporary words of ours", by=officer)
    second.save()
    with pytest.raises(ProcessingRefused, match="third officer"):
        approve_processing(processing=entered, officer=second)


def test_whoever_may_not_decide_or_enter_does_not(entered, make_officer):
    for role in (Role.AUDITOR, Role.CASE_HANDLER):
        other = make_officer(role)
        with pytest.raises(ProcessingRefused):
            approve_processing(processing=entered, officer=other)
        with pytest.raises(ProcessingRefused):
            enter_processing(statement=statement(), officer=other)
    assert ProcessingWithoutConsent.objects.get().standing == "awaiting"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("ground", {"ground": "curiosity"}),
        ("authority", {"authority": " "}),
        ("what", {"what": ""}),
        ("about_whom", {"about_whom": ""}),
        ("categories", {"categories": []}),
        ("categories", {"categories": ["key"]}),
        ("review_on", {"review_on": dt.date(2020, 1, 1)}),
        ("review_on", {"review_on": dt.date(2090, 1, 1)}),
    ],
)
def test_an_entry_that_nobody_can_judge_is_refused_by_its_part(officer, field, given):
    with pytest.raises(ProcessingInvalid) as refused:
        enter_processing(statement=statement(**given), officer=officer)
    assert refused.value.field == field
    assert not ProcessingWithoutConsent.objects.exists()


def test_what_the_policy_promises_never_to_do_has_no_ground(officer):
    sale, mails = make_purpose("sale", is_prohibited=True), make_purpose("mails")
    with pytest.raises(ProcessingInvalid, match="never"):
        enter_processing(statement=statement(purpose=sale), officer=officer)
    assert enter_processing(statement=statement(purpose=mails), officer=officer).purpose == mails


def test_a_declined_one_is_over_and_says_why(entered, second):
    with pytest.raises(ProcessingRefused, match="why"):
        decline_processing(processing=entered, reason=" ", officer=second)
    row = decline_processing(processing=entered, reason="A warning would do.", officer=second)
    assert (row.standing, row.ended_on, row.end_reason) == ("declined", today(), "A warning would do.")
    with pytest.raises(ProcessingRefused):
        end_processing(processing=row, ended_on=today(), reason="Over.", officer=second)


def test_a_review_keeps_it_until_the_next_and_an_end_ends_it(approved, officer):
    for day in (today(), today() + 400 * DAY):
        with pytest.raises(ReviewInvalid):
            review_processing(processing=approved, review_on=day, officer=officer)
    row = review_processing(processing=approved, review_on=today() + 60 * DAY, officer=officer)
    assert (row.reviewed_on, row.review_on) == (today(), today() + 60 * DAY)
    for day in (today() - DAY, today() + DAY):
        with pytest.raises(ProcessingRefused, match="between"):
            end_processing(processing=row, ended_on=day, reason="Over.", officer=officer)
    row = end_processing(processing=row, ended_on=today(), reason="It was nothing.", officer=officer)
    assert (row.standing, row.end_reason) == ("ended", "It was nothing.")
    assert acts() == ["entered", "approved", "reviewed", "ended"]


def review_job(row: ProcessingWithoutConsent) -> None:
    (slot,) = Job.objects.filter(kind=REVIEW_JOB).values_list("slot", flat=True)
    assert slot == f"{row.pk}/{row.review_on.isoformat()}"
    review_due(JobHandle(1, slot, 1, "me"))


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def test_the_officers_are_told_once_when_the_review_is_due(approved):
    review_job(approved)
    assert not Letter.objects.exists()
    with time_machine.travel(noon(approved.review_on)):
        review_job(approved)
        told = Letter.objects.filter(kind="processing_review").count()
        review_job(approved)
    letters = Letter.objects.filter(kind="processing_review")
    assert (letters.count(), told) == (3, 3)  # two officers, and the address of the profile
    assert f"/processingwithoutconsent/{approved.pk}/change/" in str(letters[0].body)
    assert acts() == ["entered", "approved", "review_due"]


def test_a_letter_that_cannot_be_written_leaves_the_review_to_be_told(approved, monkeypatch):
    def broken(_processing):
        raise OSError("no letter")

    monkeypatch.setattr("privacy.register.activities.listening._listeners", [broken])
    with time_machine.travel(noon(approved.review_on)):
        with pytest.raises(OSError, match="no letter"):
            review_job(approved)
        assert acts() == ["entered", "approved"]
        monkeypatch.undo()
        review_job(approved)
    assert acts() == ["entered", "approved", "review_due"]


def test_the_ledger_and_the_table_hold_nothing_of_what_was_written_in_the_clear(entered, second):
    decline_processing(processing=entered, reason="Kofi Owusu was warned.", officer=second)
    assert [row.data for row in LedgerEntry.objects.all() if "Kofi" in str(row.data)] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, end_reason FROM activities_processingwithoutconsent")
        assert [b"Kofi" in bytes(cell) for cell in cursor.fetchone()] == [False, False]
    assert "Kofi" in ProcessingWithoutConsent.objects.get().what
