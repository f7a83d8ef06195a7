"""Once a day: start a run for every active rule under which something is due.

A day on which nothing is due leaves no run, only the date on the rule and one entry in the ledger: proof enough that
somebody looked, without a thousand empty runs to read past. Anything due, even if all of it is held, is a run.
"""

import datetime as dt
import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.services.connecting import problem_code
from privacy.jobs.registry import JobHandle, LeaseLost, Retry
from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.register.selectors import local_date
from retention.enums import RunState
from retention.errors import RetentionError
from retention.models import Rule, Run
from retention.moves import move
from retention.notices.reporting import forget_old_notices, report_notices
from retention.rule_plan import RulePlan, plan_rule
from retention.rule_problems import note_problem
from retention.rule_standing import what_changed
from retention.services.rule_runs import daily_slot, store_rule_run
from retention.transitions import FINAL, GOING_ON, UNDER_WAY
from retention.waking import FOR_A_HOLD

RULES_JOB = "retention.rules_due"
_PASSING = (LeaseLost, OperationalError, InterfaceError, SoftTimeLimitExceeded)  # of the portal, not of one rule

logger = logging.getLogger(__name__)


def start_due_runs(job: JobHandle) -> bool:
    """Look at every active rule once today. A source that cannot be reached is asked again later, for its rules only.

    Raises:
        Retry: not every source could be asked.
        Exception: the first error that nobody foresaw, once all other rules were looked at.
    """
    now, again = timezone.now(), ""
    unforeseen: list[Exception] = []
    forget_old_notices(local_date(now))
    rules = Rule.objects.filter(is_active=True).select_related("dataset__source", "start_dataset")
    for rule in rules.order_by("turn", "pk"):
        try:
            _look_at(rule, now)
        except _PASSING:
            raise
        except EngineError as error:
            if error.retryable:
                again = problem_code(error)
            else:
                note_problem(rule, str(error))
        except RetentionError as error:
            note_problem(rule, str(error))
        except Exception as error:
            _note_unforeseen(rule, error)
            unforeseen.append(error)
    if again:
        raise Retry(again)
    if unforeseen:
        raise unforeseen[0]
    return True


def _look_at(rule: Rule, now: dt.datetime) -> None:
    _stop_outdated(rule)
    if _is_open_today(rule, now):
        _start(rule, now)


@transaction.atomic
def _stop_outdated(rule: Rule) -> None:
    """A run that waits for approval can have none any more once its rule, or the data map, says something else."""
    for run in rule.runs.select_for_update(of=("self",)).filter(state=RunState.AWAITING):
        if problem := what_changed(rule, run):
            move(run, RunState.STOPPED, problem=problem)
            record(action="run.stopped", actor=SYSTEM, target=run, data={"problem": run.problem})


def _is_open_today(rule: Rule, now: dt.datetime) -> bool:
    today = local_date(now)
    if not rule.is_followed(today) or not rule.dataset.source.is_active or rule.last_checked_on == today:
        return False
    if _waits_for_its_turn(rule):
        return False
    busy = rule.runs.filter(state__in=UNDER_WAY).exists()
    return not busy and not Run.objects.filter(slot=daily_slot(rule, now)).exists()


def _waits_for_its_turn(rule: Rule) -> bool:
    """Whether a run of an earlier rule over the same source is at work; one that waits for people holds nobody up."""
    earlier = Run.objects.filter(rule__turn__lt=rule.turn, source_id=rule.dataset.source_id)
    return earlier.filter(state__in=GOING_ON).exclude(problem__in=FOR_A_HOLD).exists()


def look_for_the_next(run: Run) -> None:
    """Have the rules looked at again whose turn comes after that of a run that has ended."""
    after = Rule.objects.filter(
        is_active=True, dataset__source=run.source_id, turn__gt=run.rule.turn if run.rule else 0
    )
    if run.state in FINAL and after.exists():
        enqueue(kind=RULES_JOB, slot=f"after:{run.pk}")


def _start(rule: Rule, now: dt.datetime) -> None:
    planned = plan_rule(rule, now=now)
    report_notices(rule=rule, counts=planned.notices)
    if planned.is_something_to_do:
        store_rule_run(rule=rule, planned=planned, actor=SYSTEM, slot=daily_slot(rule, now))
    else:
        _note_nothing_due(rule, planned, local_date(now))


@transaction.atomic
def _note_nothing_due(rule: Rule, planned: RulePlan, today: dt.date) -> None:
    locked = Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if locked.last_checked_on != today:
        Rule.objects.filter(pk=rule.pk).update(last_checked_on=today, problem="")
        data = {"version": rule.version, "events_before": planned.cutoff.day.isoformat(), "rows": 0}
        if planned.notices is not None:
            data["waiting"] = planned.waiting
        record(action="rule.nothing_due", actor=SYSTEM, target=rule, data=data)


def _note_unforeseen(rule: Rule, error: Exception) -> None:
    """Its message may hold anything, so only its kind is told."""
    logger.error("rule %s could not be looked at: %s", rule.pk, type(error).__name__)
    words = _(
        "The rule could not be looked at because of an error nobody foresaw. Nothing was changed; "
        "tell the operator. It is tried again every day."
    )
    note_problem(rule, words)
