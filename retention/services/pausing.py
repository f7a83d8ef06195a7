"""Having a run rest until an officer lets it go on."""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from retention.enums import RunState
from retention.errors import RunCannotPause
from retention.models import Run
from retention.moves import move
from retention.transitions import GOING_ON


@transaction.atomic
def pause_run(*, run: Run, actor: Actor) -> Run:
    """Have a run rest: it ends the chunk it is at, begins no other, keeps its keys, and its worker lets go of it.

    Pausing again changes nothing.

    Raises:
        RunCannotPause: it has ended, or waits for an officer already.
    """
    locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.state == RunState.PAUSED:
        return locked
    if locked.state not in GOING_ON:
        raise RunCannotPause(_("Only a run that is queued, waits or is going on can be paused."))
    move(locked, RunState.PAUSED, problem="", problem_words="", waits_since=None)
    record(action="run.paused", actor=actor, target=locked)
    return locked
