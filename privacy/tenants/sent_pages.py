"""The number that a page is shown with, by which one that is sent twice is known.

Who does the work of a page keeps its number in the transaction that does it; see `requests.services.sending_once` and
`consent.services.by_officer`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from privacy.tenants.typed import AS_SHOWN

PAGE_FIELD = "page"
SENT_BEFORE = _(
    "You have sent this page before, with other words, and that was done. What you see now was not sent. "
    "Send it only if you mean both."
)
_NOT_CONTENT = frozenset({PAGE_FIELD, AS_SHOWN, "csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Page:
    """A page that was sent.

    Args:
        number: with which it was shown; None when what was sent has none.
        said: what was typed on it, field by field.
    """

    number: uuid.UUID | None
    said: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, typed: QueryDict) -> "Page":
        """The page that these fields came from."""
        said = ((name, value) for name in typed if name not in _NOT_CONTENT for value in typed.getlist(name))
        return cls(page_number(typed), tuple(sorted(said)))


def page_number(typed: QueryDict) -> uuid.UUID | None:
    """The number with which the page was shown; None when what was sent has none."""
    try:
        return uuid.UUID(typed.get(PAGE_FIELD, ""))
    except ValueError:
        return None


def number_to_show(typed: QueryDict, *, is_used: Callable[[uuid.UUID], bool]) -> uuid.UUID:
    """A new one; a page that is shown again because of what was typed on it keeps its own, unless that was used."""
    number = page_number(typed)
    return uuid.uuid4() if number is None or is_used(number) else number


def hidden_field(number: uuid.UUID) -> SafeString:
    """The field that brings the number along."""
    return format_html('<input type="hidden" name="{}" value="{}" data-sent-once>', PAGE_FIELD, number)


def wait_for_the_first(number: uuid.UUID) -> None:
    """Until no other transaction does the work of this page; for the one that we are in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%s))", [f"page {number}"])
