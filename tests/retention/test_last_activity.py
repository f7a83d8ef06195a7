"""Periods that begin with the last of several dates: users who have not signed in for a long time."""

import datetime as dt

import pytest

from privacy.datamap.models import Dataset
from privacy.ledger.actors import SYSTEM
from retention.enums import RunState, StartEvent
from retention.errors import RuleInvalid
from retention.services import start_rule_run
from tests.retention.test_rule_runs import NOON, _rule
from tests.sources import change, rows, work

SIGNED_IN = """SELECT user_id, max(occurred_at), min(occurred_at) FROM crm.login_event JOIN crm.crm_user USING (user_id)
               WHERE crm_user.operated_by = 'offixpro' GROUP BY 1 HAVING count(*) > 2 ORDER BY 1 LIMIT 2"""


def _last_sign_in(amount: int = 12, unit: str = "months", **changes):
    sign_ins = Dataset.objects.get(table_name="login_event")
    return _rule("crm_user", start_dataset=sign_ins, start_column="occurred_at", conditions=[], amount=amount,
                 unit=unit, start_event=StartEvent.LAST_ACTIVITY, **changes)  # fmt: skip


def test_one_recent_sign_in_keeps_a_user_whose_others_are_old(offixpro, crm):
    (gone, *_), (stays, *_) = rows(crm, SIGNED_IN)
    old, edge = NOON - dt.timedelta(days=800), NOON - dt.timedelta(days=30)
    change(crm, "UPDATE crm.login_event SET occurred_at = now()")
    change(crm, "UPDATE crm.login_event SET occurred_at = %s WHERE user_id = ANY(%s)", old, [gone, stays])
    query = """UPDATE crm.login_event SET occurred_at = %s
               WHERE login_event_id = (SELECT login_event_id FROM crm.login_event WHERE user_id = %s LIMIT 1)"""
    change(crm, query, edge, stays)
    run = start_rule_run(rule=_last_sign_in(), actor=SYSTEM, now=NOON)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, [step.rows for step in run.steps.all()]) == (RunState.COMPLETED, [1])
    masked = rows(crm, "SELECT user_id FROM crm.crm_user WHERE full_name = 'Erased user'")
    assert (gone,) in masked
    assert (stays,) not in masked


def test_rows_that_tell_the_last_activity_cannot_go_along(offixpro):
    rule = _last_sign_in(action="delete")
    rule.along.set([Dataset.objects.get(table_name="login_event")])
    with pytest.raises(RuleInvalid, match="cannot be deleted along"):
        start_rule_run(rule=rule, actor=SYSTEM, now=NOON)


def test_against_the_foreign_keys_leads_only_the_last_activity(offixpro):
    rule = _last_sign_in()
    rule.start_event = StartEvent.CREATED
    rule.save()
    with pytest.raises(RuleInvalid, match="No foreign key leads"):
        start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
