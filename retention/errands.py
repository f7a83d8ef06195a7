"""Runs in sources that are no database: an errand does the work, the run waits for it.

Danger: to ask for a deletion that nobody approved, or while a hold is in force. Rule: the world is asked before every
step, and an errand is opened only for exactly the question that was approved.
"""

from collections.abc import Collection
from functools import partial

from django.db import transaction

from privacy.datamap.asking import ask_of
from privacy.errands.models import Errand, ErrandState, ErrandWork
from privacy.errands.services import open_errand
from privacy.errands.standing import Stand, Standing, proceed
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from retention.enums import RunState
from retention.models import Run
from retention.moves import move
from retention.transitions import FINAL
from retention.waking import bring_forward
from retention.world import PortalWorld


def proceed_with(run: Run, job: JobHandle, *, stopping: Collection[str]) -> Standing:
    """Open the errand of a run, or get on with it, as far as the world allows it now.

    Args:
        stopping: refusals after which the run cannot go on.

    Raises:
        privacy.jobs.registry.LeaseLost: another worker owns the run.
    """
    keep_lease = partial(renew, job_id=job.id, lease_owner=job.lease_owner)
    if code := PortalWorld(run, keep_lease=keep_lease).refusal():
        return Standing(Stand.VOID if code in stopping else Stand.WAITS, code)
    errand = _errand_of(run, keep_lease)
    return Standing(Stand.VOID, "map_changed") if errand is None else proceed(errand)


def _errand_of(run: Run, keep_lease: partial[None]) -> Errand | None:
    """None when the question would not be the one that was approved."""
    known = Errand.objects.select_related("source", "subject").filter(run_id=run.pk).first()
    if known is not None:
        return known
    assert run.subject is not None
    assert run.case_id is not None
    ask = ask_of(run.source, run.subject)
    if ask.hash != run.plan_hash:
        return None
    with transaction.atomic():
        keep_lease()
        return open_errand(
            source=run.source, subject=run.subject, case_id=run.case_id, work=ErrandWork.ERASURE, ask=ask,
            run_id=run.pk,
        )  # fmt: skip


@transaction.atomic
def errand_moved(errand: Errand) -> None:
    """Told when an errand was closed, opened again, or has news: its run goes on now.

    The run is locked only when it has to be moved: whoever stops a run locks it before its errand.
    """
    run = Run.objects.filter(pk=errand.run_id).first() if errand.run_id else None
    if run is None or run.state in FINAL:
        return
    if run.state == RunState.ATTENTION:
        run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if run.state != RunState.ATTENTION or errand.state == ErrandState.IMPOSSIBLE:
            return
        move(run, RunState.RUNNING, problem="", problem_words="")
    bring_forward(str(run.pk))
