"""An erasure on request touches what was there when it was asked for, and leaves what came after that day."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.models import Dataset
from privacy.datamap.newer import newer_rows
from privacy.datamap.specs import datasets_of
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from retention.admin.progress import run_row
from retention.certificate.content import content_of
from retention.certificate.words import newer_words
from retention.enums import PeriodUnit, Protects, Result, RunState
from retention.models import KeptRow, Minimum, Run
from retention.results import weakest
from retention.services import save_minimum, start_erasure_run
from tests.sources import change, known, rows, today, work

DAY = today() + timedelta(days=3)
TICKETS = "SELECT opened_at FROM crm.ticket WHERE subject = 'Help me' ORDER BY 1"


def customer_of(crm: str, email: str = AMA_MENSAH.email) -> int:
    ((found,),) = rows(crm, "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'", email)
    return int(found)


def open_ticket(crm: str, customer: int, at: datetime) -> int:
    ((found,),) = rows(
        crm,
        "INSERT INTO crm.ticket (operated_by, customer_id, subject, status, priority, opened_at)"
        " VALUES ('offixpro', %s, 'Help me', 'open', 'normal', %s) RETURNING ticket_id",
        customer,
        at,
    )
    return int(found)


def issue_invoice(crm: str, customer: int, on: date) -> int:
    ((found,),) = rows(
        crm,
        "INSERT INTO crm.invoice (operated_by, customer_id, invoice_number, issued_on, due_on, currency, net_amount,"
        " tax_amount, total_amount, billing_name) VALUES ('offixpro', %s, %s, %s, %s, 'GHS', 1, 0, 1, 'Ama')"
        " RETURNING invoice_id",
        customer,
        uuid4().hex,
        on,
        on,
    )
    return int(found)


def midnight(day: date, zone: str = "UTC") -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=ZoneInfo(zone))


def plan(received_on: date | None = DAY):
    return plan_erasure(subject=known(AMA_MENSAH.email), received_on=received_on)


def begin(received_on: date | None = DAY) -> Run:
    (run,) = start_erasure_run(
        case_id=uuid4(), subject=known(AMA_MENSAH.email), planned=plan(received_on), actor=SYSTEM,
        received_on=received_on,
    )  # fmt: skip
    return run


def after(run: Run) -> tuple[str, str]:
    work(run.pk)
    run.refresh_from_db()
    return run.state, run.problem


def line(planned, table: str) -> dict:
    return next(each for each in planned.summary if each["table"] == f"crm.{table}")


@pytest.mark.parametrize("zone", ["Africa/Accra", "Asia/Kolkata", "America/Vancouver"])
def test_the_border_is_the_end_of_the_day_where_the_organisation_is(offixpro, crm, zone):
    OrganisationProfile.objects.update(time_zone=zone)
    end, second = midnight(DAY + timedelta(days=1), zone), timedelta(seconds=1)
    for moment in (end - second, end, end + second):
        open_ticket(crm, customer_of(crm), moment)
    planned = plan()
    assert (line(planned, "ticket")["rows"], line(planned, "ticket")["newer"]) == (AMA_MENSAH.tickets + 1, 2)
    assert line(planned, "ticket")["protected"] == 0
    assert after(begin()) == (RunState.COMPLETED, "")
    assert [each.astimezone(UTC) for (each,) in rows(crm, TICKETS)] == [end, end + second]


def test_a_day_is_compared_as_a_day(offixpro, crm):
    for days in (0, 1, 2):
        issue_invoice(crm, customer_of(crm), DAY + timedelta(days=days))
    planned = line(plan(), "invoice")
    assert (planned["rows"], planned["newer"]) == (AMA_MENSAH.invoices + 1, 2)
    assert after(begin()) == (RunState.COMPLETED, "")
    later = "SELECT issued_on FROM crm.invoice WHERE billing_name = 'Ama' ORDER BY 1"
    assert [day for (day,) in rows(crm, later)] == [DAY + timedelta(days=1), DAY + timedelta(days=2)]


def test_who_has_no_date_is_as_old_as_what_they_hang_from(offixpro, crm):
    """Lines of an invoice have none, and are left with a newer invoice; preferences go with the old customer."""
    Dataset.objects.filter(table_name="invoice_line").update(on_erasure="delete")
    new = issue_invoice(crm, customer_of(crm), DAY + timedelta(days=1))
    change(crm, "INSERT INTO crm.invoice_line VALUES (%s, 1, 'offixpro', 'One', 1, 1, 1)", new)
    planned = plan()
    assert (line(planned, "invoice_line")["newer"], line(planned, "marketing_preference")["newer"]) == (1, 0)
    assert [line(planned, name)["dateless"] for name in ("invoice_line", "marketing_preference")] == [False, False]
    assert after(begin()) == (RunState.COMPLETED, "")
    assert rows(crm, "SELECT count(*) FROM crm.invoice_line WHERE invoice_id = %s", new) == [(1,)]


def test_a_table_of_which_nobody_knows_when_a_row_came_about_is_touched_as_a_whole_and_the_plan_says_so(offixpro, crm):
    Dataset.objects.filter(table_name__in=["ticket", "customer"]).update(created_column="")
    open_ticket(crm, customer_of(crm), midnight(DAY + timedelta(days=9)))
    planned = plan()
    assert (line(planned, "ticket")["newer"], line(planned, "ticket")["dateless"]) == (0, True)
    assert not line(planned, "invoice")["dateless"]
    assert not any(each["dateless"] for each in plan(None).summary)
    assert after(begin()) == (RunState.COMPLETED, "")
    assert rows(crm, TICKETS) == []


def test_rows_that_come_after_the_plan_stop_it_only_if_the_request_is_about_them(offixpro, crm):
    run = begin()
    open_ticket(crm, customer_of(crm), midnight(DAY + timedelta(days=1)))
    named = (
        "UPDATE crm.contact SET email = %s, created_at = %s WHERE contact_id ="
        " (SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro')"
    )
    change(crm, named, AMA_MENSAH.email, midnight(DAY + timedelta(days=1)))
    assert after(run) == (RunState.COMPLETED, "")
    assert run.steps.get(dataset_key="crm.ticket").newer == 1
    assert rows(crm, "SELECT count(*) FROM crm.contact WHERE email = %s", AMA_MENSAH.email) == [(1,)]


@pytest.mark.parametrize("table", ["ticket", "contact"])
def test_rows_of_the_day_of_the_request_that_come_after_the_plan_stop_it(offixpro, crm, table):
    run = begin()
    if table == "ticket":
        open_ticket(crm, customer_of(crm), midnight(DAY))
    else:
        change(crm, "UPDATE crm.contact SET email = %s WHERE contact_id = (SELECT min(contact_id) FROM crm.contact"
                    " WHERE operated_by = 'offixpro')", AMA_MENSAH.email)  # fmt: skip
    assert after(run) == (RunState.STOPPED, "plan_no_longer_matches")


def test_newer_rows_that_only_an_erased_row_leads_to_are_told_as_found_by_nobody(offixpro, crm):
    open_ticket(crm, customer_of(crm), midnight(DAY + timedelta(days=1)))
    change(
        crm,
        "UPDATE crm.contact SET email = %s, created_at = %s WHERE contact_id ="
        " (SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro')",
        AMA_MENSAH.email,
        midnight(DAY + timedelta(days=1)),
    )
    planned = plan()
    told = {name: (line(planned, name)["newer"], line(planned, name)["newer_lost"]) for name in ("ticket", "contact")}
    assert told == {"ticket": (1, 1), "contact": (1, 0)}
    run = begin()
    assert after(run) == (RunState.COMPLETED, "")
    (shown,) = (step for step in run_row(run).steps if step.table == "crm.ticket")
    assert shown.newer_words == f"1 row left: it came after {DAY:%-d %B %Y}, or belongs to one that did"
    assert shown.lost_words.startswith("1 newer row of this table is reached only through rows that are erased here")
    assert shown.verdict == "verified: none left that the request is about"
    others = [step for step in run_row(run).steps if step.table != "crm.ticket"]
    assert {step.lost_words for step in others} == {""}
    ended = LedgerEntry.objects.get(action="run.completed", object_id=str(run.pk))
    assert ended.data["newer_found_by_nobody"] == ["crm.ticket"]


def test_newer_rows_of_somebody_who_is_still_named_are_found(offixpro, crm):
    open_ticket(crm, customer_of(crm), midnight(DAY + timedelta(days=1)))
    change(
        crm,
        "UPDATE crm.customer SET created_at = %s WHERE email = %s AND operated_by = 'offixpro'",
        midnight(DAY + timedelta(days=1)),
        AMA_MENSAH.email,
    )
    planned = line(plan(), "ticket")
    assert (planned["newer"], planned["newer_lost"]) == (1, 0)


def test_a_copy_is_made_of_everything(offixpro, crm):
    open_ticket(crm, customer_of(crm), midnight(DAY + timedelta(days=1)))
    planned = line(plan(None), "ticket")
    assert (planned["rows"], planned["newer"]) == (AMA_MENSAH.tickets + 1, 0)


def test_what_the_law_keeps_is_remembered_without_what_is_newer(offixpro, crm):
    dataset = Dataset.objects.get(table_name="invoice")
    books = Minimum(
        name="Books", dataset=dataset, protects=Protects.VALUES, start_dataset=dataset,
        start_column="issued_on", amount=6, unit=PeriodUnit.YEARS, legal_reason="Tax books",
        citation="Revenue Act, s. 28", is_active=True,
    )  # fmt: skip
    save_minimum(minimum=books, actor=SYSTEM)
    old = line(plan(), "invoice")["protected"]
    assert old > 0
    issue_invoice(crm, customer_of(crm), DAY + timedelta(days=1))
    planned = line(plan(), "invoice")
    assert (planned["protected"], planned["newer"], sum(each["rows"] for each in planned["by_law"])) == (old, 1, old)
    run = begin()
    assert after(run) == (RunState.COMPLETED, "")
    step = run.steps.get(dataset_key="crm.invoice")
    assert (step.protected, step.newer) == (old, 1)
    assert KeptRow.objects.filter(kept__dataset=dataset).count() == old


def test_a_map_that_names_another_column_since_stops_the_run(offixpro, crm):
    run = begin()
    Dataset.objects.filter(table_name="ticket").update(created_column="closed_at")
    assert after(run) == (RunState.STOPPED, "map_changed")


def test_a_run_that_was_planned_for_another_day_does_not_begin(offixpro, crm):
    run = begin()
    Run.objects.filter(pk=run.pk).update(received_on=DAY + timedelta(days=1))
    assert after(run) == (RunState.STOPPED, "map_changed")


def test_a_column_that_says_nothing_of_the_kind_stops_the_plan(offixpro):
    Dataset.objects.filter(table_name="ticket").update(created_column="subject")
    with pytest.raises(DatamapIncomplete, match=r"crm\.ticket: “subject” does not say when a row came about"):
        plan()
    plan(None)


def test_a_ring_of_tables_without_a_date_has_none(offixpro):
    Dataset.objects.update(created_column="")
    one, other = Dataset.objects.get(table_name="customer"), Dataset.objects.get(table_name="ticket")
    one.parent, one.link_columns = other, [["customer_id", "customer_id"]]
    one.save()
    assert newer_rows(datasets_of(offixpro), DAY) == {}


def test_record_certificate_and_ledger_say_how_many_were_left(offixpro, crm):
    open_ticket(crm, customer_of(crm), midnight(DAY + timedelta(days=1)))
    run = begin()
    assert after(run) == (RunState.COMPLETED, "")
    said = content_of(run, certificate_id="x", issued_at=datetime.now(UTC))
    (ticket,) = (each for each in said["tables"] if each["table"] == "crm.ticket")
    assert (ticket["rows_newer_than_request"], ticket["rows_kept_by_law"]) == (1, 0)
    assert said["run"]["request_received_on"] == DAY.isoformat()
    assert LedgerEntry.objects.get(action="run.completed", object_id=str(run.pk)).data["newer"] == {"crm.ticket": 1}


def test_a_table_beside_which_newer_rows_were_left_is_not_called_anonymous(offixpro, crm):
    run = begin()
    before = run.steps.get(dataset_key="crm.customer").result
    open_ticket(crm, customer_of(crm), midnight(DAY + timedelta(days=1)))
    assert after(run) == (RunState.COMPLETED, "")
    found = run.steps.get(dataset_key="crm.customer").result
    assert found == weakest([before, Result.KEPT_IN_PART])


def test_the_certificate_says_that_newer_rows_may_be_left(offixpro, crm):
    open_ticket(crm, customer_of(crm), midnight(DAY + timedelta(days=1)))
    run = begin()
    assert after(run) == (RunState.COMPLETED, "")
    content = content_of(run, certificate_id="c", issued_at=datetime.now(UTC))
    assert "rows that came after the day of the request or belong to data that did" in content["scope"][0]
    said = ("came after the day of the request or", "to data that did")
    assert newer_words(1) == f"1 not touched, because it {said[0]} belongs {said[1]}"
    assert newer_words(2) == f"2 not touched, because they {said[0]} belong {said[1]}"


def test_newer_rows_of_a_table_that_is_kept_whole_are_not_kept_for_its_reason(offixpro, crm):
    Dataset.objects.filter(table_name="invoice").update(on_erasure="keep", keep_reason="Tax books")
    new = issue_invoice(crm, customer_of(crm), DAY + timedelta(days=1))
    planned = line(plan(), "invoice")
    assert (planned["action"], planned["rows"], planned["newer"]) == ("keep", AMA_MENSAH.invoices, 1)
    assert line(plan(None), "invoice")["rows"] == AMA_MENSAH.invoices + 1
    run = begin()
    issue_invoice(crm, customer_of(crm), DAY + timedelta(days=2))
    assert after(run) == (RunState.COMPLETED, "")
    step = run.steps.get(dataset_key="crm.invoice")
    assert (step.expected, step.newer) == (AMA_MENSAH.invoices, 1)
    content = content_of(run, certificate_id="c", issued_at=datetime.now(UTC))
    kept = next(each for each in content["kept_tables"] if each["table"] == "crm.invoice")
    assert (kept["rows"], kept["rows_newer_than_request"]) == (AMA_MENSAH.invoices, 1)
    assert rows(crm, "SELECT count(*) FROM crm.invoice WHERE invoice_id = %s", new) == [(1,)]
