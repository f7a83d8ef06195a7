"""Consents that are valid for some days only: asking again before the end, and writing the end down.

Danger: data is used after the consent to it ran out, because a job was late; or people are asked every day.
Rule: every answer looks at the date itself (`CurrentConsent.standing`), so the job only writes down what holds already.
Each end and each letter is a transaction of its own in which the person is locked and the state read again; that the
letter was written is kept with the state, so that nobody is asked twice about one consent.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils import timezone

from consent.models import CurrentConsent, Decision
from consent.selectors import asked_from
from consent.services.capture import lock, write
from consent.terms import Terms
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.letters.addresses import portal_url
from privacy.letters.services import write_letter
from privacy.register.models import LawfulBasis
from privacy.register.restrictions.selectors import in_force_for
from privacy.register.selectors import local_date, profile
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import identifier_of

EXPIRY_JOB = "consent.expiry"
AT_ONCE = 200


def expire_slice(*, now: datetime | None = None) -> bool:
    """Write down the end of consents that ran out, a slice of them. Returns whether more may be left."""
    moment = now or timezone.now()
    due = CurrentConsent.objects.filter(decision=Decision.GIVEN, expires_at__lte=moment).order_by("expires_at")
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        _expire(key, moment)
    return len(keys) == AT_ONCE


def ask_again_slice(*, now: datetime | None = None) -> bool:
    """Write to people whose consent ends soon, a slice of them. Returns whether more may be left."""
    moment = now or timezone.now()
    keys = list(_to_ask(moment).order_by("expires_at").values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        _ask_again(key, moment)
    return len(keys) == AT_ONCE


def _to_ask(moment: datetime) -> QuerySet[CurrentConsent]:
    """Those of whom `asked_from` has come, and who were not asked."""
    last_third = ExpressionWrapper((F("expires_at") - F("since")) / Value(3), output_field=DurationField())
    return CurrentConsent.objects.annotate(last_third=last_third).filter(
        Q(expires_at__gt=moment)
        & Q(expires_at__lte=moment + timedelta(days=settings.CONSENT_ASKED_AGAIN_DAYS))
        & Q(expires_at__lte=Value(moment) + F("last_third")),
        decision=Decision.GIVEN,
        asked_again_at__isnull=True,
        purpose__lawful_basis=LawfulBasis.CONSENT,
        purpose__is_prohibited=False,
    )


def _locked(key: int) -> CurrentConsent | None:
    """The state as it is once the person is locked; None when it is gone."""
    rows = CurrentConsent.objects.select_related("subject", "purpose", "record__wording", "record__notice")
    found = rows.filter(pk=key).first()
    if found is None:
        return None
    lock(found.subject)
    return rows.filter(pk=key).first()


@transaction.atomic
def _expire(key: int, moment: datetime) -> None:
    current = _locked(key)
    if current is None or current.decision == Decision.EXPIRED or current.standing(moment) != Decision.EXPIRED:
        return
    agreed = current.record
    write(
        subject=current.subject,
        terms=Terms(current.purpose, agreed.wording, agreed.notice),
        decision=Decision.EXPIRED,
        method=agreed.method,
        language=agreed.language,
        actor=SYSTEM,
    )


@transaction.atomic
def _ask_again(key: int, moment: datetime) -> None:
    current = _locked(key)
    if current is None or current.asked_again_at is not None or current.standing(moment) != Decision.GIVEN:
        return
    begins = asked_from(current)
    if begins is None or begins > moment:
        return
    CurrentConsent.objects.filter(pk=key).update(asked_again_at=moment)
    if _is_restricted(current):
        return
    written = _write_letter(current)
    data = {"purpose": current.purpose.code, "written": written}
    record(action="consent.asked_again", actor=SYSTEM, target=current.record, data=data)


def _is_restricted(current: CurrentConsent) -> bool:
    """Whether the person objected or had it restricted: then they are not asked to agree."""
    return any(each.reaches(current.purpose) for each in in_force_for(current.subject))


def _write_letter(current: CurrentConsent) -> bool:
    """Whether there was an address to write to."""
    address = identifier_of(current.subject, IdentifierKind.EMAIL)
    if address is None or current.expires_at is None:
        return False
    wording = current.record.wording
    write_letter(
        kind="consent_ending",
        subject=current.subject,
        address=address,
        context={
            "organisation": profile(),
            "purpose": current.purpose,
            "method": current.record.method,
            "given_on": local_date(min(current.record.occurred_at or current.since, current.since)),
            "ends_on": local_date(current.expires_at),
            "words": wording.text if wording else current.purpose.description,
            "preferences_url": portal_url("/preferences/"),
        },
        actor=SYSTEM,
        language=current.record.language,
        unsubscribe_from=current.purpose.code,
    )
    return True
