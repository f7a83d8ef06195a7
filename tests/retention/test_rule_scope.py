"""Rules over one kind of data, rules with a beginning and an end, and rules that take turns."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from privacy.datamap.models import Action, DataCategory, Dataset, Field, Finding, Strategy
from privacy.datamap.services.looking import reconcile_map
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.ledger.actors import SYSTEM
from privacy.register.selectors import local_date
from retention.completion import register_listener
from retention.enums import HoldKind, RunKind, RunState
from retention.errors import RuleInvalid, RuleNotInForce, RunCannotResume
from retention.models import Rule, Run
from retention.rule_plan import plan_rule
from retention.rules_due import RULES_JOB, look_for_the_next, start_due_runs
from retention.services import pause_run, place_hold, resume_run, save_rule, start_rule_run
from retention.why.answers import Cause
from retention.why.asking import explain_row
from retention.why.deciding import decide
from retention.wording import in_words
from tests.retention.test_rule_runs import NOON, _rule
from tests.sources import approve, known, rows, work

DAY = dt.timedelta(days=1)
LOOK = JobHandle(id=0, slot="daily", attempts=1, lease_owner="")
CANCELLED = """SELECT count(*) FROM crm.customer u JOIN crm.workspace w
               ON w.operated_by = u.operated_by AND w.workspace_id = u.workspace_id
               WHERE u.operated_by = 'offixpro' AND w.subscription_status = 'cancelled' AND NOT w.export_pending
               AND w.cancelled_on < current_date - 30"""


def _contact_rule(**changes) -> Rule:
    return _rule("customer", category=DataCategory.CONTACT, **changes)


def _columns(category: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in Field.objects.filter(category=category).exclude(on_retention=Strategy.KEEP).select_related("dataset"):
        found.setdefault(each.dataset.table_name, set()).add(each.column)
    return found


def _masked(rule: Rule) -> dict[str, set[str]]:
    plan = plan_rule(rule, now=NOON).plan
    return {step.dataset.partition(".")[2]: {mask.column for mask in step.masks} for step in plan.steps}


def test_a_rule_over_a_category_masks_its_columns_in_everything_that_belongs_to_the_dataset(offixpro):
    columns = _columns(DataCategory.CONTACT)
    masked = _masked(_contact_rule())
    assert set(masked) > {"customer", "contact"}
    assert masked == {table: columns[table] for table in masked}
    assert "employee" in columns  # holds such data too, of people who are nobody's customers
    assert "employee" not in masked


def test_the_rest_of_the_row_stays(offixpro, crm):
    names = "SELECT string_agg(full_name, ',' ORDER BY customer_id) FROM crm.customer"
    addresses = "SELECT count(DISTINCT email) FROM crm.customer WHERE email NOT LIKE '%%.invalid'"
    before, (known,), (due,) = rows(crm, names), rows(crm, addresses)[0], rows(crm, CANCELLED)[0]
    assert due > 0
    run = start_rule_run(rule=_contact_rule(), actor=SYSTEM, now=NOON)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.steps.get(dataset_key="crm.customer").rows) == (RunState.COMPLETED, due)
    assert rows(crm, names) == before
    assert rows(crm, addresses) == [(known - due,)]


def test_a_dataset_without_the_category_only_says_whose_data_is_meant(offixpro):
    Field.objects.filter(dataset__table_name="customer", category=DataCategory.CONTACT).update(
        category=DataCategory.IDENTITY
    )
    masked = _masked(_contact_rule())
    assert "contact" in masked
    assert "customer" not in masked


def test_a_category_that_nothing_holds_is_refused_in_words(offixpro):
    with pytest.raises(
        RuleInvalid, match="“Customers” nor anything that belongs to it holds decision about the person"
    ):
        plan_rule(_rule("customer", category=DataCategory.DECISION), now=NOON)


def test_a_table_nobody_confirmed_is_left_alone(offixpro):
    rule = _contact_rule()
    assert "contact" in _masked(rule)
    Dataset.objects.filter(table_name="contact").update(confirmed_at=None)
    assert "contact" not in _masked(rule)


def test_a_table_confirmed_since_stops_the_run(offixpro):
    confirmed_at = Dataset.objects.get(table_name="contact").confirmed_at
    Dataset.objects.filter(table_name="contact").update(confirmed_at=None)
    run = start_rule_run(rule=_contact_rule(), actor=SYSTEM, now=NOON)
    approve(run.pk)
    Dataset.objects.filter(table_name="contact").update(confirmed_at=confirmed_at)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, sum(step.rows for step in run.steps.all())) == (RunState.STOPPED, "map_changed", 0)


def test_one_kind_of_data_cannot_be_deleted(offixpro):
    with pytest.raises(ValidationError, match="can only anonymise"):
        _contact_rule(action=Action.DELETE)


def test_it_says_so_in_words(offixpro):
    assert in_words(_contact_rule(conditions=[], start_event="cancellation")) == (
        "Contact details in “Customers” and in all that belongs to it: anonymised 30 days after the cancellation."
    )


def test_a_table_has_a_rule_once_every_kind_of_data_in_it_has_one(offixpro):
    def lacking() -> bool:
        reconcile_map(offixpro)
        return Finding.objects.filter(
            code="no_retention_rule", dataset__table_name="contact", resolved_at__isnull=True
        ).exists()

    kinds = set(
        Field.objects.filter(dataset__table_name="contact")
        .exclude(on_retention=Strategy.KEEP)
        .values_list("category", flat=True)
    )
    assert len(kinds) > 1
    for number, kind in enumerate(sorted(kinds)):
        assert lacking()
        _rule("contact", category=kind, name=f"rule {number}")
    assert not lacking()


def test_a_record_reached_by_such_a_rule_is_explained(offixpro, crm):
    rule = _contact_rule()
    contacts = Dataset.objects.get(table_name="contact")
    key = rows(
        crm,
        """SELECT c.operated_by, c.contact_id::text FROM crm.contact c JOIN crm.customer u USING (customer_id)
           JOIN crm.workspace w ON w.operated_by = u.operated_by AND w.workspace_id = u.workspace_id
           WHERE c.operated_by = 'offixpro' AND w.subscription_status = 'cancelled' AND NOT w.export_pending
           AND w.cancelled_on < current_date - 60 LIMIT 1""",
    )[0][-len(contacts.primary_key) :]
    verdict = decide(explain_row(dataset=contacts, key=key))
    assert (verdict.cause, verdict.rule.rule) == (Cause.DUE, rule)
    employees = Dataset.objects.get(table_name="employee")
    assert explain_row(dataset=employees, key=_any_key(crm, employees)).rules == ()


def _any_key(crm: str, dataset: Dataset) -> tuple[str, ...]:
    columns = ", ".join(f"{each}::text" for each in dataset.primary_key)
    return rows(crm, f"SELECT {columns} FROM {dataset.key} WHERE operated_by = 'offixpro' LIMIT 1")[0]


def _today() -> dt.date:
    return local_date(timezone.now())


@pytest.mark.parametrize(
    ("begins", "ends", "followed"),
    [(None, None, True), (0, None, True), (1, None, False), (None, 0, True), (None, -1, False), (-1, 1, True)],
)
def test_a_rule_is_followed_from_its_first_day_to_its_last(offixpro, begins, ends, followed):
    days = {
        "in_force_from": None if begins is None else _today() + begins * DAY,
        "in_force_until": None if ends is None else _today() + ends * DAY,
    }
    rule = _rule("contact", **days)
    assert start_due_runs(LOOK)
    assert Run.objects.filter(rule=rule).exists() == followed
    if not followed:
        with pytest.raises(RuleNotInForce, match="not in force today"):
            start_rule_run(rule=rule, actor=SYSTEM)


def test_a_rule_cannot_end_before_it_begins(offixpro):
    with pytest.raises(ValidationError, match="would end before it begins"):
        _rule("contact", in_force_from=_today(), in_force_until=_today() - DAY)


def test_a_run_stops_when_the_time_of_its_rule_is_over(offixpro):
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM)
    approve(run.pk)
    Rule.objects.filter(pk=rule.pk).update(in_force_until=_today() - DAY)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, run.steps.get().rows) == (RunState.STOPPED, "rule_inactive", 0)


def test_a_paused_run_cannot_go_on_once_the_time_of_its_rule_is_over(offixpro, make_officer):
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM)
    approve(run.pk)
    pause_run(run=run, actor=SYSTEM)
    Rule.objects.filter(pk=rule.pk).update(in_force_until=_today() - DAY)
    with pytest.raises(RunCannotResume, match="changed or ended"):
        resume_run(run=run, actor=SYSTEM)


def test_new_days_make_a_new_version_that_says_them(offixpro):
    rule = _rule("contact")
    rule.in_force_from, rule.in_force_until = dt.date(2030, 1, 1), dt.date(2031, 12, 31)
    before = rule.version
    save_rule(rule=rule, actor=SYSTEM)
    newest = rule.versions.first()
    assert newest.number == before + 1
    assert newest.words.endswith(", in force from 1 Jan 2030 to 31 Dec 2031.")
    assert newest.definition["in_force_from"] == "2030-01-01"


def test_a_record_goes_no_earlier_than_the_rule_comes_into_force(offixpro, crm):
    customers = Dataset.objects.get(table_name="customer")
    key = rows(
        crm,
        f"""SELECT {", ".join(f"u.{each}::text" for each in customers.primary_key)} FROM crm.customer u
            JOIN crm.workspace w ON w.operated_by = u.operated_by AND w.workspace_id = u.workspace_id
            WHERE u.operated_by = 'offixpro' AND w.subscription_status = 'cancelled' AND NOT w.export_pending
            AND w.cancelled_on < current_date - 60 LIMIT 1""",
    )[0]
    rule = _rule("customer", in_force_from=_today() + 7 * DAY)
    verdict = decide(explain_row(dataset=customers, key=key))
    assert (verdict.cause, verdict.goes_on) == (Cause.NOT_DUE, _today() + 7 * DAY)
    rule.in_force_until = rule.in_force_from
    save_rule(rule=rule, actor=SYSTEM)
    assert decide(explain_row(dataset=customers, key=key)).goes_on == _today() + 7 * DAY
    Rule.objects.filter(pk=rule.pk).update(in_force_from=None, in_force_until=_today() - DAY)
    assert decide(explain_row(dataset=customers, key=key)).cause == Cause.NO_RULE


def test_a_later_turn_begins_when_the_run_of_the_earlier_has_ended(offixpro, crm):
    later = _rule("customer", turn=2, name="later")
    first = _rule("contact", turn=1, name="first")
    register_listener(RunKind.RETENTION, look_for_the_next)  # the tests of this folder begin without listeners
    run = approve(start_rule_run(rule=first, actor=SYSTEM).pk)
    start_due_runs(LOOK)
    assert Run.objects.get() == run
    work(run.pk)
    assert Job.objects.filter(kind=RULES_JOB, slot=f"after:{run.pk}").count() == 1
    assert start_due_runs(LOOK)
    assert Run.objects.filter(rule=later).count() == 1


def test_a_run_that_waits_for_a_person_holds_up_no_other(offixpro):
    _rule("customer", turn=2, name="later")
    _rule("contact", turn=1, name="first")
    start_due_runs(LOOK)
    assert Run.objects.filter(state=RunState.AWAITING).count() == 2


def test_a_run_that_waits_for_a_hold_to_be_released_holds_up_no_later_turn(offixpro, crm):
    later = _rule("customer", turn=2, name="later")
    first = _rule("contact", turn=1, name="first")
    run = approve(start_rule_run(rule=first, actor=SYSTEM).pk)
    start_due_runs(LOOK)
    assert Run.objects.filter(rule=later).count() == 0
    place_hold(kind=HoldKind.LEGAL, matter="m", dataset=first.dataset, actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.RUNNING, "dataset_held")
    start_due_runs(LOOK)
    assert Run.objects.filter(rule=later).count() == 1


def test_what_goes_along_with_a_row_of_somebody_held_stays_though_the_map_knows_no_way_from_it(offixpro, crm):
    messages = Dataset.objects.get(table_name="ticket_message")
    Dataset.objects.filter(pk=messages.pk).update(parent=None, link_columns=[])
    rule = _rule("ticket", Action.DELETE)
    rule.along.set([messages])
    of_people = """SELECT u.email, count(*) FROM crm.customer u JOIN crm.ticket t USING (customer_id)
                   JOIN crm.ticket_message m USING (ticket_id) WHERE u.email = ANY(%s) GROUP BY 1 ORDER BY 1"""
    due = [address for (address,) in rows(crm, CANCELLED.replace("count(*)", "u.email"))]
    before = dict(rows(crm, of_people, due))
    held = min(before)
    place_hold(kind=HoldKind.LEGAL, matter="m", subject=known(held), actor=SYSTEM)
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    assert len(before) > 1
    assert dict(rows(crm, of_people, due)) == {held: before[held]}
    assert {step.table: step.held for step in run.steps.all()}["crm.ticket_message"] == before[held]
