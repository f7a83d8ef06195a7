"""The end of a run that was verified: what stays of it, and what must not."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from privacy.datamap.engine.counting import changes_rows, kept_by_protections, predicates_of, remaining
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.screening import Screen
from privacy.datamap.opening import open_for_engine
from privacy.datamap.subject_changes import rows_not_planned
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from retention.certificate.content import COUNTED
from retention.certificate.issuing import issue_certificate
from retention.closing import close_record
from retention.enums import Result, RunKind, RunState, StepState
from retention.erased.sparing import let_spared_stay_again
from retention.holding import exempt_cases, held_people
from retention.models import AdvanceNotice, ErasedIdentifier, Run, RunStep
from retention.moves import move
from retention.notices.gate import gate_of
from retention.plans import plan_of, results_with
from retention.services.kept_rows import forget_gone


@dataclass(frozen=True)
class Counted:
    """Rows of a step that still match: `left` belong to nobody under a hold, `held` do.

    `waiting` are not in `left`: they wait for their notice; None where nobody is told. `protected` are in none of
    these: the law wants them kept; nor are `newer`, which came after the request.
    """

    left: int
    held: int
    waiting: int | None = None
    protected: int = 0
    newer: int = 0


def look_again(run: Run) -> dict[str, Counted]:
    """Count after the proof what still matches, by dataset: rows may have come since, and a hold may spare some.

    Raises:
        EngineError: the source cannot tell; not known is not zero.
        HoldNamesNobody: nobody can say who is spared.
    """
    plan, spared, gate = plan_of(run), held_people(except_cases=exempt_cases(run)), gate_of(run)
    found = {}
    with open_for_engine(run.source) as source, source.connect() as connection:
        predicates = predicates_of(plan, source)
        screen = Screen(source, predicates, gate) if gate is not None else None
        for step in filter(changes_rows, plan.steps):
            left, waiting = remaining(connection, predicates, step, spared), None
            held = max(0, remaining(connection, predicates, step) - left)
            if screen is not None:
                screened = screen.count(connection, step, spared)
                left, waiting = screened.rows, screened.waiting
            kept, newer = kept_by_protections(connection, predicates, step)
            found[step.dataset] = Counted(left, held, waiting, max(0, kept - newer), newer)
    return found


def rows_since(run: Run) -> dict[str, int]:
    """Rows that name the person of an erasure now and that its plan knows nothing of, by dataset; none for a rule.

    Raises:
        EngineError: the source cannot tell; not known is not zero.
        DatamapChanged: the data map does not say any more which rows are newer than the request.
    """
    if run.subject is None:
        return {}
    with open_for_engine(run.source) as source:
        return rows_not_planned(run.source, source, plan_of(run), run.subject, received_on=run.received_on)


def complete(
    run: Run,
    job: JobHandle,
    found: Mapping[str, Counted],
    *,
    evidence: str = COUNTED,
    kept_gone: dict[str, list[bytes]] | None = None,
) -> bool:
    """Close a run of which the engine has proven that no row is left, or of which another has shown that it is done.

    One that was stopped or paused meanwhile stays so. The certificate says what was counted, or on whose word it is
    done.

    The keys by which it worked are removed, and so are the bounds of its chunks; an erasure leaves a keyed fingerprint
    of every identifier of the person, so that a restored backup can be erased again. Rows that were erased again but
    for what the first erasure left may name their person on.

    Args:
        found: by dataset, the rows that stay, and why; empty where nobody could count.
        evidence: what shows that it is done, as a code.
        kept_gone: of a run over rows that the law had wanted kept, those that are gone now.

    Raises:
        privacy.jobs.registry.LeaseLost: another worker owns the run.
    """
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if locked.state != RunState.RUNNING:
            run.refresh_from_db()
            return True
        weaker = _results_beside_newer(locked, found)
        for step in locked.steps.exclude(action=Action.KEEP):
            step.state, step.survivors = StepState.DONE, 0
            if not step.level:
                stays = found.get(step.dataset_key)
                step.held, step.waiting = (stays.held, stays.waiting) if stays else (None, None)
                step.protected, step.newer = (stays.protected, stays.newer) if stays else (None, None)
                step.result = weaker.get(step.dataset_key, step.result)
            step.problem_words = ""
            step.save(
                update_fields=["state", "survivors", "held", "waiting", "protected", "newer", "result", "problem_words"]
            )
        close_record(locked)
        AdvanceNotice.objects.filter(taken_by=locked.pk).delete()  # their rows are gone, so they speak of nothing
        if locked.kind == RunKind.ERASURE:
            _remember_erased(locked)
        if locked.kind == RunKind.REPLAY:
            held = {dataset for dataset, counted in found.items() if counted.held}
            let_spared_stay_again(source=locked.source, plan=plan_of(locked), held=held)
        if kept_gone is not None:
            forget_gone(locked, kept_gone)
        move(locked, RunState.COMPLETED, problem="", problem_words="", waits_since=None)
        record(action="run.completed", actor=SYSTEM, target=locked, data=_facts(locked) | {"evidence": evidence})
        issue_certificate(locked, evidence=evidence)
    run.refresh_from_db()
    return True


def _results_beside_newer(run: Run, found: Mapping[str, Counted]) -> dict[str, Result]:
    """What tables are in law whose rows lead to newer ones, of which more may have come since the plan was made."""
    newer = {dataset: counted.newer for dataset, counted in found.items() if counted.newer}
    return results_with(plan_of(run), run.source_id, newer) if newer else {}


def _remember_erased(run: Run) -> None:
    assert run.subject is not None
    for identifier in run.subject.identifiers.order_by("pk"):
        ErasedIdentifier(kind=identifier.kind, fingerprint=bytes(identifier.index), run_id=run.pk).save()


def _facts(run: Run) -> dict[str, object]:
    steps: list[RunStep] = list(run.steps.order_by("position"))
    return {
        "kind": run.kind,
        "plan_hash": run.plan_hash,
        "rule_version": run.rule_version,
        "rows": {step.dataset_key: step.rows for step in steps},
        "held": {step.dataset_key: step.held for step in steps if step.held},
        "waiting": {step.dataset_key: step.waiting for step in steps if step.waiting},
        "kept_by_law": {step.dataset_key: step.protected for step in steps if step.protected},
        "newer": {step.dataset_key: step.newer for step in steps if step.newer},
        "newer_found_by_nobody": [step.dataset_key for step in steps if step.newer and step.loses_newer],
        "digests": {step.dataset_key: step.digest for step in steps if step.digest},
    }
