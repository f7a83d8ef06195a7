"""The rules of OffixPro's catalogue become rules that can be followed."""

from dataclasses import replace

import pytest

from privacy.datamap.errors import CatalogueInvalid
from privacy.datamap.models import Field, Source
from privacy.ledger.actors import SYSTEM
from retention.enums import RunState
from retention.errors import RuleInvalid
from retention.importing import import_rules
from retention.models import Minimum, Rule
from retention.ready_made.office_services import RULES as BACK_OFFICE_RULES
from retention.ready_made.subscriptions import RULES
from retention.services import activate_rule, start_rule_run
from tests.retention.test_rule_runs import NOON
from tests.sources import work


def _imported(source, **options):
    return import_rules(source=source, schema="crm", rules=RULES, actor=SYSTEM, **options)


def test_each_target_becomes_a_rule_and_messages_go_along_with_their_tickets(offixpro):
    done = _imported(offixpro)
    assert {
        (rule.dataset.table_name, rule.start_column): (rule.action, [each.table_name for each in rule.along.all()])
        for rule in done.rules
    } == {
        ("ticket", "cancelled_on"): ("delete", ["ticket_message"]),
        ("login_event", "cancelled_on"): ("delete", []),
        ("marketing_preference", "cancelled_on"): ("delete", []),
        ("invoice", "cancelled_on"): ("mask", []),
        ("contact", "cancelled_on"): ("mask", []),
        ("crm_user", "cancelled_on"): ("mask", []),
        ("customer", "cancelled_on"): ("mask", []),
        ("workspace", "cancelled_on"): ("mask", []),
        ("invoice", "issued_on"): ("delete", ["invoice_line"]),
        ("employee", "left_on"): ("mask", []),
    }
    assert {(rule.start_column, rule.amount, rule.unit, rule.year_end, rule.is_active) for rule in done.rules} == {
        ("cancelled_on", 30, "days", None, False),
        ("issued_on", 6, "years", 12, False),
        ("left_on", 6, "years", 12, False),
    }


def test_nothing_of_either_catalogue_is_left_out(offixpro):
    done = _imported(offixpro)
    assert done.left_out == []
    assert {
        (each.dataset.table_name, each.protects, each.amount, each.unit, each.year_end, each.start_column)
        for each in done.minimums
    } == {
        ("invoice", "rows", 6, "years", 12, "issued_on"),
        ("invoice_line", "rows", 6, "years", 12, "issued_on"),
    }
    assert [rule.kind for rule in BACK_OFFICE_RULES if rule.kind not in ("minimum", "maximum")] == []


def test_a_kind_that_our_rules_cannot_say_is_named(offixpro):
    strange = replace(RULES[0], kind="advice")
    done = import_rules(source=offixpro, schema="crm", rules=[strange, RULES[-1]], actor=SYSTEM)
    assert (done.left_out, len(done.rules)) == ([strange.label], 1)


def refused(source, rule, **options) -> str:
    with pytest.raises(CatalogueInvalid) as told:
        import_rules(source=source, schema="crm", rules=[rule], actor=SYSTEM, **options)
    assert (Rule.objects.count(), Minimum.objects.count()) == (0, 0)
    return str(told.value)


@pytest.mark.parametrize("kind", ["maximum", "minimum"])
def test_a_condition_that_does_not_fit_its_column_and_a_start_that_is_no_date_are_not_imported(offixpro, kind):
    rule = replace(RULES[0], kind=kind)
    words = "“soon” does not fit “cancelled_on” (date). Write a date such as 2020-01-31."
    assert refused(offixpro, replace(rule, conditions=(("cancelled_on", "soon"),))).endswith(words)
    assert "“subscription_status” of “" in refused(offixpro, replace(rule, start_column="subscription_status"))


def test_a_rule_under_which_nothing_can_be_done_is_imported_switched_off_only(offixpro):
    Field.objects.filter(dataset__table_name="employee").update(on_retention="keep", coarser=[])
    (employees,) = (each for each in RULES if each.start_table == "employee")
    assert "is kept at the end of its period" in refused(offixpro, employees, active=True)
    done = import_rules(source=offixpro, schema="crm", rules=[employees], actor=SYSTEM)
    assert [each.is_active for each in done.rules] == [False]


def test_what_cannot_be_tried_is_imported_and_told_once(offixpro):
    Source.objects.filter(pk=offixpro.pk).update(address="postgresql://me:secret@127.0.0.1:1/away")
    told: list[str] = []
    done = _imported(Source.objects.get(pk=offixpro.pk), tell_untried=told.append)
    assert (len(done.rules), len(told)) == (10, 1)
    assert "secret" not in told[0]


def test_a_rule_is_switched_on_only_if_it_fits_its_source(offixpro):
    rule, told = _imported(offixpro).rules[0], []
    right = rule.conditions
    Rule.objects.filter(pk=rule.pk).update(conditions=[{"column": "cancelled_on", "op": "=", "value": "soon"}])
    with pytest.raises(RuleInvalid, match="“soon” does not fit “cancelled_on”"):
        activate_rule(rule=rule, actor=SYSTEM)
    assert not Rule.objects.get(pk=rule.pk).is_active
    Rule.objects.filter(pk=rule.pk).update(conditions=right)
    assert activate_rule(rule=rule, actor=SYSTEM, tell_untried=told.append).is_active
    assert told == []


def test_importing_again_adds_nothing_and_makes_no_new_version(offixpro):
    first = {rule.pk: rule.version for rule in _imported(offixpro).rules}
    assert {rule.pk: rule.version for rule in _imported(offixpro).rules} == first
    assert Rule.objects.count() == len(first)


def test_every_rule_of_the_catalogue_runs_to_its_verified_end(offixpro):
    for rule in _imported(offixpro, active=True).rules:
        run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
        work(run.pk)
        run.refresh_from_db()
        assert (rule.name, run.state, run.problem_words) == (rule.name, RunState.COMPLETED, "")
