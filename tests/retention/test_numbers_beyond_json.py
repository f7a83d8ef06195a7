"""Integers of 64 bits, as shared tables have them for tenants: JSON numbers end at 2^53, conditions do not."""

import pytest

from privacy.datamap.engine.values import from_data, to_data
from privacy.datamap.models import Dataset
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from retention.enums import RunState
from retention.map_digest import map_digest
from retention.minimums import name_of
from retention.models import Rule, Run
from retention.rules_due import start_due_runs
from retention.services import start_rule_run
from tests.retention.test_minimums import minimum
from tests.retention.test_preview import start_seen
from tests.retention.test_rule_runs import NOON, _daily, _due_contacts, _rule
from tests.sources import approve, change, work

BEYOND = 1_234_567_890_123_456_789


def _not(number: int, column: str) -> dict:
    return {"column": column, "op": "!=", "value": number}


def _scoped(number: int) -> Dataset:
    contact = Dataset.objects.get(table_name="contact")
    contact.scope = [{"column": "operated_by", "op": "=", "value": "offixpro"}, _not(number, "customer_id")]
    contact.save()
    return contact


def test_a_scope_with_such_a_number_is_looked_at_started_and_carried_out(offixpro, crm, officer_client):
    _scoped(BEYOND)
    rule, due = _rule("contact"), _due_contacts(crm, 30)
    answer = start_seen(officer_client, rule)
    run = Run.objects.get()
    assert answer["Location"] == f"/officer/retention/run/{run.pk}/change/"
    approve(run.pk)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, [step.rows for step in run.steps.all()]) == (RunState.COMPLETED, "", [due])
    assert due > 0


def test_neighbouring_numbers_are_different_maps(offixpro):
    assert float(BEYOND) == float(BEYOND + 1)
    digests = [map_digest([_scoped(number)]) for number in (BEYOND, BEYOND + 1, BEYOND)]
    assert (digests[0] == digests[2], digests[0] == digests[1]) == (True, False)


def test_a_condition_with_such_a_number_is_followed_every_day(offixpro, crm):
    change(crm, f"ALTER TABLE crm.workspace ADD COLUMN tenant bigint NOT NULL DEFAULT {BEYOND}")
    rule = _rule("customer", conditions=[{"column": "tenant", "op": "=", "value": BEYOND}])
    assert start_due_runs(_daily()) is True
    rule.refresh_from_db()
    assert (rule.problem, list(Run.objects.values_list("rule_id", flat=True))) == ("", [rule.pk])


def test_a_minimum_with_such_a_number_is_saved_and_named_in_the_ledger(offixpro):
    found = minimum("ticket", "ticket", "opened_at", conditions=[_not(BEYOND, "ticket_id")])
    (entry,) = LedgerEntry.objects.filter(action="minimum.added")
    assert from_data(entry.data["conditions"]) == from_data(to_data(found.conditions))
    name = name_of(found)
    found.conditions = [_not(BEYOND + 1, "ticket_id")]
    assert name_of(found) != name


@pytest.fixture
def broken(offixpro, monkeypatch) -> Rule:
    """A rule that fails as nobody foresaw, and whose turn comes first."""
    from retention import rules_due

    rule, plan = _rule("customer"), rules_due.plan_rule

    def fail(asked: Rule, **named):
        if asked.pk == rule.pk:
            raise ZeroDivisionError("a value of somebody")
        return plan(asked, **named)

    monkeypatch.setattr(rules_due, "plan_rule", fail)
    return rule


def test_a_rule_that_fails_unforeseen_is_marked_and_the_later_ones_are_looked_at(broken, caplog):
    fine = _rule("contact")
    with pytest.raises(ZeroDivisionError):
        start_due_runs(_daily())
    broken.refresh_from_db()
    assert broken.problem.startswith("The rule could not be looked at because of an error nobody foresaw.")
    assert [run.rule_id for run in Run.objects.all()] == [fine.pk]
    assert list(LedgerEntry.objects.filter(action="rule.not_planned").values_list("object_id", flat=True)) == [
        str(broken.pk)
    ]
    assert [record.getMessage() for record in caplog.records if record.name == "retention.rules_due"] == [
        f"rule {broken.pk} could not be looked at: ZeroDivisionError"
    ]


def test_the_mark_goes_with_the_first_look_that_succeeds(broken, monkeypatch):
    with pytest.raises(ZeroDivisionError):
        start_due_runs(_daily())
    monkeypatch.undo()
    OrganisationProfile.objects.update(large_run_percent=100, large_run_rows=1_000_000)
    start_rule_run(rule=broken, actor=SYSTEM, now=NOON)
    broken.refresh_from_db()
    assert broken.problem == ""
