"""Erasing again what was erased before and came back: with a restored backup, or with an import.

Danger: a row is erased under somebody's old approval that is not theirs: its key belongs to somebody else by now, or
the person is a customer again and wants to be; or more is erased than was, of somebody of whom a part was refused.
Rule: the keys that a look found are read anew when the plan is made and before the first row is changed, and count only
while their row still names somebody erased. Rows that an officer let stay are never planned, and what the original
erasure spared is spared again, as are rows that came after the request behind it: people of whom different things were
left get plans of their own. On the officers' site two people are needed, as for every erasure; the operator's command
rests on the approval of the original run.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.datamap.engine.errors import Mismatch, PlanNoLongerMatches
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.planner import make_plan
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.models import Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import specs_of
from privacy.datamap.subject_plan import active_sources, erasure_instructions
from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor, ActorKind
from privacy.ledger.services import record
from privacy.officers.four_eyes import might_be_one
from privacy.officers.models import Officer
from retention.enums import RunKind, RunState
from retention.erased.again import found_now, rows_alike, rows_held, rows_to_change, touches
from retention.erased.extents import Left, left_in
from retention.errors import ExtentUnknown, NothingCameBack, ReplayNotOpen, SecondOfficerNeeded
from retention.holding import cases_that_erased, held_people
from retention.models import ReplayApproval, Run
from retention.moves import move
from retention.plans import shown, write_steps
from retention.transitions import AGAIN
from retention.waking import RUN_JOB


@dataclass(frozen=True)
class Replay:
    """What erasing again would do. received_on: rows that came about after this day are left; None: all are meant."""

    plan: Plan
    received_on: date | None


def plan_replay(*, source: Source, done: Collection[str] = ()) -> Replay:
    """What erasing again would do to rows that the last look found in a source: to all of whom the same was left.

    Changes nothing. Ask again when it is carried out: there may be others. Of whom it is not known what was left,
    nothing is planned. A plan that only finds rows under a hold comes last.

    Args:
        done: hashes of plans that are not wanted again.

    Raises:
        NothingCameBack: no row is known, or none names an erased person any more.
        ExtentUnknown: there are none but people of whom it is not known what was left.
        DatamapIncomplete: datasets about people are not confirmed.
        EngineError: the source cannot be read, or the data map does not fit it.
    """
    datasets = next((found for each, found in active_sources() if each.pk == source.pk), [])
    idle, unknown = None, 0
    held = held_people(except_cases=cases_that_erased())
    with open_for_engine(source) as engine:
        for alike in rows_alike(source, engine):
            if alike.left is None:
                unknown += alike.rows
                continue
            received_on = alike.left.received_on
            instructions = erasure_instructions(source, datasets, alike.left.spared, received_on=received_on)
            plan = make_plan(engine, specs_of(datasets), instructions, selection=alike.keys, held=held)
            if plan.hash in done:
                continue
            if rows_to_change(plan):
                return Replay(plan, received_on)
            if alike.is_back or rows_held(plan):
                idle = idle or Replay(plan, received_on)
    if idle is not None:
        return idle
    raise ExtentUnknown(unknown) if unknown else NothingCameBack


def start_replay(*, source: Source, replay: Replay, actor: Actor) -> Run:
    """Write the run down. An officer's waits for the approval of another; an operator's begins."""
    return start_again(
        kind=RunKind.REPLAY, source=source, plan=replay.plan, actor=actor, received_on=replay.received_on
    )


@transaction.atomic
def start_again(*, kind: RunKind, source: Source, plan: Plan, actor: Actor, received_on: date | None = None) -> Run:
    """Write a run down that erases what an earlier erasure left or lost.

    Asking again for the same plan gives the same run, until it has ended.
    """
    earlier = Run.objects.filter(kind=kind, source=source, plan_hash=plan.hash)
    attempt = earlier.filter(state__in=[RunState.STOPPED, RunState.COMPLETED]).count() + 1
    waits = actor.kind != ActorKind.OPERATOR
    run, is_new = Run.objects.get_or_create(
        slot=f"{kind}:{source.pk}:{plan.hash[:16]}:{attempt}",
        defaults={
            "kind": kind,
            "source": source,
            "received_on": received_on,
            "plan": shown(plan),
            "plan_hash": plan.hash,
            "frozen_keys": plan.to_data(),
            "state": RunState.AWAITING if waits else RunState.PENDING,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
        },
    )
    if is_new:
        write_steps(run, plan)
        rows = sum(step.expected_count for step in plan.steps)
        record(action="run.planned", actor=actor, target=run, data={"plan_hash": run.plan_hash, "rows": rows})
        if not waits:
            enqueue(kind=RUN_JOB, slot=str(run.pk))
    return run


@transaction.atomic
def approve_replay(*, run: Run, officer: Officer) -> Run:
    """The second officer's yes to exactly this plan; the run begins.

    Raises:
        ReplayNotOpen: nothing waits for approval.
        SecondOfficerNeeded: the officer planned it, or may not approve erasures.
    """
    locked = _waiting(run)
    check_may_approve_replay(locked, officer)
    ReplayApproval.objects.create(run=locked, officer=officer)
    move(locked, RunState.PENDING)
    record(action="run.approved", actor=Actor.officer(officer), target=locked, data={"plan_hash": locked.plan_hash})
    enqueue(kind=RUN_JOB, slot=str(locked.pk))
    return locked


@transaction.atomic
def drop_replay(*, run: Run, officer: Officer) -> Run:
    """Do not carry out a planned erasure: the run ends without having changed anything.

    Raises:
        ReplayNotOpen: nothing waits for approval.
    """
    locked = _waiting(run)
    move(locked, RunState.STOPPED, problem="", frozen_keys=None)
    record(action="run.stopped", actor=Actor.officer(officer), target=locked, data={"problem": "not_approved"})
    return locked


def check_may_approve_replay(run: Run, officer: Officer) -> None:
    """Raise SecondOfficerNeeded unless this officer may be the second one."""
    if not officer.has_perm("requests.approve_erasure"):
        raise SecondOfficerNeeded(_("Only a Privacy Officer may approve an erasure."))
    if run.actor_id == str(officer.pk):
        raise SecondOfficerNeeded(_("You planned this yourself: another officer has to approve."))
    if might_be_one(Officer.objects.filter(pk=run.actor_id).first(), officer, since=run.created_at) is not None:
        raise SecondOfficerNeeded(
            _("You and whoever planned this might be one person, for one of you handed the other a password.")
        )


def check_replay(source: Source, engine: EngineSource, plan: Plan, *, received_on: date | None) -> None:
    """See that every planned row still names somebody who was erased, and that nothing is touched that was left.

    Args:
        received_on: the day after which the plan leaves rows.

    Raises:
        PlanNoLongerMatches: some do not, or more was left of their people than the plan leaves; lists how many in which
            dataset.
        EngineError: the source cannot be read.
    """
    planned = _roots_of(plan)
    found = found_now(source, engine, planned)
    left = left_in(source, {(row.kind, row.fingerprint) for rows in found.values() for row in rows})
    still = {
        dataset: {row.key for row in rows if not _touches(plan, received_on, left[row.kind, row.fingerprint])}
        for dataset, rows in found.items()
    }
    wrong = [
        Mismatch(dataset, len(keys), len(set(keys) & still.get(dataset, set())))
        for dataset, keys in planned.items()
        if not set(keys) <= still.get(dataset, set())
    ]
    if wrong:
        raise PlanNoLongerMatches(tuple(wrong))


def is_replay_approved(run: Run) -> bool:
    """Whether a second officer said yes, or the operator's command carries out the original approval again."""
    return run.actor_kind == ActorKind.OPERATOR or ReplayApproval.objects.filter(run=run).exists()


def _waiting(run: Run) -> Run:
    locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.kind not in AGAIN or locked.state != RunState.AWAITING:
        raise ReplayNotOpen
    return locked


def _touches(plan: Plan, received_on: date | None, left: Left | None) -> bool:
    if left is None or touches(plan, left.spared):
        return True
    return left.received_on is not None and (received_on is None or received_on > left.received_on)


def _roots_of(plan: Plan) -> dict[str, tuple[tuple[str, ...], ...]]:
    selections = [step.selection for step in plan.steps if isinstance(step.selection, SubjectKeys)]
    return {root.dataset: root.keys for selection in selections for root in selection.roots}
