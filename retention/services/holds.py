"""Placing holds, and releasing the locks of requests. Legal holds are released in `releasing`, by two officers.

Danger: what a hold kept is deleted the moment somebody ends it by mistake. Rule: no hold ends without `GRACE`, in which
its data is left alone and a new hold saves it; then suspended runs go on by themselves. The one exception is the lock
of a request of somebody who wants to be erased: two officers have approved just that, and no other run may have the
data, for the lock of the erasure itself is in force.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.models import DataCategory, Dataset
from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.selectors import local_date, profile
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.db import connection
from retention.enums import HoldKind
from retention.errors import HoldInvalid, ReleaseRefused
from retention.models import Hold

REVIEW_JOB = "retention.review_hold"
WAKE_JOB = "retention.wake_runs"
GRACE = dt.timedelta(days=1)


@transaction.atomic
def place_hold(
    *,
    kind: str,
    matter: str,
    actor: Actor,
    subject: Subject | None = None,
    dataset: Dataset | None = None,
    category: str = "",
    case_id: uuid.UUID | None = None,
    restriction_id: uuid.UUID | None = None,
    review_on: dt.date | None = None,
) -> Hold:
    """Have data left as it is until the hold is released. A case, and a restriction, has one hold in force, and so has
    a matter for the same data and review; asking again gives the same.

    Args:
        kind: a `HoldKind`.
        matter: what it is about, for officers; encrypted, and not written to the ledger.
        subject: whose data; or
        dataset: which dataset as a whole, for everybody; or
        category: a `DataCategory`: every dataset with fields of it, for everybody.
        case_id: the case that places it; it does not stop that case's own erasure.
        restriction_id: the restriction that it follows; it does not stop an erasure that the person asks for.
        review_on: when the officers are reminded to look whether it is still needed. It never releases by itself.

    Raises:
        HoldInvalid: it does not name exactly one person, dataset or category, or its review lies in the past.
    """
    if sum((subject is not None, dataset is not None, bool(category))) != 1:
        raise HoldInvalid(_("A hold names either a person, a dataset or a data category."))
    if category and category not in DataCategory.values:
        raise HoldInvalid(_("This data category is not known."))
    if review_on is not None and review_on < local_date(timezone.now()):
        raise HoldInvalid(review_in_the_past())
    for of in ({"case_id": case_id}, {"restriction_id": restriction_id}):
        known = Hold.objects.filter(**of, released_at__isnull=True).first() if any(of.values()) else None
        if known is not None:
            return known
    if kind == HoldKind.LEGAL and (equal := _equal(matter, subject, dataset, category, review_on)) is not None:
        return equal
    hold = Hold.objects.create(
        kind=kind, matter=matter, subject=subject, dataset=dataset, category=category, case_id=case_id,
        restriction_id=restriction_id, review_on=review_on,
    )  # fmt: skip
    data = {
        "kind": kind,
        "subject": str(subject.pk) if subject else "",
        "dataset": dataset.pk if dataset else None,
        "category": category,
        "case": str(case_id or ""),
        "restriction": str(restriction_id or ""),
    }
    record(action="hold.placed", actor=actor, target=hold, data=data)
    ask_for_review(hold)
    return hold


def _equal(
    matter: str, subject: Subject | None, dataset: Dataset | None, category: str, review_on: dt.date | None
) -> Hold | None:
    """The legal hold that says the same already: somebody pressed twice, and would have to release twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('retention.legal_holds'))")
    alike = Hold.objects.filter(
        kind=HoldKind.LEGAL, subject=subject, dataset=dataset, category=category, review_on=review_on,
        released_at__isnull=True, release_asked_at__isnull=True,
    )  # fmt: skip
    return next((each for each in alike if each.matter == matter), None)


@transaction.atomic
def hold_people(
    *, known_by: Iterable[tuple[str, str]], matter: str, actor: Actor, review_on: dt.date | None = None
) -> list[Hold]:
    """Place a legal hold on everybody whom these identifiers name, one for each person; at least one.

    Identifiers that the portal does not know as one person's are not made one person's here: whoever asks for their
    data by one of them would get what belongs to the other.

    Args:
        known_by: kind and value of each, as typed.

    Raises:
        IdentifierInvalid: one of them is no identifier of its kind.
        HoldInvalid: there are none, or the review lies in the past.
    """
    region = profile().country
    found = [find_or_add_subject(kind=kind, value=value, region=region) for kind, value in known_by]
    people = list(dict.fromkeys(found))
    if not people:
        raise HoldInvalid(_("A hold names either a person, a dataset or a data category."))
    return [
        place_hold(kind=HoldKind.LEGAL, matter=matter, subject=person, review_on=review_on, actor=actor)
        for person in people
    ]


def review_in_the_past() -> str:
    """What is said of a day on which nobody can be reminded any more."""
    return _("This day is over. Enter today or a later day, or leave the review empty.")


def ask_for_review(hold: Hold) -> None:
    """Have the officers reminded when the review date of a hold begins where the organisation is."""
    if hold.review_on is not None:
        moment = dt.datetime.combine(hold.review_on, dt.time.min, ZoneInfo(profile().time_zone))
        enqueue(kind=REVIEW_JOB, slot=f"{hold.pk}/{hold.review_on.isoformat()}", due_at=moment)


@transaction.atomic
def release_hold(*, hold: Hold, actor: Actor) -> Hold:
    """Let the data of a request go its way again, `GRACE` later. Releasing again changes nothing.

    Raises:
        ReleaseRefused: it is a legal hold, or follows a restriction.
    """
    if hold.kind == HoldKind.LEGAL:
        raise ReleaseRefused(_("A legal hold is released by two officers: one asks for it, another approves."))
    if hold.kind == HoldKind.RESTRICTION:
        raise ReleaseRefused(_("This hold ends with the restriction: tell the person, then lift the restriction."))
    return end_hold(hold=hold, actor=actor)


@transaction.atomic
def end_hold(*, hold: Hold, actor: Actor) -> Hold:
    """End a hold whose release is allowed. A job wakes what waits when the grace is over."""
    locked = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if locked.released_at is None:
        locked.released_at = timezone.now()
        locked.spared_until = locked.released_at + GRACE
        locked.save(update_fields=["released_at", "spared_until"])
        data: dict[str, object] = {"kind": locked.kind, "spared_until": locked.spared_until.isoformat()}
        enqueue(kind=WAKE_JOB, slot=str(locked.pk), due_at=locked.spared_until)
        record(action="hold.released", actor=actor, target=locked, data=data)
    hold.released_at, hold.spared_until = locked.released_at, locked.spared_until
    return locked


@transaction.atomic
def let_hold_go(*, hold: Hold, actor: Actor) -> Hold:
    """End the lock of a request, or what is left of its grace, for an erasure that the same person asks for.

    Raises:
        ReleaseRefused: it is not the lock of a request.
    """
    locked = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if locked.kind != HoldKind.OPEN_REQUEST:
        raise ReleaseRefused(_("Only the lock of a request goes without a day of grace."))
    now = timezone.now()
    if locked.spared_until is None or locked.spared_until > now:
        locked.released_at, locked.spared_until = locked.released_at or now, now
        locked.save(update_fields=["released_at", "spared_until"])
        enqueue(kind=WAKE_JOB, slot=f"{locked.pk}/now", due_at=now)
        record(action="hold.let_go", actor=actor, target=locked, data={"kind": locked.kind})
    return locked
