"""Writing to people whom only a source knows, as far as the officer chose its tables.

Danger: somebody whom the portal, another table or another row names as well gets a second letter; or a worker that died
forgets who was written to. Rule: rows are read behind a stored key, so many at a time, and sorted out (`sorting`); a
letter, the row that says who was told by the index of their address, and the place behind their row are one
transaction. Addresses are in the letters, encrypted, and nowhere else.
"""

import time
from collections import Counter

from django.db import transaction

from consent.announcements.erased_people import gets_no_letter
from consent.announcements.letter import write_announcement
from consent.announcements.models import AnnouncedDataset, NoticeAnnouncement, NoticeTold
from consent.announcements.progress import end_dataset, one_letter, pass_rows
from consent.announcements.reading import NotReadable, SourceRow, next_rows
from consent.announcements.sorting import Sorted, SortedRow, sort_out
from consent.announcements.versions import Versions, version_for, versions_of
from privacy.datamap.engine.errors import EngineError
from privacy.jobs.registry import Retry
from privacy.subjects.models import Subject
from privacy.subjects.people import find


def write_from(mine: NoticeAnnouncement, place: AnnouncedDataset, *, most: int, deadline: float) -> bool:
    """Write to the next people of a table.

    Args:
        most: letters that are written at most.
        deadline: on the monotonic clock; what is under way then is finished.

    Returns:
        Whether the page is to be followed by another; not when somebody stopped it or was quicker.

    Raises:
        Retry: the source cannot be reached now.
    """
    written = 0
    while written < most and time.monotonic() < deadline:
        rows = _read(mine, place)
        if not rows:
            return True
        done = _write_to_rows(mine, place, rows, most=most - written, deadline=deadline)
        if done is None:
            return False
        written += done
    return True


def _read(mine: NoticeAnnouncement, place: AnnouncedDataset) -> list[SourceRow]:
    """The next rows; none at the end of the table, which is written down."""
    try:
        rows = next_rows(place)
    except NotReadable as error:
        end_dataset(mine, place, problem=str(error))
        return []
    except EngineError as error:
        if error.retryable:
            raise Retry("source_unreachable") from None
        end_dataset(mine, place, problem=str(error))
        return []
    if not rows:
        end_dataset(mine, place)
    return rows


def _write_to_rows(
    mine: NoticeAnnouncement, place: AnnouncedDataset, rows: list[SourceRow], *, most: int, deadline: float
) -> int | None:
    """How many letters were written; None when it goes on no more. Rows behind the last letter are read again."""
    versions, passed, written = versions_of(mine), Counter[str](), 0
    for each in sort_out(mine, rows):
        passed[each.outcome.value] += 1
        if each.outcome is not Sorted.WRITTEN:
            continue
        if not _write_to(mine, place, each, versions, passed):
            return None
        passed, written = Counter(), written + 1
        if written == most or time.monotonic() >= deadline:
            return written
    if passed and not pass_rows(mine, place, rows[-1].key, passed):
        return None
    return written


def _write_to(
    mine: NoticeAnnouncement,
    place: AnnouncedDataset,
    to: SortedRow,
    versions: Versions,
    passed: Counter[str],
) -> bool:
    """One person, in a transaction of their own; False when it goes on no more, and then nothing was written."""
    address = to.row.address
    assert address is not None  # sorted out before
    with one_letter():
        # who turned up since the rows were sorted out gets the letter as theirs
        known = to.subject or find([address]).get(address)
        subject = Subject.objects.select_for_update(no_key=True).filter(pk=known).first() if known else None
        # they may have been restricted or erased since, or turned up so
        left_out = subject is not None and gets_no_letter(subject)
        version = version_for(versions, subject, to.row.language)
        letter = None if left_out else write_announcement(version, subject, address.value)
        if left_out:
            passed[Sorted.WRITTEN] -= 1
            passed[Sorted.LEFT_OUT] += 1
        if not pass_rows(mine, place, to.row.key, passed):
            transaction.set_rollback(True)
            return False
        if letter is not None:
            NoticeTold.objects.create(
                announcement=mine, subject=subject, address_index=address.index, letter_id=letter.pk,
                pdf_sha256=letter.pdf_sha256,
            )  # fmt: skip
    return True
