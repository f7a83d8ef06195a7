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

_LATER_OR_OF_THE_PERSON = re.compile(
    r"birth|(?:^|_)(?:dob|born|last|latest|next|updat\w*|modif\w*|chang\w*|edited|delet\w*|remov\w*|anonymi\w*|erased|"
    r"archived|clos\w*|end|ends|ended|until|to|expir\w*|due|valid|paid|payment|cancel\w*|unsubscribed|withdrawn|revoked|"
    r"confirmed|verified|approved|delivered|shipped|finished|completed|resolved|answered|read|seen|died|death)(?:_|$)"
)


@dataclass(frozen=True)
class CreatedSuggestion:
    column: str
    reason: str


def possibly_created(columns: Iterable[tuple[str, str]]) -> list[str]:
    """The columns that may say when a row came about: all dates but those whose names plainly say something else.

    Args:
        columns: name and type of each, in their order.
    """
    dated = [name for name, data_type in columns if holds_date(data_type)]
    return [name for name in dated if not _LATER_OR_OF_THE_PERSON.search(snake(name))]


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
