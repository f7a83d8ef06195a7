"""What a rule said when: versions are rows, and a run names the one it went by."""

from privacy.datamap.models import Action, Dataset
from privacy.ledger.actors import SYSTEM, Actor
from retention.services import deactivate_rule, save_rule, start_rule_run
from retention.services.versions import remember_version
from tests.retention.test_rule_runs import NOON, _rule


def _versions(rule) -> list[tuple]:
    return [(each.number, each.definition["amount"], each.valid_until is None) for each in rule.versions.all()]


def test_a_changed_rule_ends_its_version_and_begins_the_next(offixpro, officer):
    rule = _rule("contact")
    first = rule.version
    rule.amount = 60
    save_rule(rule=rule, actor=Actor.officer(officer))
    now, before = rule.versions.all()[:2]
    assert (now.number, now.definition["amount"], now.valid_until) == (first + 1, 60, None)
    assert (before.number, before.definition["amount"], before.valid_until) == (first, 30, now.valid_from)
    assert (now.actor_kind, now.actor_id) == ("officer", str(officer.pk))
    assert (" 30 days after" in before.words, " 60 days after" in now.words) == (True, True)


def test_other_words_for_the_same_rule_are_no_version(offixpro):
    rule = _rule("contact")
    before = _versions(rule)
    rule.legal_reason = "Said otherwise."
    save_rule(rule=rule, actor=SYSTEM)
    assert _versions(rule) == before


def test_what_goes_along_is_part_of_a_version(offixpro):
    rule = _rule("ticket", Action.DELETE)
    before = rule.version
    rule.along.set([Dataset.objects.get(table_name="ticket_message")])
    assert remember_version(rule=rule, actor=SYSTEM).number == before + 1
    assert remember_version(rule=rule, actor=SYSTEM).number == before + 1


def test_a_run_names_the_version_that_stood_when_it_was_planned(offixpro):
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    words = rule.versions.get(number=run.rule_version).words
    rule.refresh_from_db()
    rule.amount = 365
    save_rule(rule=rule, actor=SYSTEM)
    deactivate_rule(rule=rule, actor=SYSTEM)
    assert rule.versions.get(number=run.rule_version).words == words
    assert "30 days after" in words
