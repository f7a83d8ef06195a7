"""Having a run go on after somebody put right what was wrong."""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.jobs.models import Job, JobState
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.tenants.db import connection
from retention.approval import is_approved
from retention.enums import RunKind, RunState
from retention.errors import RunCannotResume
from retention.models import Run
from retention.moves import move
from retention.rule_plan import definition_of
from retention.services.replays import is_replay_approved
from retention.transitions import FINAL
from retention.waking import RUN_JOB, bring_forward


@transaction.atomic
def resume_run(*, run: Run, actor: Actor) -> Run:
    """Have a run go on where its record ends.

    Raises:
        RunCannotResume: it ended for good, its rule changed since, its approval is void, or it is already going on.
    """
    locked = Run.objects.select_for_update(of=("self",)).select_related("rule").get(pk=run.pk)
    _check(locked)
    if locked.state == RunState.ATTENTION:
        move(locked, RunState.RUNNING, problem="", problem_words="")
    record(action="run.resumed", actor=actor, target=locked)
    bring_forward(str(locked.pk))
    return locked


def _check(run: Run) -> None:
    if run.state in FINAL:
        raise RunCannotResume(_("This run has ended. Start a new one."))
    if run.state == RunState.RUNNING and _is_working(run):
        raise RunCannotResume(_("This run is already going on."))
    if run.kind == RunKind.ERASURE and not is_approved(run):
        raise RunCannotResume(_("The erasure is not approved any more. The case needs a new decision."))
    if run.kind == RunKind.REPLAY and not is_replay_approved(run):
        raise RunCannotResume(_("A second officer has to approve this erasure first."))
    if run.kind == RunKind.RETENTION and run.rule is not None:
        same = run.rule.version == run.rule_version and definition_of(run.rule) == run.plan["rule"]
        if not run.rule.is_active or not same:
            raise RunCannotResume(_("The rule was changed or switched off since. Start a new run of the rule."))


def _is_working(run: Run) -> bool:
    return Job.objects.filter(
        schema_name=connection.schema_name, kind=RUN_JOB, slot=str(run.pk), state=JobState.RUNNING
    ).exists()
