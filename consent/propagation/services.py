"""Passing withdrawals on.

Danger: the person withdrew, we stopped, and the newsletter's sender goes on because nobody told them.
Rule: in the transaction of the withdrawal each recipient and each source that uses data for the purpose gets a task
with a last day by law. It ends by an officer who says how they were told, or by the person who agrees again first. A
consent that was over before it was recorded is no agreeing again.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.propagation.due import LastDay, day_to_stop_by
from consent.propagation.errors import HowMissing, TaskNotOpen
from consent.propagation.models import TaskState, WithdrawalTask
from privacy.datamap.models import Dataset, Field, Source, SourceKind
from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.models import Recipient
from privacy.register.selectors import local_midnight, profile
from privacy.tenants.db import connection

REMIND = "consent.withdrawals_due"
REMIND_AT = timedelta(hours=8)
LONGEST_HOW = 500

_TASKS = WithdrawalTask._meta.db_table
_RECORDS = "consent_consentrecord"
_STATES = "consent_currentconsent"

_OPEN = f"""
    INSERT INTO {_TASKS} (record_id, subject_id, purpose_id, recipient_id, source_id, state, due_on, rule, opened_at)
    SELECT r.id, r.subject_id, r.purpose_id, target.recipient_id, target.source_id, 'open', %(due_on)s, %(rule)s,
           %(now)s
      FROM {_RECORDS} r
      JOIN {_STATES} stands ON stands.record_id = r.id
      JOIN (SELECT link.purpose_id, recipient.id AS recipient_id, NULL::bigint AS source_id
              FROM {Recipient.purposes.through._meta.db_table} link
              JOIN {Recipient._meta.db_table} recipient ON recipient.id = link.recipient_id
             WHERE recipient.inactive_since IS NULL OR recipient.inactive_since > %(today)s
             UNION
            SELECT link.purpose_id, NULL, source.id
              FROM {Field.purposes.through._meta.db_table} link
              JOIN {Field._meta.db_table} field ON field.id = link.field_id
              JOIN {Dataset._meta.db_table} dataset ON dataset.id = field.dataset_id
              JOIN {Source._meta.db_table} source ON source.id = dataset.source_id
             WHERE source.is_active AND source.kind <> %(portal)s) target ON target.purpose_id = r.purpose_id
      LEFT JOIN LATERAL (SELECT count(*) > 0 AS ever, max(given.recorded_at) FILTER (
                                WHERE given.expires_at IS NULL OR given.expires_at > given.recorded_at) AS last
                           FROM {_RECORDS} given
                          WHERE given.subject_id = r.subject_id AND given.purpose_id = r.purpose_id
                            AND given.decision = 'given') agreed ON true
     WHERE r.id = ANY(%(records)s)
       AND (r.decision IN ('withdrawn', 'expired') OR r.decision = 'refused' AND agreed.ever)
       AND NOT EXISTS (SELECT FROM {_TASKS} task JOIN {_RECORDS} of ON of.id = task.record_id
                        WHERE task.subject_id = r.subject_id AND task.purpose_id = r.purpose_id
                          AND task.recipient_id IS NOT DISTINCT FROM target.recipient_id
                          AND task.source_id IS NOT DISTINCT FROM target.source_id
                          AND task.state <> 'overtaken'
                          AND (agreed.last IS NULL OR of.recorded_at > agreed.last))
        ON CONFLICT DO NOTHING"""  # noqa: S608

OVERTAKE = f"""
    UPDATE {_TASKS} SET state = 'overtaken', closed_at = clock_timestamp()
     WHERE state = 'open' AND subject_id = %s AND purpose_id = %s"""  # noqa: S608
"""Goes along with the record of a consent that is given and not over already, in its round trip."""

_OVERTAKE_MANY = f"""
    UPDATE {_TASKS} task SET state = 'overtaken', closed_at = clock_timestamp()
      FROM {_STATES} stands
     WHERE task.state = 'open' AND task.subject_id = stands.subject_id AND task.purpose_id = stands.purpose_id
       AND stands.decision = 'given' AND stands.record_id = ANY(%s)
       AND (stands.expires_at IS NULL OR stands.expires_at > stands.since)"""  # noqa: S608


def pass_on(*, records: Collection[UUID], actor: Actor) -> int:
    """Open a task for everybody who has to hear of these withdrawals. Call it in the transaction that wrote them.

    Nobody gets a second task who was told since the person last agreed. A refusal counts where consent was given. The
    end of a consent's time counts as a withdrawal: whoever used the data on it has to stop.

    Args:
        records: ids of consent records that were just written; those that do not stand, or give consent, open none.

    Returns:
        Number of tasks.
    """
    if not records:
        return 0
    organisation = profile()
    today = timezone.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    last = day_to_stop_by(today, organisation)
    opened = _open(records, last, today)
    if opened:
        data = {"tasks": opened, "due_on": last.due_on.isoformat(), "rule": last.rule}
        record(action="consent.withdrawal_to_pass_on", actor=actor, data=data)
        _remind_of(last.due_on)
    return opened


def overtake(*, records: Collection[UUID]) -> None:
    """Close what is open about people who agree again by these records, in the transaction that wrote them."""
    if records:
        with connection.cursor() as cursor:
            cursor.execute(_OVERTAKE_MANY, [list(records)])


@transaction.atomic
def mark_passed_on(*, tasks: Collection[int], how: str, officer: Officer) -> list[WithdrawalTask]:
    """Say that they were told, and how. What was closed meanwhile stays as it is.

    Args:
        tasks: ids.
        how: kept encrypted.

    Raises:
        HowMissing: nobody could tell later how it was done.
        TaskNotOpen: none of them is open any more.
    """
    how = " ".join(how.split())
    if not how or len(how) > LONGEST_HOW:
        raise HowMissing(_("Say how they were told, in %(n)d characters at most.") % {"n": LONGEST_HOW})
    locked = list(
        WithdrawalTask.objects.select_for_update(of=("self",)).filter(pk__in=tasks, state=TaskState.OPEN).order_by("pk")
    )
    if not locked:
        raise TaskNotOpen(_("It is closed already: somebody was faster, or the person agreed again."))
    for task in locked:
        task.state, task.closed_at, task.closed_by, task.how = TaskState.DONE, timezone.now(), officer, how
    WithdrawalTask.objects.bulk_update(locked, ["state", "closed_at", "closed_by", "how"], batch_size=500)
    data: dict[str, Any] = {"tasks": len(locked), "first": locked[0].pk, "last": locked[-1].pk}
    only = locked[0] if len(locked) == 1 else None
    record(action="consent.withdrawal_passed_on", actor=Actor.officer(officer), target=only, data=data)
    return locked


def _open(records: Collection[UUID], last: LastDay, today: date) -> int:
    named = {
        "records": list(records), "due_on": last.due_on, "rule": last.rule, "today": today, "now": timezone.now(),
        "portal": SourceKind.PORTAL,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, named)
        return cursor.rowcount


def _remind_of(due_on: date) -> None:
    """On the morning before the last day, and on the one after it: two jobs for each day, however many tasks it has."""
    for when, day in (("soon", due_on - timedelta(days=1)), ("late", due_on + timedelta(days=1))):
        enqueue(kind=REMIND, slot=f"{when}:{due_on}", due_at=local_midnight(day) + REMIND_AT)
