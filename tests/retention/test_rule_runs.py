"""Rows whose period is over: contacts and customers of subscriptions cancelled more than thirty days ago."""

import datetime as dt

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import (
    ADWOA_OWUSU_PAST_THE_PERIOD,
    EFUA_SARPONG_WITHIN_THE_PERIOD,
    ESI_QUAYE,
    KWAME_ASANTE_AWAITING_EXPORT,
    YAW_DARKO_ON_THE_DAY,
)
from privacy.datamap.models import Action, Dataset
from privacy.jobs.models import JobState
from privacy.jobs.registry import JobHandle
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from retention.enums import HoldKind, RunState
from retention.errors import RuleInvalid, RuleNotActive, RunCannotResume, RunUnderWay
from retention.models import Rule, Run
from retention.rules_due import start_due_runs
from retention.services import (
    activate_rule,
    deactivate_rule,
    hold_people,
    place_hold,
    resume_run,
    save_rule,
    start_rule_run,
)
from tests.holding import let_go
from tests.retention.test_erasure_of_a_person import NOT_OURS
from tests.sources import approve, change, content, job_of, known, rows, today, work

NOON = timezone.make_aware(dt.datetime.combine(today(), dt.time(12)), dt.UTC)


def _rule(table: str, action: str = Action.MASK, **changes) -> Rule:
    values = {
        "name": f"{table} of cancelled subscriptions",
        "dataset": Dataset.objects.get(table_name=table),
        "start_dataset": Dataset.objects.get(table_name="workspace"),
        "start_column": "cancelled_on",
        "conditions": [
            {"column": "subscription_status", "op": "=", "value": "cancelled"},
            {"column": "export_pending", "op": "=", "value": False},
        ],
        "amount": 30,
        "action": action,
        "legal_reason": "The policy promises thirty days.",
    }
    return activate_rule(rule=save_rule(rule=Rule(**values | changes), actor=SYSTEM), actor=SYSTEM)


def _due_contacts(dsn: str, days: int) -> int:
    query = """SELECT count(*) FROM crm.contact c JOIN crm.customer u USING (customer_id)
               JOIN crm.workspace w ON w.operated_by = u.operated_by AND w.workspace_id = u.workspace_id
               WHERE c.operated_by = 'offixpro' AND w.subscription_status = 'cancelled' AND NOT w.export_pending
               AND w.cancelled_on + %s < %s"""
    return rows(dsn, query, days, today())[0][0]


def _email_of(dsn: str, table: str, name: str) -> list[str]:
    query = f"SELECT email FROM crm.{table} WHERE full_name = %s AND operated_by = 'offixpro' ORDER BY 1"
    return [email for (email,) in rows(dsn, query, name)]


def test_contacts_are_anonymised_thirty_days_after_cancellation(offixpro, crm):
    others = content(crm, "crm", NOT_OURS)
    due = _due_contacts(crm, 30)
    assert due > 0
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    assert [step.expected for step in run.steps.all()] == [due]
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert [(step.rows, step.survivors, step.held) for step in run.steps.all()] == [(due, 0, 0)]
    assert _email_of(crm, "contact", ESI_QUAYE.full_name) == []
    assert content(crm, "crm", NOT_OURS) == others


def test_the_thirtieth_day_still_belongs_to_the_person(offixpro, crm):
    run = start_rule_run(rule=_rule("customer"), actor=SYSTEM, now=NOON)
    work(run.pk)
    assert _email_of(crm, "customer", ADWOA_OWUSU_PAST_THE_PERIOD.full_name) == []
    for kept in (YAW_DARKO_ON_THE_DAY, EFUA_SARPONG_WITHIN_THE_PERIOD, KWAME_ASANTE_AWAITING_EXPORT):
        assert _email_of(crm, "customer", kept.full_name) == [kept.email]


def test_the_day_after_the_thirtieth_it_is_due(offixpro, crm):
    run = start_rule_run(rule=_rule("customer"), actor=SYSTEM, now=NOON + dt.timedelta(days=1))
    work(run.pk)
    assert _email_of(crm, "customer", YAW_DARKO_ON_THE_DAY.full_name) == []


def test_small_windows_come_to_the_same_result(offixpro, crm, settings):
    settings.RETENTION_WINDOW_ROWS = 2
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    due = _due_contacts(crm, 30)
    work(run.pk)
    step = run.steps.get()
    assert step.rows == due
    assert sum(chunk.rows for chunk in step.chunks.filter(state="completed")) == due
    assert step.chunks.count() >= due // 2 > 2


