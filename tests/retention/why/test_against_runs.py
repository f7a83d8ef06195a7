"""What is said about a row is what a run then does to it, for each thing that can keep it."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Action, Dataset, Source
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from privacy.register.models import OrganisationProfile
from retention.enums import HoldKind, RunState, StartEvent
from retention.models import Minimum, Rule
from retention.services import deactivate_rule, place_hold, start_erasure_run, start_rule_run
from retention.transitions import UNDER_WAY
from retention.why.answers import Cause, Explanation, RuleStand
from retention.why.asking import explain_row
from retention.why.deciding import Verdict, decide
from retention.why.words import verdict_words
from tests.holding import let_go
from tests.retention.test_minimums import minimum
from tests.retention.test_rows_newer_than_the_request import after, begin, customer_of, midnight, open_ticket
from tests.retention.test_rule_runs import _rule
from tests.sources import approve, change, known, rows, today, work

LONG_AGO = dt.date(2015, 3, 9)


def explained(table: str, *key: object) -> Explanation:
    return explain_row(dataset=Dataset.objects.get(table_name=table), key=tuple(map(str, key)))


def said(table: str, *key: object) -> Verdict:
    return decide(explained(table, *key))


def row_of(crm: str, table: str, column: str, key: object) -> list:
    return rows(crm, f"SELECT {table}::text FROM crm.{table} WHERE {column} = %s", key)


@pytest.fixture
def contact(offixpro, crm) -> int:
    """A contact of ours whose workspace was cancelled long ago; the others are as they come."""
    (key,) = rows(crm, "SELECT contact_id FROM crm.contact WHERE operated_by = 'offixpro' ORDER BY 1 LIMIT 1")[0]
    cancel(crm, key, LONG_AGO)
    return key


def cancel(crm: str, key: int, day: dt.date | None) -> None:
    query = """UPDATE crm.workspace w SET subscription_status = 'cancelled', cancelled_on = %s, export_pending = false
               FROM crm.contact c JOIN crm.customer u USING (customer_id)
               WHERE c.contact_id = %s AND w.workspace_id = u.workspace_id"""
    assert change(crm, query, day, key) == 1


def taken(crm: str, rule: Rule, key: int, *, approving: bool = True) -> bool:
    """Start the run of a rule and work it as far as it goes; whether the row was changed."""
    before = row_of(crm, "contact", "contact_id", key)
    run = rule.runs.filter(state__in=UNDER_WAY).first() or start_rule_run(rule=rule, actor=SYSTEM)
    if approving:
        work(run.pk)
    return row_of(crm, "contact", "contact_id", key) != before


def test_a_row_that_is_due_and_free_goes_with_the_next_run(contact, crm):
    rule = _rule("contact")
    verdict = said("contact", contact)
    assert (verdict.cause, verdict.goes_on) == (Cause.DUE, LONG_AGO + dt.timedelta(days=31))
    assert taken(crm, rule, contact)
    assert said("contact", contact).cause is Cause.DONE


@pytest.mark.parametrize("days_left", [0, 1, 5])
def test_the_day_that_is_said_is_the_first_on_which_a_run_takes_the_row(contact, crm, days_left):
    cancel(crm, contact, today() - dt.timedelta(days=31 - days_left))
    rule = _rule("contact")
    verdict = said("contact", contact)
    assert verdict.goes_on == today() + dt.timedelta(days=days_left)
    assert verdict.cause is (Cause.NOT_DUE if days_left else Cause.DUE)
    noon = dt.datetime.combine(verdict.goes_on, dt.time(12), dt.UTC)
    with time_machine.travel(noon - dt.timedelta(days=1)):
        assert not taken(crm, rule, contact)
    with time_machine.travel(noon):
        assert taken(crm, rule, contact)


def test_a_minimum_keeps_the_row_until_the_day_that_is_said(contact, crm):
    cancel(crm, contact, today() - dt.timedelta(days=40))
    rule = _rule("contact")
    minimum("contact", "workspace", "cancelled_on", amount=60, unit="days", year_end=None, protects="values",
            conditions=[{"column": "subscription_status", "op": "=", "value": "cancelled"},
                        {"column": "export_pending", "op": "=", "value": False},
                        {"column": "cancelled_on", "op": ">=", "value": "2020-01-01"}])  # fmt: skip
    answer = explain_row(dataset=rule.dataset, key=(str(contact),))
    verdict = decide(answer)
    assert (verdict.cause, verdict.goes_on) == (Cause.MINIMUM, today() + dt.timedelta(days=21))
    assert [(law.reason, law.until) for law in answer.laws] == [
        ("Tax books (Act 915, s. 27)", today() + dt.timedelta(days=20))
    ]
    assert not taken(crm, rule, contact)
    with time_machine.travel(dt.datetime.combine(verdict.goes_on, dt.time(12), dt.UTC)):
        assert said("contact", contact).cause is Cause.DUE
        assert taken(crm, rule, contact)


def test_a_minimum_over_rows_does_not_keep_one_from_being_anonymised(contact, crm):
    rule = _rule("contact")
    minimum("contact", "workspace", "cancelled_on", amount=90, year_end=None)
    assert said("contact", contact).cause is Cause.DUE
    assert taken(crm, rule, contact)


@pytest.mark.parametrize("kind", [HoldKind.LEGAL, HoldKind.OPEN_REQUEST])
def test_a_hold_on_the_person_keeps_the_row_and_nothing_is_promised(contact, crm, kind):
    rule = _rule("contact")
    (email,) = rows(crm, "SELECT email FROM crm.contact WHERE contact_id = %s", contact)[0]
    case = uuid4() if kind == HoldKind.OPEN_REQUEST else None
    hold = place_hold(kind=kind, matter="m", subject=known(email), case_id=case, actor=SYSTEM)
    place_hold(kind=HoldKind.LEGAL, matter="another", subject=known("nobody@example.com"), actor=SYSTEM)
    answer = explain_row(dataset=rule.dataset, key=(str(contact),))
    verdict = decide(answer)
    assert verdict.cause is (Cause.LEGAL_HOLD if kind == HoldKind.LEGAL else Cause.REQUEST)
    assert (verdict.after_hold, [each.pk for each in answer.held_by]) == (True, [hold.pk])
    assert not taken(crm, rule, contact)
    let_go(hold)
    assert said("contact", contact).cause is Cause.DUE
    assert taken(crm, rule, contact)


@pytest.mark.parametrize("by", ["dataset", "category"])
def test_a_hold_on_the_table_or_on_a_kind_of_data_keeps_the_row(contact, crm, by):
    rule = _rule("contact")
    what = {"dataset": rule.dataset} if by == "dataset" else {"category": "contact"}
    hold = place_hold(kind=HoldKind.LEGAL, matter="m", actor=SYSTEM, **what)
    assert said("contact", contact).cause is Cause.LEGAL_HOLD
    assert not taken(crm, rule, contact)
    let_go(hold)
    assert said("contact", contact).cause is Cause.RUN_WORKS
    assert taken(crm, rule, contact)


def test_outside_of_the_hours_a_row_that_is_due_waits_for_them(contact, crm):
    rule = _rule("contact")
    now = timezone.now()
    begin, end = (now + dt.timedelta(hours=2)).time(), (now + dt.timedelta(hours=4)).time()
    OrganisationProfile.objects.update(retention_from=begin, retention_until=end)
    assert said("contact", contact).cause is Cause.HOURS
    assert not taken(crm, rule, contact)
    with time_machine.travel(now + dt.timedelta(hours=3)):
        assert said("contact", contact).cause is Cause.RUN_WORKS
        assert taken(crm, rule, contact)


def test_a_row_of_a_run_that_waits_for_a_second_officer_waits_with_it(contact, crm):
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM)
    assert (run.state, said("contact", contact).cause) == (RunState.AWAITING, Cause.AWAITING)
    assert not taken(crm, rule, contact, approving=False)
    approve(run.pk)
    assert said("contact", contact).cause is Cause.RUN_WORKS
    assert taken(crm, rule, contact)


def test_without_a_date_no_day_is_said_and_no_run_takes_the_row(contact, crm):
    rule = _rule("contact", conditions=[])
    change(crm, "ALTER TABLE crm.workspace ALTER COLUMN cancelled_on DROP NOT NULL")
    query = """UPDATE crm.workspace w SET subscription_status = 'active', cancelled_on = NULL FROM crm.contact c
               JOIN crm.customer u USING (customer_id) WHERE c.contact_id = %s AND w.workspace_id = u.workspace_id"""
    assert change(crm, query, contact) == 1
    verdict = said("contact", contact)
    assert (verdict.cause, verdict.goes_on) == (Cause.NO_DATE, None)
    assert not taken(crm, rule, contact)


def test_who_has_not_cancelled_is_told_to_have_no_date_of_it_and_nothing_is_called_wrong(contact, crm):
    rule = _rule("contact", conditions=[])
    change(crm, "ALTER TABLE crm.workspace ALTER COLUMN cancelled_on DROP NOT NULL")
    change(crm, "UPDATE crm.workspace SET subscription_status = 'active', cancelled_on = NULL")
    titles = {}
    for event in (StartEvent.CANCELLATION, StartEvent.CREATED):
        Rule.objects.filter(pk=rule.pk).update(start_event=event)
        answer = explained("contact", contact)
        words = verdict_words(answer, decide(answer))
        titles[event] = (words.level, words.title)
    assert titles == {
        StartEvent.CANCELLATION: ("info", "There is no date from which its time could count"),
        StartEvent.CREATED: ("soon", "The date from which its time counts is not known"),
    }


def test_a_row_that_no_condition_meets_is_no_rule_s(contact, crm):
    rule = _rule("contact")
    query = """UPDATE crm.workspace w SET export_pending = true FROM crm.contact c
               JOIN crm.customer u USING (customer_id) WHERE c.contact_id = %s AND w.workspace_id = u.workspace_id"""
    change(crm, query, contact)
    assert said("contact", contact).cause is Cause.NOT_MEANT
    assert not taken(crm, rule, contact)


def test_a_table_without_a_rule_says_so_and_so_does_one_whose_rule_is_off(contact):
    assert said("contact", contact).cause is Cause.NO_RULE
    rule = _rule("contact")
    assert said("contact", contact).cause is Cause.DUE
    deactivate_rule(rule=rule, actor=SYSTEM)
    answer = explain_row(dataset=rule.dataset, key=(str(contact),))
    assert [each.stand for each in answer.rules] == [RuleStand.OFF]
    assert decide(answer).cause is Cause.NO_RULE


def test_a_row_of_another_s_scope_and_a_key_of_another_shape_are_not_found(contact, crm):
    (theirs,) = rows(crm, "SELECT contact_id FROM crm.contact WHERE operated_by <> 'offixpro' LIMIT 1")[0]
    for key in (theirs, 10**12, "abc", "1 OR true", 10**30):
        assert said("contact", key).cause is Cause.NOT_FOUND
    assert said("login_event", "no-uuid").cause is Cause.NOT_FOUND
    assert said("contact", contact).cause is not Cause.NOT_FOUND


def test_a_row_of_a_table_with_a_key_of_two_columns_is_found(offixpro, crm):
    query = "SELECT invoice_id, line_no FROM crm.invoice_line WHERE operated_by = 'offixpro' ORDER BY 1, 2 LIMIT 1"
    (invoice, line) = rows(crm, query)[0]
    assert said("invoice_line", invoice, line).cause is Cause.NO_RULE
    assert said("invoice_line", invoice, 9999).cause is Cause.NOT_FOUND


def test_an_erasure_under_way_has_the_row_although_its_own_case_holds_it(offixpro, crm):
    subject, case = known(AMA_MENSAH.email), uuid4()
    place_hold(kind=HoldKind.OPEN_REQUEST, matter="PR-1", subject=subject, case_id=case, actor=SYSTEM)
    query = "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
    (key,) = rows(crm, query, AMA_MENSAH.email)[0]
    assert said("customer", key).cause is Cause.REQUEST
    (run,) = start_erasure_run(case_id=case, subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    verdict = said("customer", key)
    assert verdict.cause is Cause.ERASURE
    assert verdict.run is not None
    assert verdict.run.run.pk == run.pk
    before = row_of(crm, "customer", "customer_id", key)
    legal = place_hold(kind=HoldKind.LEGAL, matter="m", subject=subject, actor=SYSTEM)
    assert said("customer", key).cause is Cause.LEGAL_HOLD
    work(run.pk)
    assert row_of(crm, "customer", "customer_id", key) == before
    let_go(legal)
    work(run.pk)
    assert row_of(crm, "customer", "customer_id", key) != before


def test_a_row_that_is_newer_than_the_request_is_said_to_be_left_by_the_erasure_and_after_it(offixpro, crm):
    day, customer = today() + dt.timedelta(days=3), customer_of(crm)
    ((contact,),) = rows(crm, "SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro'")
    change(crm, "UPDATE crm.contact SET email = %s, created_at = %s WHERE contact_id = %s", AMA_MENSAH.email,
           midnight(day + dt.timedelta(days=1)), contact)  # fmt: skip
    assert said("contact", contact).cause is Cause.NO_RULE
    run = begin(day)
    answer = explain_row(dataset=Dataset.objects.get(table_name="customer"), key=(str(customer),))
    assert (answer.newer_than, decide(answer).cause) == (None, Cause.ERASURE)
    assert after(run) == (RunState.COMPLETED, "")
    answer = explain_row(dataset=Dataset.objects.get(table_name="contact"), key=(str(contact),))
    assert (answer.newer_than, decide(answer).cause) == (day, Cause.NEWER)
    Dataset.objects.filter(table_name="ticket").update(created_column="subject")  # by which no erasure is planned
    assert said("contact", contact).cause is Cause.NO_RULE
    Dataset.objects.filter(table_name="ticket").update(created_column="opened_at")
    assert said("contact", contact).cause is Cause.NEWER
    change(crm, "UPDATE crm.contact SET created_at = %s WHERE contact_id = %s", midnight(day), contact)
    assert said("contact", contact).cause is Cause.NO_RULE


def test_a_row_that_hangs_from_one_that_an_erasure_left_is_newer_with_it(offixpro, crm):
    day, customer = today() + dt.timedelta(days=3), customer_of(crm)
    later = midnight(day + dt.timedelta(days=1))
    ticket = open_ticket(crm, customer, later)
    run = begin(day)
    answer = explain_row(dataset=Dataset.objects.get(table_name="ticket"), key=(str(ticket),))
    assert [(each.matching, each.leaves_newer) for each in answer.runs] == [(False, True)]
    assert (answer.newer_than, decide(answer).cause) == (day, Cause.NEWER)
    change(crm, "UPDATE crm.customer SET created_at = %s WHERE customer_id = %s", later, customer)
    assert after(run)[0] == RunState.STOPPED
    assert said("ticket", ticket).cause is Cause.NO_RULE
    assert after(begin(day)) == (RunState.COMPLETED, "")
    answer = explain_row(dataset=Dataset.objects.get(table_name="ticket"), key=(str(ticket),))
    assert ([*answer.runs], answer.newer_than, decide(answer).cause) == ([], day, Cause.NEWER)


def test_a_rule_that_takes_a_newer_row_goes_on_saying_when(contact, crm):
    day = today() + dt.timedelta(days=3)
    change(crm, "UPDATE crm.contact SET email = %s, created_at = %s WHERE contact_id = %s", AMA_MENSAH.email,
           midnight(day + dt.timedelta(days=1)), contact)  # fmt: skip
    assert after(begin(day)) == (RunState.COMPLETED, "")
    cancel(crm, contact, today())
    rule = _rule("contact")
    verdict = said("contact", contact)
    assert (verdict.cause, verdict.goes_on) == (Cause.NEWER, today() + dt.timedelta(days=31))
    cancel(crm, contact, LONG_AGO)
    assert said("contact", contact).cause is Cause.DUE
    assert taken(crm, rule, contact)


def test_a_minimum_of_a_table_below_keeps_the_row_it_hangs_from(offixpro, crm):
    """Deleting an invoice takes its lines along; a line that the law wants kept keeps its invoice."""
    invoices, lines = (Dataset.objects.get(table_name=name) for name in ("invoice", "invoice_line"))
    query = "SELECT invoice_id FROM crm.invoice_line WHERE operated_by = 'offixpro' ORDER BY 1 LIMIT 1"
    (key,) = rows(crm, query)[0]
    change(crm, "UPDATE crm.invoice SET issued_on = %s WHERE invoice_id = %s", LONG_AGO, key)
    rule = _rule("invoice", Action.DELETE, start_dataset=invoices, start_column="issued_on", conditions=[], amount=1,
                 unit="years")  # fmt: skip
    rule.along.add(lines)
    assert said("invoice", key).cause is Cause.DUE
    minimum("invoice_line", "invoice", "issued_on", amount=50, year_end=None)
    verdict = said("invoice", key)
    assert (verdict.cause, verdict.goes_on) == (Cause.MINIMUM, LONG_AGO.replace(year=2065) + dt.timedelta(days=1))
    assert Minimum.objects.count() == 1


def test_a_minimum_that_does_not_fit_the_data_map_leaves_nothing_to_be_said(contact):
    _rule("contact")
    wrong = minimum("invoice", "invoice", "issued_on")
    Minimum.objects.filter(pk=wrong.pk).update(start_column="nowhere")
    assert said("contact", contact).cause is Cause.UNKNOWN


def test_nothing_goes_in_a_source_that_is_switched_off(contact):
    _rule("contact")
    Source.objects.update(is_active=False)
    assert said("contact", contact).cause is Cause.SOURCE_OFF
