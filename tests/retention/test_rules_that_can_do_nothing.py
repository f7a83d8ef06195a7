"""A rule under which nothing can be done is refused in its form, and ends no table."""

import html
import re

import pytest
from django.utils.html import strip_tags

from privacy.datamap.models import Action, Dataset, Field, Finding
from privacy.datamap.services.looking import reconcile_map
from retention.errors import RuleInvalid
from retention.models import Rule
from retention.rule_plan import plan_rule
from tests.retention.test_rule_runs import NOON, _rule

PAGE = "/officer/retention/rule/add/"


def table(name: str) -> Dataset:
    return Dataset.objects.get(table_name=name)


def form(dataset: str, **changes: object) -> dict[str, object]:
    given = {
        "name": "Old", "legal_reason": "our policy", "dataset": table(dataset).pk, "action": "delete", "turn": "0",
        "start_dataset": table("ticket").pk, "start_column": "opened_at", "amount": "30", "unit": "days",
        "year_end": "", "start_event": "other", "conditions": "", "path": "", "without_address": "wait",
        "is_active": "on",
    }  # fmt: skip
    return {f"rule-{name}": value for name, value in (given | changes).items()}


def refusal(officer_client, given: dict[str, object]) -> str:
    answer = officer_client.post(PAGE, given)
    assert answer.status_code == 200
    assert Rule.objects.count() == 0
    assert "our policy" in answer.content.decode()
    return re.sub(r"\s+", " ", html.unescape(strip_tags(answer.content.decode())))


def keep_every_column(name: str) -> None:
    Field.objects.filter(dataset__table_name=name).update(on_retention="keep", coarser=[])


def test_nothing_to_anonymise_is_refused_until_a_column_is_chosen_or_the_rule_is_switched_off(offixpro, officer_client):
    keep_every_column("ticket")
    shown = refusal(officer_client, form("ticket", action="mask"))
    assert f"Every column of “{table('ticket').label}” is kept at the end of its period" in shown
    assert "Step '" not in shown
    off = form("ticket", action="mask", name="Later")
    del off["rule-is_active"]
    assert officer_client.post(PAGE, off).status_code == 302
    Field.objects.filter(dataset__table_name="ticket", column="subject").update(on_retention="null")
    assert officer_client.post(PAGE, form("ticket", action="mask")).status_code == 302


@pytest.mark.parametrize("column", ["subject", "customer_id"])
@pytest.mark.parametrize("kind", ["rule", "minimum"])
def test_a_period_is_counted_from_a_date_only(offixpro, officer_client, column, kind):
    page, extra = f"/officer/retention/{kind}/add/", {"rule-citation": "Act 1", "rule-protects": "rows"}
    answer = officer_client.post(page, form("ticket", start_column=column) | extra)
    shown = re.sub(r"\s+", " ", html.unescape(strip_tags(answer.content.decode())))
    assert f"“{column}” of “{table('ticket').label}” holds no date to count a period from. Choose one of: " in shown
    assert officer_client.post(page, form("ticket") | extra).status_code == 302


def test_what_goes_along_refers_to_the_rows(offixpro, officer_client):
    shown = refusal(officer_client, form("ticket", along=[table("invoice").pk]))
    assert f"No foreign key leads from “{table('invoice').label}” to “{table('ticket').label}”." in shown
    assert officer_client.post(PAGE, form("ticket", along=[table("ticket_message").pk])).status_code == 302


def test_a_rule_that_cannot_be_planned_ends_no_table(offixpro):
    def unended() -> bool:
        reconcile_map(offixpro)
        return Finding.objects.filter(code="no_retention_rule", place="crm.ticket", resolved_at=None).exists()

    Field.objects.filter(dataset__table_name="ticket", column="subject").update(on_retention="null")
    assert unended()
    rule = _rule("ticket")
    assert not unended()
    keep_every_column("ticket")
    assert unended()
    with pytest.raises(RuleInvalid, match="so there is nothing to anonymise"):
        plan_rule(rule, now=NOON)
    Rule.objects.filter(pk=rule.pk).update(action=Action.DELETE)
    assert not unended()
    Rule.objects.filter(pk=rule.pk).update(problem="The source refuses it.")
    assert unended()
    Rule.objects.filter(pk=rule.pk).update(problem="", start_column="workspace_id")
    assert unended()
