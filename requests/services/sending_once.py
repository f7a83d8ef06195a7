"""A page that is sent twice does what it was sent for once.

Danger: a second press, a second window or the back button writes a second letter or opens a second case.
Rule: each page gets a number when it is shown. The number is kept in the transaction that does the work, so there is
no work without it and no number without work; who sends the same number again is shown what came of it. Words that
were changed since are no second press: they are neither done nor lost, but shown again under a new number.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict

from privacy.ledger.sealed import keyed_digest
from privacy.tenants import sent_pages
from privacy.tenants.sent_pages import Page, page_number, wait_for_the_first
from requests.errors import PageSentBefore
from requests.models import SentPage, SubjectRequest


@dataclass(frozen=True)
class Done:
    """The case that the work was for; `before`: it was done when the page was sent the first time, and not again."""

    case: SubjectRequest
    before: bool


def send_once(*, typed: QueryDict, work: Callable[[], SubjectRequest]) -> Done:
    """Do the work of a page, unless it was sent before.

    Args:
        typed: what was sent, with the number of the page; without a number it is work like any other.
        work: does it, and returns the case it was for; what it raises undoes the number as well.

    Raises:
        PageSentBefore: the page was sent before with other words.
    """
    number = page_number(typed)
    if number is None:
        return Done(work(), before=False)
    with transaction.atomic():
        wait_for_the_first(number)
        sent = SentPage.objects.select_related("case").filter(number=number).first()
        if sent is not None:
            if bytes(sent.content_digest) != _digest(typed):
                raise PageSentBefore
            return Done(sent.case, before=True)
        case = work()
        SentPage.objects.create(case=case, number=number, content_digest=_digest(typed))
        return Done(case, before=False)


def was_sent_before(typed: QueryDict) -> bool:
    """Whether this page was sent, with these words; to be asked before it is said that the case has moved on."""
    number = page_number(typed)
    sent = SentPage.objects.filter(number=number).first() if number is not None else None
    return sent is not None and bytes(sent.content_digest) == _digest(typed)


def number_to_show(typed: QueryDict) -> uuid.UUID:
    """A new one; a page that is shown again because of what was typed on it keeps its own, unless that was used."""
    return sent_pages.number_to_show(typed, is_used=lambda number: SentPage.objects.filter(number=number).exists())


def _digest(typed: QueryDict) -> bytes:
    """Of what was typed, keyed, so that nobody finds the words by trying."""
    return keyed_digest(
        b"request.page", *(part.encode(errors="replace") for pair in Page.of(typed).said for part in pair)
    )