def test_rows_of_somebody_held_are_spared_and_taken_after_the_release(offixpro, crm):
    rule = _rule("customer")
    held = place_hold(
        kind=HoldKind.LEGAL, matter="lawsuit", subject=known(ADWOA_OWUSU_PAST_THE_PERIOD.email), actor=SYSTEM
    )
    first = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    work(first.pk)
    first.refresh_from_db()
    assert (first.state, [step.held for step in first.steps.all()]) == (RunState.COMPLETED, [1])
    assert _email_of(crm, "customer", ADWOA_OWUSU_PAST_THE_PERIOD.full_name) == [ADWOA_OWUSU_PAST_THE_PERIOD.email]
    let_go(held)
    second = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    work(second.pk)
    assert [step.rows for step in second.steps.all()] == [1]
    assert _email_of(crm, "customer", ADWOA_OWUSU_PAST_THE_PERIOD.full_name) == []


def test_rows_are_spared_that_name_somebody_held_by_telephone_or_customer_number(offixpro, crm):
    query = "SELECT {} FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
    ((phone,),) = rows(crm, query.format("phone"), ADWOA_OWUSU_PAST_THE_PERIOD.email)
    ((number,),) = rows(crm, query.format("customer_number"), YAW_DARKO_ON_THE_DAY.email)
    known_by = [("phone", phone), ("customer_id", number)]
    assert len(hold_people(known_by=known_by, matter="lawsuit", actor=SYSTEM)) == 2
    run = start_rule_run(rule=_rule("customer"), actor=SYSTEM, now=NOON + dt.timedelta(days=1))
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, [step.held for step in run.steps.all()]) == (RunState.COMPLETED, [2])
    for person in (ADWOA_OWUSU_PAST_THE_PERIOD, YAW_DARKO_ON_THE_DAY):
        assert _email_of(crm, "customer", person.full_name) == [person.email]


def test_a_held_dataset_stops_the_run_and_the_release_wakes_it(offixpro, crm):
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    held = place_hold(kind=HoldKind.LEGAL, matter="audit", dataset=rule.dataset, actor=SYSTEM)
    before = content(crm, "crm")
    work(run.pk)
    run.refresh_from_db()
    job = job_of(run.pk)
    assert (run.state, run.problem, job.state) == (RunState.RUNNING, "dataset_held", JobState.PENDING)
    assert job.due_at > timezone.now()
    assert content(crm, "crm") == before
    let_go(held)
    assert job_of(run.pk).due_at <= timezone.now()
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")


def test_switching_the_rule_off_stops_its_run(offixpro, crm, told):
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    approve(run.pk)
    deactivate_rule(rule=rule, actor=SYSTEM)
    before = content(crm, "crm")
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.STOPPED, "rule_inactive")
    assert content(crm, "crm") == before
    assert told == [("retention", "stopped", "rule_inactive")]
    with pytest.raises(RunCannotResume):
        resume_run(run=run, actor=SYSTEM)


def test_changing_the_rule_stops_its_run_and_makes_the_next_version(offixpro, crm):
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    approve(run.pk)
    rule.refresh_from_db()
    version = rule.version
    rule.amount = 365
    save_rule(rule=rule, actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, run.rule_version) == (RunState.STOPPED, "rule_changed", version)
    assert rule.version == version + 1
    assert run.plan["rule"]["amount"] == 30


@pytest.mark.parametrize(
    ("table", "change_map"),
    [
        ("contact", lambda dataset: dataset.fields.filter(column="email").update(on_retention="null")),
        ("contact", lambda dataset: _changed(dataset, scope=[{"column": "operated_by", "op": "=", "value": "other"}])),
        ("contact", lambda dataset: _changed(dataset, confirmed_at=None)),
        ("customer", lambda dataset: _changed(dataset, scope=[])),
        ("workspace", lambda dataset: _changed(dataset, scope=[])),
    ],
)
def test_a_changed_data_map_stops_the_run_that_waits(offixpro, crm, table, change_map):
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    approve(run.pk)
    change_map(Dataset.objects.get(table_name=table))
    before = content(crm, "crm")
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.STOPPED, "map_changed")
    assert content(crm, "crm") == before


@pytest.mark.parametrize(("table", "changes"), [("contact", {"label": "People"}), ("login_event", {"scope": []})])
def test_a_label_and_another_dataset_do_not_stop_the_run(offixpro, crm, table, changes):
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    _changed(Dataset.objects.get(table_name=table), **changes)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")


def _changed(dataset: Dataset, **changes) -> None:
    assert Dataset.objects.filter(pk=dataset.pk).update(**changes) == 1


def test_a_changed_label_is_not_a_new_version(offixpro):
    rule = _rule("contact")
    version = rule.version
    rule.legal_reason = "Other words."
    save_rule(rule=rule, actor=SYSTEM)
    assert rule.version == version


