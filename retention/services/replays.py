"""Erasing again what was erased before and came back: with a restored backup, or with an import.

Danger: a row is erased under somebody's old approval that is not theirs: its key belongs to somebody else by now, or
the person is a customer again and wants to be.
Rule: the keys that a look found are read anew when the plan is made and before the first row is changed, and count only
while their row still names somebody erased. Rows that an officer let stay are never planned. On the officers' site two
people are needed, as for every erasure; the operator's command rests on the approval of the original run.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.datamap.engine.errors import Mismatch, PlanNoLongerMatches
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.planner import make_plan
from privacy.datamap.engine.selection import RootKeys, SubjectKeys
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
from retention.erased.fingerprints import ErasedSet
from retention.erased.looking import look_through, watched_datasets
from retention.erased.returned import keys_back
from retention.errors import NothingCameBack, ReplayNotOpen, SecondOfficerNeeded
from retention.holding import held_people
from retention.models import ReplayApproval, Run
from retention.moves import move
from retention.plans import shown, write_steps
from retention.transitions import AGAIN
from retention.waking import RUN_JOB


def plan_replay(*, source: Source) -> Plan:
    """What erasing again would do to the rows that the last look found in a source. Changes nothing.

    Raises:
        NothingCameBack: no row is known, or none names an erased person any more.
        DatamapIncomplete: datasets about people are not confirmed.
        EngineError: the source cannot be read, or the data map does not fit it.
    """
    datasets = next((found for each, found in active_sources() if each.pk == source.pk), [])
    with open_for_engine(source) as engine:
        keys = _keys_that_still_count(source, engine)
        if not keys.roots:
            raise NothingCameBack
        instructions = erasure_instructions(source, datasets)
        return make_plan(engine, specs_of(datasets), instructions, selection=keys, held=held_people())


def start_replay(*, source: Source, plan: Plan, actor: Actor) -> Run:
    """Write the run down. An officer's waits for the approval of another; an operator's begins."""
    return start_again(kind=RunKind.REPLAY, source=source, plan=plan, actor=actor)


@transaction.atomic
def start_again(*, kind: RunKind, source: Source, plan: Plan, actor: Actor) -> Run:
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


def check_replay(source: Source, engine: EngineSource, plan: Plan) -> None:
    """See that every planned row still names somebody who was erased.

    Raises:
        PlanNoLongerMatches: some do not, or may stay by now; lists how many in which dataset.
        EngineError: the source cannot be read.
    """
    planned = _roots_of(plan)
    still = {root.dataset: set(root.keys) for root in _reread(source, engine, planned).roots}
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


def _keys_that_still_count(source: Source, engine: EngineSource) -> SubjectKeys:
    known = {each.dataset.key: keys_back(each.dataset) for each in watched_datasets(source, engine)}
    return _reread(source, engine, {name: keys for name, keys in known.items() if keys})


def _reread(source: Source, engine: EngineSource, keys: dict[str, tuple[tuple[str, ...], ...]]) -> SubjectKeys:
    """Those of the keys whose rows name somebody erased now."""
    erased, roots = ErasedSet(), []
    for watched in watched_datasets(source, engine):
        if only := keys.get(watched.dataset.key):
            found = look_through(engine, watched, erased, only=only).found
            roots.append(RootKeys(watched.dataset.key, tuple(each.key for each in found)))
    return SubjectKeys(tuple(root for root in roots if root.keys))


def _roots_of(plan: Plan) -> dict[str, tuple[tuple[str, ...], ...]]:
    selections = [step.selection for step in plan.steps if isinstance(step.selection, SubjectKeys)]
    return {root.dataset: root.keys for selection in selections for root in selection.roots}
