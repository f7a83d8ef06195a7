"""Which column of a table probably says when a row came about."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from privacy.datamap.cutoffs import holds_date
from privacy.datamap.suggestions.names import snake

_WHEN = r"(?:_(?:at|on|date|time|datetime|timestamp|utc|ts))"
_MADE = r"(?:created?|creation|inserted|row_created|record_created)"
_BEGAN = (
    r"(?:placed|ordered|purchased|bought|booked|issued|invoiced|received|submitted|sent|posted|opened|registered|"
    r"signed_up|subscribed|joined|entered|recorded|logged|occurred|happened|called|decided|requested|reported|filed)"
)
_THING = r"(?:order|invoice|purchase|booking|ticket|signup|sign_up|registration|entry|event|record|issue|posting)"

PATTERNS = (
    re.compile(rf"^(?:{_MADE}{_WHEN}?|date_{_MADE}|{_MADE}_date_time)$"),
    re.compile(rf"^{_BEGAN}{_WHEN}$|^date_{_BEGAN}$"),
    re.compile(rf"^{_THING}{_WHEN}$|^date_of_{_THING}$"),
)
"""The surest first. A date that changes later, as of a change or a payment, says something else."""


@dataclass(frozen=True)
class CreatedSuggestion:
    column: str
    reason: str


def suggest_created(columns: Iterable[tuple[str, str]]) -> CreatedSuggestion | None:
    """The column that says when a row came about, with the reason; None when none looks like it.

    Args:
        columns: name and type of each, in their order.
    """
    dated = [name for name, data_type in columns if holds_date(data_type)]
    for pattern in PATTERNS:
        if (found := next((name for name in dated if pattern.search(snake(name))), None)) is not None:
            return CreatedSuggestion(found, _("by its name and type"))
    return None
