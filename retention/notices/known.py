"""What the portal knows of rows that people are told about: by a fingerprint of the row, never by its key."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import rfc8785

from privacy.datamap.engine.moments import BeyondCalendar, Moment
from privacy.datamap.engine.spec import Key
from privacy.letters.models import Letter, LetterState
from privacy.subjects.crypto import keyed_index
from retention.models import AdvanceNotice

KEPT_FOR = dt.timedelta(days=365)
"""A notice on which nobody acted within a year after its day is none any more: the person is told anew."""


@dataclass(frozen=True)
class Known:
    """A notice and its letter; None when there was no address, or when the letter is gone."""

    notice: AdvanceNotice
    letter: Letter | None

    @property
    def is_undelivered(self) -> bool:
        return self.letter is not None and self.letter.state == LetterState.FAILED

    def is_for(self, event: Moment, *, version: int, day: dt.date) -> bool:
        """Whether it still speaks of what the rule would do: same version, same date in the row, not forgotten."""
        same = self.notice.rule_version == version and self.notice.counted_from == as_text(event)
        was_written = self.notice.letter_id is None or self.letter is not None
        return same and was_written and day <= self.notice.acts_from + KEPT_FOR


def row_index(dataset: str, key: Key) -> bytes:
    """By what a row is known again: a keyed fingerprint of its dataset and primary key; 32 bytes."""
    return keyed_index("notice_row", rfc8785.dumps([dataset, list(key)]).decode())


def as_text(event: Moment) -> str:
    """A date of a row as notices keep it, the same for the same moment."""
    if event is None:
        return ""
    if isinstance(event, BeyondCalendar):
        return event.text
    return (event.astimezone(dt.UTC) if isinstance(event, dt.datetime) and event.tzinfo else event).isoformat()


def known_notices(*, rule_id: int, dataset: str, keys: Iterable[Key]) -> dict[Key, Known]:
    """The notices of some rows of a rule's dataset, with their letters. Two queries, however many rows."""
    by_index = {row_index(dataset, key): key for key in keys}
    found = list(AdvanceNotice.objects.filter(rule_id=rule_id, row_index__in=list(by_index)))
    letters = Letter.objects.only("id", "state", "sent_at", "address").in_bulk(
        [each.letter_id for each in found if each.letter_id is not None]
    )
    return {by_index[bytes(each.row_index)]: Known(each, letters.get(each.letter_id)) for each in found}
