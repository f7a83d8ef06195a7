"""That a person accepted a notice, recorded as what it is.

Danger: silence is made into consent. Rule: an acceptance is never a consent, and nothing that rests on consent looks at
it. Going on to use the service counts only of a notice that is in force, and of a significant change only when the
person was written to about it before, and the letter went out; whoever was not told has not accepted anything. A letter
about words or a day that were taken back told nobody of the notice.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.announcements.errors import AcceptanceRefused
from consent.announcements.models import AcceptedHow, NoticeAcceptance, NoticeTold
from consent.announcements.standing import announcements_of
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.register.models import Notice
from privacy.register.selectors import current_notice
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject


@dataclass(frozen=True)
class Accepted:
    """What a system of the organisation says happened.

    activity: what the person did, in words; kept encrypted. occurred_at: its own time of it.
    """

    kind: str
    identifier: str
    notice_version: str
    how: str
    activity: str = ""
    occurred_at: datetime | None = None


@transaction.atomic
def record_acceptance(*, accepted: Accepted, actor: Actor) -> tuple[NoticeAcceptance, bool]:
    """Record that a person accepted a notice; the second time the same answer, and nothing new.

    Returns:
        The acceptance, and whether it is new.

    Raises:
        AcceptanceRefused: there is no such notice, it was not in force then, nothing is said of what the person did, or
            they were not told of it.
    """
    notice = Notice.objects.filter(version=accepted.notice_version).first()
    if notice is None:
        raise AcceptanceRefused("notice_version", _("There is no notice of this version."))
    at = accepted.occurred_at or timezone.now()
    if notice.published_at is None or notice.published_at > at:
        raise AcceptanceRefused("notice_version", _("This notice was not in force at that time."))
    subject = find_or_add_subject(kind=accepted.kind, value=accepted.identifier)
    if accepted.how == AcceptedHow.CONTINUED_USE:
        if current_notice(notice.language, at=at) != notice:
            raise AcceptanceRefused("notice_version", _("Another version of the notice was in force at that time."))
        _check_use(notice, subject, accepted.activity, at)
    made, is_new = NoticeAcceptance.objects.get_or_create(
        notice=notice,
        subject=subject,
        how=accepted.how,
        defaults={
            "activity": accepted.activity.strip() or None, "occurred_at": accepted.occurred_at,
            "actor_kind": actor.kind, "actor_id": actor.id,
        },
    )  # fmt: skip
    if is_new:
        data = {"version": notice.version, "how": made.how}
        record(action="notice.accepted", actor=actor, target=made, data=data)
    return made, is_new


def _check_use(notice: Notice, subject: Subject, activity: str, at: datetime) -> None:
    if not activity.strip():
        raise AcceptanceRefused("activity", _("Say what the person did, for example that they signed in."))
    if not notice.is_significant:
        return
    addresses = subject.identifiers.filter(kind=IdentifierKind.EMAIL).values("index")
    told = NoticeTold.objects.filter(
        Q(subject=subject) | Q(address_index__in=addresses), announcement__in=announcements_of(notice)
    ).values("letter_id")
    if not Letter.objects.filter(pk__in=told, sent_at__lte=at).exists():
        raise AcceptanceRefused(
            "how",
            _("This person was not told of this significant change before: going on does not stand for accepting it."),
        )
