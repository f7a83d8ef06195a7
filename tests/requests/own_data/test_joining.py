"""Organisations that were made before a table existed have its rows go along with the rule they hang from."""

import pytest
from django.utils import timezone

from consent.models import ConsentDocument, ConsentRecord, CurrentConsent, Evidence
from consent.services import publish_wording, record_consent
from privacy.jobs.registry import JobHandle
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import Purpose
from requests.models import Redaction, Reminder, SubjectRequest
from requests.own_data.jobs import own_data
from requests.own_data.templates import TEMPLATES
from retention.enums import RunState
from retention.models import Rule, RuleVersion
from retention.services import save_rule, start_rule_run
from tests.requests.own_data.conftest import LONG_AGO, person, rule_over
from tests.sources import work


def made_before(model, *tables) -> Rule:
    """The rule over a table as an organisation has it that was made before some other tables existed."""
    rule, names = rule_over(model), {each._meta.db_table for each in tables}
    newer = [each for each in rule.along.all() if each.table_name in names]
    assert len(newer) == len(tables)
    rule.along.remove(*newer)
    for version in rule.versions.all():
        left = [key for key in version.definition["along"] if key not in {each.key for each in newer}]
        RuleVersion.objects.filter(pk=version.pk).update(definition=version.definition | {"along": left})
    return rule


def along(rule: Rule) -> set[str]:
    return {each.table_name for each in rule.along.all()}


def of_template(model) -> set[str]:
    return {each._meta.db_table for template in TEMPLATES if template.model is model for each in template.along}


def daily() -> None:
    assert own_data(JobHandle(1, "daily", 1, "me")) is True


@pytest.mark.parametrize(
    ("model", "tables"), [(Evidence, [ConsentDocument]), (SubjectRequest, [Redaction, Reminder])], ids=["one", "two"]
)
def test_tables_that_came_later_join_the_rule_by_a_new_version(portal, model, tables):
    rule = made_before(model, *tables)
    others = list(Rule.objects.exclude(pk=rule.pk).order_by("pk").values())
    assert along(rule) == of_template(model) - {each._meta.db_table for each in tables}
    daily()
    rule.refresh_from_db()
    assert (along(rule), rule.version) == (of_template(model), 2)
    assert RuleVersion.objects.get(rule=rule, valid_until=None).number == 2
    entry = LedgerEntry.objects.get(action="rule.changed", object_id=str(rule.pk))
    assert (entry.data["version"], entry.actor_kind) == (2, "system")
    daily()
    assert Rule.objects.get(pk=rule.pk).version == 2
    assert list(Rule.objects.exclude(pk=rule.pk).order_by("pk").values()) == others


def test_what_officers_took_out_stays_out_and_what_they_changed_stays_changed(portal):
    rule = rule_over(Evidence)
    rule.amount, rule.is_active = 5, False
    save_rule(rule=rule, actor=SYSTEM, along=[])
    version = rule.version
    daily()
    rule.refresh_from_db()
    assert (along(rule), rule.version, rule.amount, rule.is_active) == (set(), version, 5, False)


def test_a_rule_that_was_switched_off_or_given_another_period_learns_of_the_table_too(portal):
    rule = made_before(Evidence, ConsentDocument)
    Rule.objects.filter(pk=rule.pk).update(amount=5, is_active=False)
    daily()
    rule.refresh_from_db()
    assert (along(rule), rule.amount, rule.is_active) == ({"consent_consentdocument"}, 5, False)


def test_a_rule_that_anonymises_takes_nothing_along(portal):
    rule = made_before(Evidence, ConsentDocument)
    Rule.objects.filter(pk=rule.pk).update(action="mask")
    daily()
    assert along(rule) == set()


def test_scans_of_an_older_organisation_go_with_the_evidence_once_a_second_officer_approved(portal):
    made_before(Evidence, ConsentDocument)
    purpose = Purpose.objects.create(
        code="news", title="News", description="News.", lawful_basis="consent", withdrawal_consequences="No news."
    )
    publish_wording(purpose=purpose, language="en", text="May we write to you?", actor=SYSTEM)
    ama = person("ama")
    scan = {"document_sha256": "a" * 64, "kept_at": "Box 1"}
    for decision in ("given", "withdrawn"):
        record_consent(
            subject=ama, purpose=purpose, decision=decision, method="written", evidence=scan, actor=SYSTEM
        )  # fmt: skip
    for evidence in Evidence.objects.all():
        ConsentDocument.objects.create(evidence=evidence, kind="pdf", name="scan.pdf")
    CurrentConsent.objects.update(since=timezone.now() - LONG_AGO)
    daily()
    run = start_rule_run(rule=rule_over(Evidence), actor=SYSTEM)
    assert run.state == RunState.AWAITING
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert (ConsentDocument.objects.count(), Evidence.objects.count(), ConsentRecord.objects.count()) == (0, 0, 2)
