"""Telling those to whom data was disclosed what became of it: found in the disclosure log, written to, and tracked.

GDPR art. 19; BC PIPA s. 24(2); Act 843 ss. 33(4), 44(4); PIPEDA 4.9.5 and 4.9.6.

Danger: somebody goes on using what was corrected or erased, because nobody thought of them.
Rule: one row for each recipient whom the log names within the look-back of the laws of the case. It stays open until
its letter was sent, or an officer wrote down how they were told or why they need not be.

Danger: telling them makes a disclosure of its own, of data that they never got.
Rule: each hears of the changes in the kinds of data that they got, and of the person by what they know them by.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.models import LetterState
from privacy.officers.models import Officer
from privacy.register.categories import DISCLOSABLE, DataCategory
from privacy.register.disclosures.selectors import (
    RecipientToNotify,
    disclosures_of,
    longest_look_back,
    recipients_to_notify,
)
from privacy.register.models import Recipient
from privacy.register.restrictions.models import Restriction
from privacy.register.selectors import language_for, local_date
from privacy.subjects.identifiers import IdentifierKind
from requests.clocks import laws_of
from requests.errors import ChangeInvalid, WrongState
from requests.letters import write_recipient_notice
from requests.models import Correction, NoticeChange, RecipientNotice, SubjectRequest
from requests.purposes import purpose_titles
from requests.services.correcting import wanted_words
from requests.services.moves import check_may_handle

_CATEGORY_OF: dict[str, DataCategory] = {
    IdentifierKind.EMAIL: DataCategory.CONTACT,
    IdentifierKind.PHONE: DataCategory.CONTACT,
    IdentifierKind.CUSTOMER_ID: DataCategory.IDENTITY,
}
"""Of which kind of data an identifier is: who got such data may be told it."""


def tell_recipients(
    *,
    case: SubjectRequest,
    change: NoticeChange,
    actor: Actor,
    corrections: Sequence[Correction] | None = None,
    kinds: Collection[str] | None = None,
    in_part: Collection[str] = (),
    purposes: Collection[str] | None = None,
) -> list[RecipientNotice]:
    """Write to everybody who got such data, in the transaction that closes the case; the same again does nothing.

    Args:
        corrections: what was corrected, or is disputed; each is told to those who got data of its category. None where
            all of the data changed in the same way.
        kinds: codes of the kinds of data that changed, where no corrections say it; all of them when absent.
        in_part: those of them of which a part did not change.
        purposes: codes of those that the change is limited to; it is told to those who got data for one of them, and
            names those alone for which they did.
    """
    today = local_date(timezone.now())
    if corrections is not None:
        kinds = {each.category for each in corrections}
    elif kinds is None:
        kinds = [each.value for each in DISCLOSABLE]
    found = recipients_to_notify(case.subject, kinds, today, longest_look_back(laws_of(case.deadlines)), purposes)
    notices = []
    for line in found:
        notice, is_new = RecipientNotice.objects.get_or_create(
            case=case, recipient=line.recipient, change=change,
            defaults={
                "categories": list(line.categories), "disclosed_on": line.dates[0], "is_secret": line.is_secret,
                "purposes": _purposes(line, purposes),
            },
        )  # fmt: skip
        if is_new:
            _write(
                notice, actor, [each for each in corrections or () if each.category in line.categories],
                [code for code in line.categories if code in in_part],
            )  # fmt: skip
        notices.append(notice)
    return notices


def tell_of_an_end(
    *, notice: RecipientNotice, restriction: Restriction, purposes: Sequence[str], still: Sequence[str], actor: Actor
) -> RecipientNotice:
    """Write to somebody who was told of a restriction that it has ended; the same again does nothing.

    Args:
        notice: by which they were told.
        purposes: codes of what it was about; empty where it was about everything.
        still: titles of purposes for which another restriction holds.
    """
    told, is_new = RecipientNotice.objects.get_or_create(
        case=notice.case, recipient=notice.recipient, change=NoticeChange.ENDED, restriction_id=restriction.pk,
        defaults={
            "categories": notice.categories, "disclosed_on": notice.disclosed_on, "is_secret": notice.is_secret,
            "purposes": list(purposes),
        },
    )  # fmt: skip
    if is_new:
        _write(told, actor, (), still=still)
    return told


def told_changes(corrections: Sequence[Correction]) -> list[dict[str, str]]:
    """What was corrected, as the letters to the person and to recipients say it."""
    return [{"what": each.label, "old": each.old or "", "new": each.new or ""} for each in corrections]


def open_notices(case: SubjectRequest) -> QuerySet[RecipientNotice]:
    """Recipients who were not told yet, as far as we know."""
    notices = RecipientNotice.objects.filter(case=case, told_at__isnull=True)
    return notices.filter(Q(letter__isnull=True) | ~Q(letter__state=LetterState.SENT))


@transaction.atomic
def note_told(*, notice: RecipientNotice, officer: Officer, how: str) -> RecipientNotice:
    """Write down how a recipient was told without our letter, or why it is impossible or out of proportion.

    Raises:
        NotAllowed: the case is not this officer's.
        ChangeInvalid: no words.
        WrongState: it was written down already.
    """
    notice = RecipientNotice.objects.select_for_update(of=("self",)).select_related("case").get(pk=notice.pk)
    check_may_handle(officer, notice.case)
    if not how.strip():
        raise ChangeInvalid(_("Say how they were told, or why they need not be."))
    if notice.told_at is not None:
        raise WrongState(_("told"))
    notice.told_at, notice.told_by, notice.told_how = timezone.now(), officer, how.strip()
    notice.save(update_fields=["told_at", "told_by", "told_how"])
    data = {"recipient": notice.recipient_id, "change": notice.change}
    record(action="subject_request.recipient_told", actor=Actor.officer(officer), target=notice.case, data=data)
    return notice


def _write(
    notice: RecipientNotice,
    actor: Actor,
    corrections: Sequence[Correction],
    in_part: Sequence[str] = (),
    still: Sequence[str] = (),
) -> None:
    case, recipient = notice.case, notice.recipient
    data = {"recipient": recipient.pk, "change": notice.change, "by_letter": bool(recipient.notice_email)}
    record(action="subject_request.recipient_to_tell", actor=actor, target=case, data=data)
    if not recipient.notice_email:
        return
    language = language_for(recipient)
    with translation.override(language):
        categories = _labels(notice.categories)
        parted = _labels(in_part)
        words = _words(notice.change, corrections)
    notice.letter = write_recipient_notice(
        case=case, name=recipient.name, address=recipient.notice_email, actor=actor, language=language,
        person=_known_as(case, recipient), change=notice.change, disclosed_on=notice.disclosed_on,
        categories=categories, in_part=parted,
        purposes=purpose_titles(notice.purposes), still=list(still), **words,
    )  # fmt: skip
    notice.save(update_fields=["letter"])


def _purposes(line: RecipientToNotify, limited_to: Collection[str] | None) -> list[str]:
    got = {row.purpose.code for row in line.disclosures}
    return sorted(got.intersection(limited_to)) if limited_to is not None else []


def _labels(categories: Iterable[str]) -> list[str]:
    return [str(DataCategory(each).label) for each in categories]


def _words(change: str, corrections: Sequence[Correction]) -> dict[str, Any]:
    if change == NoticeChange.CORRECTED:
        return {"changes": told_changes(corrections)}
    if change == NoticeChange.DISPUTED:
        return {"statement": "\n".join(wanted_words(each) for each in corrections)}
    return {}


def _known_as(case: SubjectRequest, recipient: Recipient) -> list[str]:
    """By what this recipient knows the person: what they got of it, whenever that was.

    Who got nothing that names the person is told one identifier and no more, the customer number where there is one:
    it says least to whoever does not know it already.
    """
    got = {code for row in disclosures_of(case.subject).filter(recipient=recipient) for code in row.categories}
    identifiers = list(case.subject.identifiers.order_by("pk"))
    name = case.subject.name or case.name
    known = [name] if name and DataCategory.IDENTITY in got else []
    known += [each.value for each in identifiers if _CATEGORY_OF[each.kind] in got]
    if known:
        return known
    by_number = sorted(identifiers, key=lambda each: each.kind != IdentifierKind.CUSTOMER_ID)
    return [each for each in (*(each.value for each in by_number), name) if each][:1]
