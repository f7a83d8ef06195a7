"""How a row that will be due stands to its notice: told, to be told, or nobody knows where to write."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from privacy.datamap.engine.screening import Row
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise
from retention.notices.known import Known, known_notices
from retention.notices.terms import NoticeTerms


class Standing(StrEnum):
    """TO_NOTE: there is no address, and from now on the days count without a letter, as the rule wants it.

    UNDELIVERED: the letter could not be delivered; it is written again after the days of notice, or to a new address.
    """

    TOLD = "told"
    TO_TELL = "to tell"
    TO_NOTE = "to note"
    NO_ADDRESS = "no address"
    UNDELIVERED = "undelivered"


NOBODYS = ".invalid"
WITHOUT_ADDRESS = frozenset({Standing.TO_NOTE, Standing.NO_ADDRESS})


@dataclass(frozen=True)
class Stand:
    """A row, and its address as letters go to it; empty for none."""

    row: Row
    standing: Standing
    address: str


def columns_of(terms: NoticeTerms) -> list[str]:
    """What is read of each row, in this order."""
    return [each for each in (terms.address, terms.language) if each]


def stand_of(
    rows: Sequence[Row], *, rule_id: int, dataset: str, version: int, terms: NoticeTerms, day: dt.date
) -> list[Stand]:
    """How each row of a window stands.

    Args:
        rows: read with `columns_of(terms)`.
        day: on which somebody looks.
    """
    known = known_notices(rule_id=rule_id, dataset=dataset, keys=[row.root for row in rows])
    found = []
    for row in rows:
        address = valid_address(row.texts[0])
        given = known.get(row.root)
        if given is not None and not given.is_for(row.event, version=version, day=day):
            given = None
        found.append(Stand(row, _standing(given, address, terms, day), address))
    return found


def valid_address(text: str | None) -> str:
    """A mail address as a source writes it; empty when it is none, or one that nobody has (RFC 2606), as masks make."""
    try:
        address = normalise(IdentifierKind.EMAIL, text or "")
    except IdentifierInvalid:
        return ""
    return "" if address.endswith(NOBODYS) else address


def _standing(given: Known | None, address: str, terms: NoticeTerms, day: dt.date) -> Standing:
    if given is not None and given.letter is not None and not given.is_undelivered:
        return Standing.TOLD
    if not address:
        is_noted = given is not None and given.letter is None
        return Standing.TO_NOTE if terms.acts_without_address and not is_noted else Standing.NO_ADDRESS
    if given is None or given.letter is None:
        return Standing.TO_TELL
    is_time = day >= given.notice.given_on + dt.timedelta(days=terms.days)
    return Standing.TO_TELL if is_time or address != given.letter.address else Standing.UNDELIVERED
