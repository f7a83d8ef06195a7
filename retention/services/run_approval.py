"""The second officer's yes or no to the run of a rule.

Danger: one person alone destroys data, or approves what they did not see.
Rule: neither who wrote the rule nor who started the run can approve it (`privacy.officers.four_eyes`), and an approval
names the hash of the plan that was on the screen; when the rows are others by then, the run waits again.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.jobs.services import requeue
from privacy.ledger.actors import Actor, ActorKind
from privacy.ledger.services import record
from privacy.officers.four_eyes import OnePerson, might_be_one
from privacy.officers.models import Officer
from retention.enums import RunState
from retention.errors import NothingToApprove, RunOutdated, RunPlanChanged, SecondOfficerNeeded
from retention.models import RuleVersion, Run
from retention.moves import move
from retention.rule_standing import rule_problem
from retention.waking import RUN_JOB


@transaction.atomic
def approve_run(*, run: Run, officer: Officer, plan_hash: str) -> Run:
    """Approve exactly the plan that was shown; the run is queued.

    Args:
        plan_hash: of the plan that the officer saw.

    Raises:
        SecondOfficerNeeded: the officer wrote the rule or started the run, may not approve, or might be who did.
        NothingToApprove: the run does not wait for approval.
        RunPlanChanged: the run has another plan by now.
        RunOutdated: the rule, or what it goes by, says something else by now.
    """
    locked = Run.objects.select_for_update(of=("self",)).select_related("rule").get(pk=run.pk)
    check_may_approve(locked, officer)
    if locked.state != RunState.AWAITING or locked.rule is None:
        raise NothingToApprove
    if plan_hash != locked.plan_hash:
        raise RunPlanChanged
    check_same_rule(locked)
    actor = Actor.officer(officer)
    approval = {"approved_by": officer, "approved_at": timezone.now(), "approved_hash": plan_hash}
    move(locked, RunState.PENDING, problem="", **approval)
    record(action="run.approved", actor=actor, target=locked, data={"plan_hash": plan_hash})
    requeue(kind=RUN_JOB, slot=str(locked.pk), even_if_running=True)
    return locked


@transaction.atomic
def decline_run(*, run: Run, officer: Officer) -> Run:
    """End a run that waits for approval. Nothing was changed; while the rule is active, the next day plans anew.

    Raises:
        SecondOfficerNeeded: the officer may not approve runs.
        NothingToApprove: the run does not wait for approval.
    """
    locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not officer.has_perm("retention.approve_run"):
        raise SecondOfficerNeeded(_("You may not approve or decline runs."))
    if locked.state != RunState.AWAITING:
        raise NothingToApprove
    move(locked, RunState.STOPPED, problem="declined")
    record(action="run.declined", actor=Actor.officer(officer), target=locked, data={"plan_hash": locked.plan_hash})
    return locked


def check_same_rule(run: Run) -> None:
    """Raise RunOutdated unless the rule of a run, with its minimums and data map, is what the run was planned for."""
    if rule_problem(run):
        raise RunOutdated


def check_may_approve(run: Run, officer: Officer) -> None:
    """Raise SecondOfficerNeeded unless this officer may be the second one."""
    if not officer.has_perm("retention.approve_run"):
        raise SecondOfficerNeeded(_("You may not approve or decline runs."))
    version = RuleVersion.objects.filter(rule=run.rule_id, number=run.rule_version or 0).first()
    began = version.valid_from if version else run.created_at
    firsts = {(run.actor_kind, run.actor_id)} | ({(version.actor_kind, version.actor_id)} if version else set())
    for kind, key in firsts:
        if kind == ActorKind.OFFICER:
            _check_two_people(Officer.objects.filter(pk=key).first(), officer, began)


def _check_two_people(first: Officer | None, officer: Officer, since: datetime) -> None:
    match might_be_one(first, officer, since=since):
        case OnePerson.SAME:
            raise SecondOfficerNeeded(_("You wrote this rule or started this run. Ask another officer to approve it."))
        case OnePerson.TEMPORARY_PASSWORD | OnePerson.HANDED_OVER:
            raise SecondOfficerNeeded(
                _("You and who wrote the rule or started the run had one password, so one person could be both. "
                  "Ask another officer to approve it.")
            )  # fmt: skip
