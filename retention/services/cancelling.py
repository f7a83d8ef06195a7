"""Calling a run off."""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from retention.errors import RunCannotCancel
from retention.models import Run
from retention.stopping import stop
from retention.transitions import FINAL


@transaction.atomic
def cancel_run(*, run: Run, actor: Actor) -> Run:
    """End a run for good. It ends the chunk it is at; what was changed until then stays changed and in its record.

    The approval of a cancelled erasure is void: its case, which is told, has the data looked for and decided anew.

    Raises:
        RunCannotCancel: it has ended already.
    """
    locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.state in FINAL:
        raise RunCannotCancel(_("This run has ended already; there is nothing to cancel."))
    stop(locked, problem="cancelled", actor=actor)
    return locked
