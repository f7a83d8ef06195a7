"""Statutory minimums: they beat an erasure and a rule for their own rows, and say which law wants it and until when."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.models import Action, Dataset
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from retention.certificate.document import check_file
from retention.enums import Result, RunState
from retention.errors import RuleInvalid, RunOutdated
from retention.models import Minimum
from retention.periods import Period
from retention.precedence import ends_before
from retention.rule_plan import plan_rule
from retention.rules_due import start_due_runs
from retention.services import save_minimum, start_erasure_run, start_rule_run
from tests.retention.test_rule_runs import NOON, _daily, _rule
from tests.sources import approve, change, content, known, rows, today, work


def minimum(table: str, start: str, column: str, **changes) -> Minimum:
    values = {
        "name": f"{table} kept by law",
        "dataset": Dataset.objects.get(table_name=table),
        "start_dataset": Dataset.objects.get(table_name=start),
        "start_column": column,
        "amount": 6,
        "unit": "years",
        "year_end": 12,
        "legal_reason": "Tax books",
        "citation": "Act 915, s. 27",
        "is_active": True,
    }
    return save_minimum(minimum=Minimum(**values | changes), actor=SYSTEM)


@pytest.fixture
def ticket_dates(offixpro, crm):
    """Ama's tickets, of which erasure deletes all, one within a minimum of one year and the others before it."""
    Dataset.objects.filter(table_name__in=["ticket", "ticket_message"]).update(on_erasure=Action.DELETE)
    query = """SELECT ticket_id FROM crm.ticket JOIN crm.customer USING (customer_id)
               WHERE customer.email = %s AND customer.operated_by = 'offixpro' ORDER BY 1"""
    found = [key for (key,) in rows(crm, query, AMA_MENSAH.email)]
    old, late = today().replace(year=today().year - 3), today() - dt.timedelta(days=30)
    change(crm, "UPDATE crm.ticket SET opened_at = %s WHERE ticket_id = ANY(%s)", old, found[1:])
    change(crm, "UPDATE crm.ticket SET opened_at = %s WHERE ticket_id = %s", late, found[0])
    return found, late


def _erase(subject):
    planned = plan_erasure(subject=subject)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=planned, actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    return planned, run


def test_an_erasure_completes_and_leaves_only_what_the_law_wants_kept(ticket_dates, crm):
    found, late = ticket_dates
    minimum("ticket", "ticket", "opened_at", amount=1, year_end=None, protects="values")
    planned, run = _erase(known(AMA_MENSAH.email))
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    kept = rows(crm, "SELECT ticket_id FROM crm.ticket WHERE ticket_id = ANY(%s)", found)
    assert len(found) > 1
    assert kept == [(found[0],)]
    (line,) = (line for line in planned.summary if line["table"] == "crm.ticket")
    assert (line["rows"], line["protected"]) == (len(found) - 1, 1)
    said = check_file(run.certificate.document)
    table = next(each for each in said["tables"] if each["table"] == "crm.ticket")
    assert (table["rows"], table["rows_kept_by_law"], table["result"]["class"]) == (len(found) - 1, 1, Result.DELETED)
    assert LedgerEntry.objects.get(action="run.completed").data["kept_by_law"]["crm.ticket"] == 1
    assert said["result"]["class"] in {Result.KEPT_IN_PART, Result.GENERALISED, Result.PSEUDONYMOUS}
    until = Period(1, "years").last_day(late).isoformat()
    assert line["by_law"] == [{"rows": 1, "reason": "Tax books (Act 915, s. 27)", "until": until}]


def test_without_the_minimum_all_of_them_go(ticket_dates, crm):
    found, _late = ticket_dates
    _erase(known(AMA_MENSAH.email))
    assert rows(crm, "SELECT ticket_id FROM crm.ticket WHERE ticket_id = ANY(%s)", found) == []


def test_a_minimum_that_came_after_the_approval_voids_the_plan(ticket_dates, crm):
    found, _late = ticket_dates
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    minimum("ticket", "ticket", "opened_at", amount=1, year_end=None, protects="values")
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.STOPPED, "map_changed")
    assert len(rows(crm, "SELECT 1 FROM crm.ticket WHERE ticket_id = ANY(%s)", found)) == len(found)


def test_a_minimum_over_rows_lets_them_be_anonymised_and_one_over_values_does_not(offixpro, crm):
    rule = _rule("contact")
    due = start_rule_run(rule=rule, actor=SYSTEM, slot="before", now=NOON)
    number = due.steps.get().expected
    assert number > 0
    kept = minimum("contact", "workspace", "cancelled_on", amount=90, unit="days", year_end=None, protects="rows")
    assert (plan_rule(rule, now=NOON).rows, plan_rule(rule, now=NOON).protected) == (number, 0)
    kept.protects, kept.conditions = "values", [{"column": "export_pending", "op": "=", "value": True}]
    save_minimum(minimum=kept, actor=SYSTEM)
    assert (plan_rule(rule, now=NOON).rows, plan_rule(rule, now=NOON).protected) == (number, 0)
    Minimum.objects.filter(pk=kept.pk).update(conditions=[])
    late = plan_rule(rule, now=NOON)
    assert late.protected > 0
    assert late.rows + late.protected == number


