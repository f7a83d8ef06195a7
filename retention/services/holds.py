"""Placing and releasing holds."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.models import Dataset
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.subjects.models import Subject
from retention.errors import HoldInvalid
from retention.models import Hold
from retention.waking import wake_waiting_runs


@transaction.atomic
def place_hold(
    *,
    kind: str,
    matter: str,
    actor: Actor,
    subject: Subject | None = None,
    dataset: Dataset | None = None,
    case_id: uuid.UUID | None = None,
    review_on: dt.date | None = None,
) -> Hold:
    """Have data left as it is until the hold is released. A case has one hold in force; asking again gives the same.

    Args:
        kind: a `HoldKind`.
        matter: what it is about, for officers; it is not written to the ledger.
        subject: whose data; or
        dataset: which dataset as a whole, for everybody.
        case_id: the case that places it; it does not stop that case's own erasure.

    Raises:
        HoldInvalid: it names neither a person nor a dataset, or both.
    """
    if (subject is None) == (dataset is None):
        raise HoldInvalid(_("A hold names either a person or a dataset."))
    if case_id is not None:
        known = Hold.objects.filter(case_id=case_id, released_at__isnull=True).first()
        if known is not None:
            return known
    hold = Hold.objects.create(
        kind=kind, matter=matter, subject=subject, dataset=dataset, case_id=case_id, review_on=review_on
    )
    data = {
        "kind": kind,
        "subject": str(subject.pk) if subject else "",
        "dataset": dataset.pk if dataset else None,
        "case": str(case_id or ""),
    }
    record(action="hold.placed", actor=actor, target=hold, data=data)
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, actor: Actor) -> Hold:
    """Let the data go its way again: what waited for the hold goes on by itself. Releasing again changes nothing."""
    locked = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if locked.released_at is None:
        locked.released_at = timezone.now()
        locked.save(update_fields=["released_at"])
        waiting = wake_waiting_runs()
        record(action="hold.released", actor=actor, target=locked, data={"kind": locked.kind, "runs_woken": waiting})
    hold.released_at = locked.released_at
    return locked
