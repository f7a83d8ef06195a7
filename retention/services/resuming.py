"""Having a run go on after somebody put right what was wrong."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from retention.approval import is_approved
from retention.enums import RunKind, RunState
from retention.errors import RunCannotResume
from retention.models import Run
from retention.moves import move
from retention.refusals import forget_refusals
from retention.rule_standing import rule_problem
from retention.services.replays import is_replay_approved
from retention.transitions import AGAIN, FINAL, GOING_ON
from retention.waking import bring_forward, worker_until


@transaction.atomic
def resume_run(*, run: Run, actor: Actor) -> Run:
    """Have a run go on where its record ends: paused, in need of attention, or waiting for its next try.

    Tables that are finished are not touched again; those that the source refused are tried once more.

    Raises:
        RunCannotResume: it ended for good, its rule changed since, its approval is void, or it is already going on.
    """
    owned_until = worker_until(run)
    locked = Run.objects.select_for_update(of=("self",)).select_related("rule").get(pk=run.pk)
    _check(locked)
    if owned_until is not None and owned_until > timezone.now():
        raise RunCannotResume(
            _("This run is already going on.")
            if locked.state in GOING_ON
            else _("The run is just coming to a halt. Resume it in a moment.")
        )
    if locked.state not in GOING_ON:
        never_began = locked.state == RunState.PAUSED and locked.started_at is None
        to = RunState.PENDING if never_began else RunState.RUNNING
        move(locked, to, problem="", problem_words="", waits_since=None)
        forget_refusals(locked)
    record(action="run.resumed", actor=actor, target=locked)
    bring_forward(str(locked.pk))
    return locked


def _check(run: Run) -> None:
    if run.state in FINAL:
        raise RunCannotResume(_("This run has ended. Start a new one."))
    if run.state == RunState.AWAITING:
        raise RunCannotResume(_("This run waits for a second officer. It starts when they approve it."))
    if run.kind == RunKind.ERASURE and not is_approved(run):
        raise RunCannotResume(_("The erasure is not approved any more. The case needs a new decision."))
    if run.kind in AGAIN and not is_replay_approved(run):
        raise RunCannotResume(_("A second officer has to approve this erasure first."))
    if run.kind == RunKind.RETENTION and run.rule_id is not None and rule_problem(run):
        raise RunCannotResume(_("The rule was changed or ended since. Start a new run of the rule."))