def test_a_rule_may_not_begin_before_the_minimum_is_over(offixpro):
    minimum("invoice", "invoice", "issued_on")
    invoices = Dataset.objects.get(table_name="invoice")
    same = {"start_dataset": invoices, "start_column": "issued_on", "conditions": []}
    with pytest.raises(ValidationError, match=r"Act 915, s\. 27"):
        _rule("invoice", Action.DELETE, **same, amount=6, unit="years")
    assert _rule("invoice", Action.DELETE, **same, amount=6, unit="years", year_end=12).pk
    assert _rule("invoice", Action.MASK, **same, amount=1, name="Values may go").pk


def test_a_minimum_may_not_outlast_a_rule_that_stands(offixpro):
    invoices = Dataset.objects.get(table_name="invoice")
    _rule("invoice", Action.DELETE, start_dataset=invoices, start_column="issued_on", conditions=[], amount=1)
    with pytest.raises(ValidationError, match="Make it longer"):
        minimum("invoice", "invoice", "issued_on")
    assert minimum("invoice", "invoice", "issued_on", is_active=False).pk


def test_a_minimum_that_does_not_fit_the_data_map_stops_every_plan(offixpro):
    wrong = minimum("invoice", "invoice", "issued_on")
    Minimum.objects.filter(pk=wrong.pk).update(start_column="nowhere")
    with pytest.raises(DatamapIncomplete, match="statutory minimum does not fit"):
        plan_erasure(subject=known(AMA_MENSAH.email))
    with pytest.raises(RuleInvalid, match="statutory minimum does not fit"):
        start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)


def _another_minimum() -> Minimum:
    return minimum("contact", "workspace", "cancelled_on", amount=90, unit="days", year_end=None, protects="values",
                   conditions=[{"column": "export_pending", "op": "=", "value": True}])  # fmt: skip


def test_nobody_can_approve_a_run_after_a_minimum_came_and_the_daily_look_ends_it(offixpro, officer_client, crm):
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    page, before = reverse("officer:retention_run_change", args=[run.pk]), content(crm, "crm")
    assert "Approve:" in officer_client.get(page).content.decode()
    _another_minimum()
    with pytest.raises(RunOutdated, match="Decline it and start a new run"):
        approve(run.pk)
    shown = officer_client.get(page).content.decode()
    assert ("Approve:" in shown, "Decline it and start a new run" in shown) == (False, True)
    start_due_runs(_daily())
    run.refresh_from_db()
    assert (run.state, run.problem, content(crm, "crm")) == (RunState.STOPPED, "minimum_changed", before)


def test_a_minimum_that_comes_after_the_approval_stops_the_run(offixpro, crm):
    run, before = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON), content(crm, "crm")
    approve(run.pk)
    _another_minimum()
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, content(crm, "crm")) == (RunState.STOPPED, "minimum_changed", before)


def test_a_minimum_says_what_takes_its_rows_afterwards(offixpro, officer_client):
    lines = minimum("invoice_line", "invoice", "issued_on")
    page = f"/officer/retention/minimum/{lines.pk}/change/"
    shown = officer_client.get(page).content.decode()
    assert "may not be deleted until 6 years after the end of the calendar year of “Issued on” in “Invoices”" in shown
    assert "they would stay for ever" in shown
    rule = _rule("invoice", Action.DELETE, start_dataset=Dataset.objects.get(table_name="invoice"),
                 start_column="issued_on", conditions=[], amount=6, unit="years", year_end=12)  # fmt: skip
    rule.along.set([lines.dataset])
    shown = officer_client.get(page).content.decode()
    assert "they would stay for ever" not in shown
    assert "“Invoices”, “Invoice lines” are deleted 6 years after" in shown


@pytest.mark.parametrize(
    ("one", "other", "shorter"),
    [
        (Period(6, "years"), Period(6, "years", 12), True),
        (Period(6, "years", 12), Period(6, "years"), False),
        (Period(7, "years"), Period(6, "years", 12), False),
        (Period(84, "months", 12), Period(7, "years", 12), False),
        (Period(365, "days"), Period(1, "years"), True),
        (Period(366, "days"), Period(1, "years"), False),
        (Period(30, "days"), Period(1, "months"), True),
    ],
)
def test_periods_are_compared_on_their_worst_day(one, other, shorter):
    assert ends_before(one, other) is shorter
