"""The rules of OffixPro's catalogue become rules that can be followed."""

from dataclasses import replace

from privacy.ledger.actors import SYSTEM
from retention.enums import RunState
from retention.importing import import_rules
from retention.models import Rule
from retention.ready_made.office_services import RULES as BACK_OFFICE_RULES
from retention.ready_made.subscriptions import RULES
from retention.services import start_rule_run
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