def test_a_rule_that_is_off_starts_no_run(offixpro):
    rule = deactivate_rule(rule=_rule("contact"), actor=SYSTEM)
    with pytest.raises(RuleNotActive):
        start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    assert list(Run.objects.all()) == []


def test_a_second_run_waits_for_the_first(offixpro):
    rule = _rule("contact")
    first = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    with pytest.raises(RunUnderWay):
        start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    assert [run.pk for run in Run.objects.all()] == [first.pk]


def test_the_same_slot_is_the_same_run(offixpro):
    rule = _rule("contact")
    first = start_rule_run(rule=rule, actor=SYSTEM, slot="monday", now=NOON)
    assert start_rule_run(rule=rule, actor=SYSTEM, slot="monday", now=NOON).pk == first.pk


def test_the_record_of_a_run_by_hand_names_the_officer(offixpro, officer):
    run = start_rule_run(rule=_rule("contact"), actor=Actor.officer(officer), now=NOON)
    assert (run.actor_kind, run.actor_id) == ("officer", str(officer.pk))


def test_rows_that_change_after_planning_are_counted_anew(offixpro, crm):
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    approve(run.pk)
    gone = change(crm, "DELETE FROM crm.contact WHERE email = %s AND operated_by = 'offixpro'", ESI_QUAYE.email)
    assert gone == 1
    left = _due_contacts(crm, 30)
    work(run.pk)
    work(run.pk)  # the new counts wait for the second officer again
    run.refresh_from_db()
    assert (run.state, [(step.expected, step.rows) for step in run.steps.all()]) == (RunState.COMPLETED, [(left, left)])


def test_tickets_go_together_with_their_messages(offixpro, crm):
    rule = _rule("ticket", Action.DELETE)
    rule.along.set([Dataset.objects.get(table_name="ticket_message")])
    tickets, messages = (rows(crm, f"SELECT count(*) FROM crm.{table}")[0][0] for table in ("ticket", "ticket_message"))
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    work(run.pk)
    run.refresh_from_db()
    done = {step.dataset_key: step.rows for step in run.steps.all()}
    assert run.state == RunState.COMPLETED
    assert done["crm.ticket"] > 0
    assert rows(crm, "SELECT count(*) FROM crm.ticket") == [(tickets - done["crm.ticket"],)]
    assert rows(crm, "SELECT count(*) FROM crm.ticket_message") == [(messages - done["crm.ticket_message"],)]


def test_a_rule_without_a_way_to_its_event_says_so(offixpro):
    ticket = Dataset.objects.get(table_name="ticket")
    rule = _rule("contact", start_dataset=ticket, start_column="opened_at", conditions=[], is_active=True)
    with pytest.raises(RuleInvalid, match="No foreign key leads"):
        start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    rule.path = [
        {"columns": ["customer_id"], "to": "crm.customer", "to_columns": ["customer_id"]},
        {"columns": ["customer_id"], "to": "crm.ticket", "to_columns": ["customer_id"]},
    ]
    save_rule(rule=rule, actor=SYSTEM)
    assert start_rule_run(rule=rule, actor=SYSTEM, now=NOON).rule == rule


def _daily() -> JobHandle:
    return JobHandle(id=0, slot="daily", attempts=1, lease_owner="")


def test_every_day_each_rule_with_something_due_gets_one_run(offixpro):
    due, idle = _rule("contact"), _rule("employee", start_dataset=Dataset.objects.get(table_name="employee"),
                                        start_column="left_on", conditions=[], amount=36_000)  # fmt: skip
    for _beat in range(2):
        assert start_due_runs(_daily()) is True
    assert [(run.rule_id, run.slot) for run in Run.objects.all()] == [(due.pk, f"rule:{due.pk}:{today().isoformat()}")]
    looked = LedgerEntry.objects.filter(action="rule.nothing_due")
    assert [(entry.object_id, entry.data["rows"]) for entry in looked] == [(str(idle.pk), 0)]


def test_the_first_active_rule_makes_the_daily_look(offixpro):
    from privacy.jobs.models import Schedule

    assert list(Schedule.objects.filter(kind="retention.rules_due")) == []
    _rule("contact")
    _rule("customer")
    (schedule,) = Schedule.objects.filter(kind="retention.rules_due")
    assert (schedule.every_seconds, schedule.enabled) == (86_400, True)


def test_a_rule_that_cannot_be_planned_says_why_and_does_not_keep_others_from_it(offixpro):
    broken = _rule("ticket", Action.DELETE)  # its messages still refer to the tickets
    fine = _rule("contact")
    start_due_runs(_daily())
    broken.refresh_from_db()
    assert "crm.ticket_message still refers to" in broken.problem
    assert [run.rule_id for run in Run.objects.all()] == [fine.pk]
    assert [run.state for run in Run.objects.all()] == [RunState.AWAITING]
