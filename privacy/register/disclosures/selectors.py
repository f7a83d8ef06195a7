"""Questions to the disclosure log. What was made void is never an answer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from privacy.law.catalogue import jurisdictions
from privacy.law.counting import add_months
from privacy.law.enums import Unit
from privacy.law.shapes import Span
from privacy.register.models import Disclosure, Recipient
from privacy.subjects.models import Subject


@dataclass(frozen=True)
class RecipientToNotify:
    """Somebody who got data that has been corrected since.

    Args:
        categories: the corrected kinds of data that they got.
        dates: when they got any of them, the newest first.
        disclosures: the entries behind it.
        is_secret: the person must not be told of some of it, so no letter to the person names this recipient for it.
    """

    recipient: Recipient
    categories: tuple[str, ...]
    dates: tuple[date, ...]
    disclosures: tuple[Disclosure, ...]
    is_secret: bool


def disclosures_of(subject: Subject, since: date | None = None) -> QuerySet[Disclosure]:
    """Every disclosure of the person's data, newest first, with recipient and purpose at hand.

    Args:
        since: the first day; all of them when absent.
    """
    found = Disclosure.objects.filter(subject=subject, voided__isnull=True).select_related("recipient", "purpose")
    return found.filter(disclosed_on__gte=since) if since is not None else found


def disclosures_to_tell(subject: Subject) -> QuerySet[Disclosure]:
    """Those the person is told of: without what a law forbids telling (PIPEDA s. 9(2.4))."""
    return disclosures_of(subject).filter(is_secret=False)


def recipients_to_notify(
    subject: Subject,
    categories: Collection[str],
    on: date,
    look_back: Span | None,
    purposes: Collection[str] | None = None,
) -> list[RecipientToNotify]:
    """Who got data of these kinds, and has to hear of its correction (BC PIPA s. 24(2); GDPR Art. 19).

    Args:
        categories: codes of the kinds of data that were corrected.
        on: the day of the correction.
        look_back: how far back the law looks, as `CorrectionNotice.look_back`; None looks at all of it.
        purposes: codes of purposes; only who got such data for one of them. None: for whatever purpose.

    Returns:
        One line for each recipient, in the order of their names.
    """
    wanted = frozenset(categories)
    by_recipient: dict[int, list[Disclosure]] = {}
    for row in disclosures_of(subject, since=first_day(on, look_back)).filter(disclosed_on__lte=on):
        if wanted.intersection(row.categories) and (purposes is None or row.purpose.code in purposes):
            by_recipient.setdefault(row.recipient_id, []).append(row)
    lines = [_line(rows, wanted) for rows in by_recipient.values()]
    return sorted(lines, key=lambda line: (line.recipient.name.casefold(), line.recipient.pk))


def longest_look_back(laws: Iterable[str]) -> Span | None:
    """How far back to look where several laws apply: as far as the one that looks farthest; None when one has no limit.

    Laws that say nothing about corrections are left out. Without any that does, None: nothing limits it.
    """
    codes = set(laws)
    notices = [each.correction_notice for each in jurisdictions() if each.code in codes and each.correction_notice]
    spans = [notice.look_back for notice in notices]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans) or not known:
        return None
    reference = date(2000, 1, 1)
    return min(known, key=lambda span: first_day(reference, span) or reference)


def first_day(on: date, look_back: Span | None) -> date | None:
    """The first day of the period before `on`; None without a limit.

    Raises:
        ValueError: the span is counted in business days, which no law does here.
    """
    if look_back is None:
        return None
    if look_back.unit is Unit.CALENDAR_MONTH:
        return add_months(on, -look_back.n)
    if look_back.unit is Unit.CALENDAR_DAY:
        return on - timedelta(days=look_back.n)
    raise ValueError("a look-back counts calendar days or months")


def _line(rows: list[Disclosure], wanted: frozenset[str]) -> RecipientToNotify:
    got = {code for row in rows for code in row.categories}
    return RecipientToNotify(
        recipient=rows[0].recipient,
        categories=tuple(sorted(got & wanted)),
        dates=tuple(sorted({row.disclosed_on for row in rows}, reverse=True)),
        disclosures=tuple(rows),
        is_secret=any(row.is_secret for row in rows),
    )
