"""Withdrawals are passed on: to whom, by when, by whom it was done."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from consent.models import ConsentRecord, CurrentConsent, WithdrawalTask
from consent.propagation.due import OWN_LIMIT, LastDay, day_to_stop_by
from consent.propagation.errors import HowMissing, TaskNotOpen
from consent.propagation.services import REMIND, mark_passed_on
from consent.services import record_consent, record_statements, withdraw
from consent.services.expiry import expire_slice
from consent.services.rebuilding import differences
from consent.statement import Statement
from privacy.datamap.models import Dataset, Field, Source, SourceKind
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import HolidayOverlay, OrganisationProfile, Recipient

NOON = datetime(2026, 12, 1, 12, tzinfo=ZoneInfo("UTC"))  # a Tuesday; the Friday after it is Farmers' Day in Ghana


def _decide(subject, purpose, decision):
    return record_consent(subject=subject, purpose=purpose, decision=decision, method="electronic", actor=SYSTEM)


def _source(name, purpose, kind=SourceKind.POSTGRESQL, **fields):
    source = Source.objects.create(name=name, kind=kind, **fields)
    dataset = Dataset.objects.create(source=source, table_name="people", label="People", primary_key=["id"])
    for column in ("email", "name"):
        Field.objects.create(dataset=dataset, column=column, data_type="text").purposes.add(purpose)
    return source


def _open() -> list[str]:
    tasks = WithdrawalTask.objects.filter(state="open").order_by("recipient__name", "source__name")
    return [str(task.recipient or task.source) for task in tasks]


def test_everybody_who_uses_the_data_for_the_purpose_gets_a_task_and_nobody_else(purposes, ama):
    newsletter = purposes["newsletter"]
    Recipient.objects.create(name="Printer", role="prints", country="GH").purposes.add(newsletter)
    Recipient.objects.create(name="Gone", role="x", country="GH", inactive_since=date(2020, 1, 1)).purposes.add(
        newsletter
    )
    Recipient.objects.create(name="Pollster", role="asks", country="GH").purposes.add(purposes["surveys"])
    _source("CRM", newsletter)
    _source("Old CRM", newsletter, is_active=False)
    _source("Portal", newsletter, kind=SourceKind.PORTAL)
    _decide(ama, newsletter, "given")
    assert _open() == []
    with time_machine.travel(NOON, tick=False):
        record = withdraw(subject=ama, purpose=newsletter, actor=SYSTEM)
    assert _open() == ["Mailer Ltd", "Printer", "CRM"]
    assert {(task.record_id, task.due_on) for task in WithdrawalTask.objects.all()} == {(record.pk, date(2026, 12, 16))}
    entry = LedgerEntry.objects.get(action="consent.withdrawal_to_pass_on")
    assert entry.data == {"tasks": 3, "due_on": "2026-12-16", "rule": OWN_LIMIT}


def test_a_refusal_is_passed_on_only_where_consent_was_given_before(purposes, ama):
    _decide(ama, purposes["newsletter"], "refused")
    assert _open() == []
    for decision in ("given", "refused", "withdrawn"):
        _decide(ama, purposes["newsletter"], decision)
    assert _open() == ["Mailer Ltd"]


def test_who_agrees_again_first_is_not_passed_on_and_who_withdraws_again_is(purposes, ama, officer):
    newsletter = purposes["newsletter"]
    for decision in ("given", "withdrawn", "given"):
        _decide(ama, newsletter, decision)
    (task,) = WithdrawalTask.objects.all()
    assert (task.state, task.closed_by) == ("overtaken", None)
    with pytest.raises(TaskNotOpen):
        mark_passed_on(tasks=[task.pk], how="By mail", officer=officer)
    _decide(ama, newsletter, "withdrawn")
    mark_passed_on(tasks=WithdrawalTask.objects.values_list("pk", flat=True), how=" By \n mail ", officer=officer)
    last = WithdrawalTask.objects.latest("pk")
    assert (last.state, last.how, last.closed_by, last.closed_at is None) == ("done", "By mail", officer, False)
    _decide(ama, newsletter, "withdrawn")
    assert _open() == []  # they know already


@pytest.mark.parametrize("how", ["", "  ", "x" * 501])
def test_how_they_were_told_is_said(purposes, ama, officer, how):
    for decision in ("given", "withdrawn"):
        _decide(ama, purposes["newsletter"], decision)
    with pytest.raises(HowMissing):
        mark_passed_on(tasks=[WithdrawalTask.objects.get().pk], how=how, officer=officer)
    assert _open() == ["Mailer Ltd"]


@pytest.mark.parametrize("count", [1, 3])
def test_withdrawals_in_bulk_are_passed_on_and_overtaken_like_single_ones(purposes, count):
    def said(decision):
        return [
            Statement("email", f"p{number}@example.com", "newsletter", decision, "electronic")
            for number in range(count)
        ]

    record_statements(statements=said("given"), actor=SYSTEM)
    record_statements(statements=said("withdrawn"), actor=SYSTEM)
    assert _open() == ["Mailer Ltd"] * count
    record_statements(statements=[*said("withdrawn"), *said("given")], actor=SYSTEM)
    assert _open() == []


@pytest.mark.parametrize(
    ("laws", "country", "expected"),
    [
        ([], "GH", LastDay(date(2026, 12, 16), OWN_LIMIT)),
        (["CA-FED"], "CA", LastDay(date(2026, 12, 15), "CA-CASL.consent_withdrawal")),
        (["CA-CASL"], "GH", LastDay(date(2026, 12, 15), "CA-CASL.consent_withdrawal")),
        ([], "XX", LastDay(date(2026, 12, 11), OWN_LIMIT)),
    ],
)
def test_the_last_day_is_the_earliest_that_any_law_gives(alpha, laws, country, expected):
    found = day_to_stop_by(date(2026, 12, 1), OrganisationProfile(laws=laws, country=country))
    assert found.due_on == expected.due_on
    assert found.rule.startswith(expected.rule.partition(".")[0])


def test_holidays_and_days_that_officers_added_do_not_count(alpha):
    canadian = OrganisationProfile(laws=["CA-FED"], country="CA")
    assert day_to_stop_by(date(2026, 12, 18), canadian).due_on == date(2027, 1, 5)  # Christmas and New Year between
    HolidayOverlay.objects.create(calendar="CA", date=date(2026, 12, 24), name="Closed")
    assert day_to_stop_by(date(2026, 12, 18), canadian).due_on == date(2027, 1, 6)


def _run_reminders():
    for job in Job.objects.filter(kind=REMIND).order_by("due_at"):
        run_job(job_id=job.pk)


def test_officers_are_reminded_before_the_last_day_and_after_it_once_each(purposes, ama, officer):
    _decide(ama, purposes["newsletter"], "given")
    with time_machine.travel(NOON, tick=False) as clock:
        withdraw(subject=ama, purpose=purposes["newsletter"], actor=SYSTEM)
        reminders = Letter.objects.filter(kind="withdrawals_due")
        counts = []
        for day in (14, 15, 15, 17):
            clock.move_to(NOON.replace(day=day))
            _run_reminders()
            counts.append(reminders.values("body").distinct().count())
        assert counts == [0, 2, 2, 4]  # one letter for each of two officers
        bodies = " ".join(each.body for each in reminders)
    assert "One withdrawal of consent is to be passed on by 16 December 2026." in bodies
    assert "was to be passed on by 16 December 2026, and is still open." in bodies
    assert "ama@" not in bodies


def test_nobody_is_reminded_of_what_is_done(purposes, ama, officer):
    _decide(ama, purposes["newsletter"], "given")
    with time_machine.travel(NOON, tick=False) as clock:
        withdraw(subject=ama, purpose=purposes["newsletter"], actor=SYSTEM)
        mark_passed_on(tasks=[WithdrawalTask.objects.get().pk], how="By mail", officer=officer)
        clock.move_to(NOON + timedelta(days=20))
        _run_reminders()
    assert Letter.objects.filter(kind="withdrawals_due").count() == 0


def _enter_paper(subject, purpose, at, *, many):
    """A consent that was given then, by the one way or by the other."""
    if not many:
        record_consent(
            subject=subject, purpose=purpose, decision="given", method="electronic", occurred_at=at, actor=SYSTEM
        )
        return
    said = Statement("email", "ama@example.com", purpose.code, "given", "electronic", occurred_at=at)
    assert [each.field for each in record_statements(statements=[said], actor=SYSTEM)] == [""]


@pytest.fixture
def ran_out(purposes, ama):
    """A purpose to which a consent was in force until yesterday."""
    newsletter = purposes["newsletter"]
    newsletter.valid_days = 30
    newsletter.save()
    with time_machine.travel(timezone.now() - timedelta(days=5)):
        _enter_paper(ama, newsletter, timezone.now() - timedelta(days=26), many=False)
    return newsletter


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("is_written_down", [False, True])
def test_an_old_paper_leaves_the_end_of_a_later_consent_and_those_who_have_to_hear_of_it(
    ran_out, ama, many, is_written_down
):
    if is_written_down:
        expire_slice()
        assert _open() == ["Mailer Ltd"]
    before = CurrentConsent.objects.values().get()
    _enter_paper(ama, ran_out, timezone.now() - timedelta(days=200), many=many)
    assert CurrentConsent.objects.values().get() == before
    assert (list(differences()), ConsentRecord.objects.count()) == ([], 3 if is_written_down else 2)
    expire_slice()
    assert _open() == ["Mailer Ltd"]
    _enter_paper(ama, ran_out, timezone.now() - timedelta(days=2), many=many)  # this one holds
    assert (_open(), CurrentConsent.objects.get().decision) == ([], "given")


@pytest.mark.parametrize("many", [False, True])
def test_whoever_was_told_is_not_told_again_because_of_an_old_paper(ran_out, ama, officer, many):
    expire_slice()
    mark_passed_on(tasks=WithdrawalTask.objects.values_list("pk", flat=True), how="By mail", officer=officer)
    _enter_paper(ama, ran_out, timezone.now() - timedelta(days=200), many=many)
    _decide(ama, ran_out, "refused")
    assert _open() == []
    _decide(ama, ran_out, "given")
    _decide(ama, ran_out, "refused")
    assert _open() == ["Mailer Ltd"]
