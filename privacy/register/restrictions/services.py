"""Placing and lifting restrictions: the one door.

Danger: a system reads the changes while two are being written, takes the later number, and never sees the earlier one.
Rule: a number is taken under a lock that is held until the commit, so numbers follow each other as commits do.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.register.categories import DataCategory
from privacy.register.models import Purpose
from privacy.register.restrictions.enums import ChangeKind, RestrictionKind
from privacy.register.restrictions.errors import LiftRefused, PersonNotTold, RestrictionInvalid
from privacy.register.restrictions.listening import tell
from privacy.register.restrictions.models import Restriction, RestrictionChange
from privacy.register.selectors import local_date, profile
from privacy.subjects.models import Subject
from privacy.tenants.db import connection

END_JOB = "restrictions.end"


@transaction.atomic
def place_restriction(
    *,
    subject: Subject,
    kind: str,
    actor: Actor,
    purpose: Purpose | None = None,
    category: str = "",
    ground: str = "",
    case_id: UUID | None = None,
    since: datetime | None = None,
    until: date | None = None,
    told_on: date | None = None,
) -> Restriction:
    """Have a person's data left unused from now on. Placing the same again gives the one that is in force.

    Args:
        kind: a `RestrictionKind`.
        purpose: only for this purpose; or
        category: only data of this `DataCategory`; without both it is about everything.
        ground: code of the ground it was granted on (`GDPR.18.1.a`).
        case_id: the case by which the person asked.
        since: from when on, when that is earlier than now.
        until: its last day, where the end is known already; then the person must have been told of it.
        told_on: the day on which they were.

    Raises:
        RestrictionInvalid: it names both or an unknown scope, is about marketing without a purpose, begins in the
            future or ends in the past.
        PersonNotTold: it has a last day of which the person was not told (GDPR Art. 18(3)).
    """
    now = timezone.now()
    _check_scope(kind, purpose, category)
    end = _check_time(since=since, until=until, told_on=told_on, now=now)
    Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)
    same = Restriction.objects.filter(
        subject=subject, kind=kind, purpose=purpose, category=category, lifted_at__isnull=True
    ).first()
    if same is not None:
        return same
    placed = Restriction.objects.create(
        subject=subject, kind=kind, purpose=purpose, category=category, ground=ground, case_id=case_id,
        in_force_from=since or now, in_force_until=end, told_on=told_on if end else None,
        placed_by_kind=actor.kind, placed_by_id=actor.id,
    )  # fmt: skip
    _write_change(placed, ChangeKind.PLACED, now)
    record(action="restriction.placed", actor=actor, target=placed, data=_ledger_data(placed))
    if end is not None:
        enqueue(kind=END_JOB, slot=str(placed.pk), due_at=end)
    tell(placed)
    return placed


@transaction.atomic
def set_last_day(*, restriction: Restriction, until: date, told_on: date, actor: Actor) -> Restriction:
    """Have a restriction end by itself after a day of which its person was told.

    Args:
        until: its last day.
        told_on: the day on which they were told, today at the latest.

    Raises:
        LiftRefused: it is lifted already, or ends by itself already.
        RestrictionInvalid: the day is over.
        PersonNotTold: nobody told them (GDPR Art. 18(3)).
    """
    locked = Restriction.objects.select_for_update(of=("self",)).get(pk=restriction.pk)
    if locked.lifted_at is not None or locked.in_force_until is not None:
        raise LiftRefused(_("It is lifted already, or has a last day already."))
    end = _check_time(since=None, until=until, told_on=told_on, now=timezone.now())
    locked.in_force_until, locked.told_on = end, told_on
    locked.save(update_fields=["in_force_until", "told_on"])
    data = _ledger_data(locked) | {"told_on": told_on.isoformat(), "until": until.isoformat()}
    record(action="restriction.end_set", actor=actor, target=locked, data=data)
    enqueue(kind=END_JOB, slot=str(locked.pk), due_at=end)
    return locked


@transaction.atomic
def lift_restriction(*, restriction: Restriction, reason: str, told_on: date | None, actor: Actor) -> Restriction:
    """Let the data be used again. Lifting again changes nothing.

    Args:
        reason: why; kept encrypted.
        told_on: the day on which the person was told that it would be lifted, today at the latest.

    Raises:
        PersonNotTold: nobody told them (GDPR Art. 18(3)); for objections we hold ourselves to the same.
        LiftRefused: there is no reason.
    """
    if told_on is None or told_on > local_date(timezone.now()):
        raise PersonNotTold
    if not reason.strip():
        raise LiftRefused(_("Say why it is lifted; the reason is kept with it."))
    return _lift(restriction, reason=reason, told_on=told_on, actor=actor)


@transaction.atomic
def lift_by_the_person(*, restriction: Restriction, actor: Actor) -> Restriction:
    """Lift an objection because the person agrees again to what they objected to. Who acts was told.

    Raises:
        LiftRefused: it is not theirs to lift in this way: not of one purpose, a restriction, or somebody else's.
    """
    own = actor == Actor.subject(restriction.subject)
    if not own or not can_be_lifted_by_consent(restriction):
        raise LiftRefused(_("This is lifted by the Privacy Officer, who tells the person first."))
    reason = _("The person agreed to it again.")
    return _lift(restriction, reason=reason, told_on=local_date(timezone.now()), actor=actor)


def can_be_lifted_by_consent(restriction: Restriction) -> bool:
    """Whether agreeing to its purpose takes it back. What reaches further than one purpose is not taken back by it."""
    return restriction.purpose_id is not None and restriction.kind != RestrictionKind.RESTRICTION


@transaction.atomic
def end_restriction(*, restriction_id: UUID) -> None:
    """Lift a restriction whose last day is over; does nothing before."""
    found = Restriction.objects.get(pk=restriction_id)
    end = found.in_force_until
    if end is not None and found.told_on is not None and end <= timezone.now():
        _lift(found, reason=_("Its last day is over."), told_on=found.told_on, actor=SYSTEM)


def _lift(restriction: Restriction, *, reason: str, told_on: date, actor: Actor) -> Restriction:
    now = timezone.now()
    Subject.objects.select_for_update(no_key=True).get(pk=restriction.subject_id)
    locked = Restriction.objects.select_for_update(of=("self",)).get(pk=restriction.pk)
    if locked.lifted_at is not None:
        return locked
    locked.lifted_at, locked.lift_reason, locked.told_on = now, reason, told_on
    locked.lifted_by_kind, locked.lifted_by_id = actor.kind, actor.id
    locked.save(update_fields=["lifted_at", "lift_reason", "told_on", "lifted_by_kind", "lifted_by_id"])
    _write_change(locked, ChangeKind.LIFTED, now)
    data = _ledger_data(locked) | {"told_on": told_on.isoformat()}
    record(action="restriction.lifted", actor=actor, target=locked, data=data)
    tell(locked)
    return locked


def _write_change(restriction: Restriction, what: ChangeKind, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('restrictions.changes'))")
    RestrictionChange.objects.create(restriction=restriction, what=what, changed_at=now)


def _ledger_data(restriction: Restriction) -> dict[str, object]:
    return {
        "kind": str(restriction.kind),
        "subject": str(restriction.subject_id),
        "purpose": restriction.purpose.code if restriction.purpose else "",
        "category": str(restriction.category),
        "ground": restriction.ground,
        "case": str(restriction.case_id or ""),
    }


def _check_scope(kind: str, purpose: Purpose | None, category: str) -> None:
    if kind not in RestrictionKind.values:
        raise RestrictionInvalid(_("This kind of restriction is not known."))
    if purpose is not None and category:
        raise RestrictionInvalid(_("Name either a purpose or a kind of data; for both place two restrictions."))
    if category and category not in set(DataCategory.values) - {DataCategory.UNCLASSIFIED}:
        raise RestrictionInvalid(_("This kind of data is not known."))
    if kind == RestrictionKind.MARKETING and purpose is None:
        raise RestrictionInvalid(_("Name the purpose that is marketing; for several place one objection for each."))


def _check_time(*, since: datetime | None, until: date | None, told_on: date | None, now: datetime) -> datetime | None:
    """The moment at which the last day is over; None without one."""
    if since is not None and since > now:
        raise RestrictionInvalid(_("A restriction holds from now on or from an earlier moment."))
    if until is None:
        return None
    today = local_date(now)
    if until < today:
        raise RestrictionInvalid(_("Its last day is over already; give a later one, or none."))
    if told_on is None or told_on > today:
        raise PersonNotTold
    return datetime.combine(until + timedelta(days=1), time.min, ZoneInfo(profile().time_zone))
