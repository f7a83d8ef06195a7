"""Starting the run of a rule: look at the source first, then write down what will be done, then queue it."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.selectors import local_date
from retention.enums import RunKind, RunState
from retention.errors import DueChanged, RuleChanged, RuleNotActive, RuleNotInForce, RunUnderWay
from retention.models import NoticePass, Rule, Run
from retention.plans import shown, write_steps
from retention.rule_plan import RulePlan, definition_of, plan_rule
from retention.second_look import why_approval
from retention.seen import mark_of
from retention.services.versions import remember_version
from retention.transitions import UNDER_WAY
from retention.waking import RUN_JOB


def start_rule_run(
    *, rule: Rule, actor: Actor, slot: str | None = None, now: dt.datetime | None = None, seen: str | None = None
) -> Run:
    """Start a run of an active rule over what is due now; it waits where a second officer has to look first.

    Args:
        slot: names the occasion; the run of a slot that was used before is returned as it is. None is an officer's own
            wish: every call is an occasion of its own.
        now: the moment from which periods count back.
        seen: `mark_of` what the person who starts it was shown; None where nobody looked, as for the schedule.

    Raises:
        RuleNotActive: the rule is switched off.
        RuleNotInForce: its time has not come, or is over.
        RuleInvalid: it does not fit the data map.
        RuleChanged: it was changed while the source was asked.
        RunUnderWay: an earlier run of the rule has not ended.
        DueChanged: what is due is not what was seen.
        EngineError: the source cannot be reached (`retryable`), or refuses the plan, with words.
    """
    now = now or timezone.now()
    slot = slot or f"rule:{rule.pk}:by-hand:{uuid.uuid4().hex}"
    if (known := Run.objects.filter(slot=slot).first()) is not None:
        return known
    rule = Rule.objects.select_related("dataset__source", "start_dataset").get(pk=rule.pk)
    _check_followed(rule, now)
    return store_rule_run(rule=rule, planned=plan_rule(rule, now=now), actor=actor, slot=slot, seen=seen)


def daily_slot(rule: Rule, now: dt.datetime) -> str:
    """One occasion for each rule and each day where the organisation is."""
    return f"rule:{rule.pk}:{local_date(now).isoformat()}"


@transaction.atomic
def store_rule_run(*, rule: Rule, planned: RulePlan, actor: Actor, slot: str, seen: str | None = None) -> Run:
    """Write the run down and queue it; the second half of `start_rule_run`."""
    locked = Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if (known := Run.objects.filter(slot=slot).first()) is not None:
        return known
    _check_followed(locked, timezone.now())
    if locked.version != rule.version or definition_of(locked) != planned.definition:
        raise RuleChanged
    if locked.runs.filter(state__in=UNDER_WAY).exists():
        raise RunUnderWay
    if seen is not None and seen != mark_of(locked, planned):
        raise DueChanged
    remember_version(rule=locked, actor=actor)
    reason = why_approval(locked, planned)
    run = Run.objects.create(
        state=RunState.AWAITING if reason else RunState.PENDING,
        approval_reason=reason,
        kind=RunKind.RETENTION,
        source_id=rule.dataset.source_id,
        rule=locked,
        rule_version=locked.version,
        slot=slot,
        cutoff=planned.cutoff.moment,
        plan=shown(planned.plan, rule=planned.definition) | {"legal_reason": locked.legal_reason},
        plan_hash=planned.plan.hash,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    write_steps(run, planned.plan, waiting=planned.notices.waiting if planned.notices else None)
    if planned.notices is not None:
        NoticePass.objects.create(run=run, day=planned.day, expected=planned.to_tell)
    if locked.problem:
        Rule.objects.filter(pk=locked.pk).update(problem="")
    data = {"rule": locked.pk, "version": locked.version, "rows": planned.rows, "held": planned.held}
    if planned.notices is not None:
        data |= {"to_tell": planned.to_tell, "waiting": planned.waiting}
    record(action="run.planned", actor=actor, target=run, data=data | {"plan_hash": run.plan_hash, "waits": reason})
    if not reason:
        enqueue(kind=RUN_JOB, slot=str(run.pk))
    return run


def _check_followed(rule: Rule, now: dt.datetime) -> None:
    if not rule.is_active:
        raise RuleNotActive
    if not rule.is_followed(local_date(now)):
        raise RuleNotInForce
