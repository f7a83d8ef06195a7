"""Writing the letters of an announcement: page after page through the outbox, as fast as the organisation said.

Danger: a worker dies in the middle of 100,000 letters, and some people get two of them, or none. Rule: a letter, the
row that says who was told, and the place behind that person are one transaction (`progress`); a job for another page
than the next does nothing. A constraint of the database says as well that nobody is told twice.

Everybody is who has dealt with the portal until the announcement begins, but not those who had the use of their data
restricted, nor those who were erased and did not come back (`erased_people`). People are taken in the order of their
ids; who comes later is shown the notice, or its day, anyway. After them come the tables of sources that the officer
chose (`writing_to_sources`).
"""

import time
import uuid

from django.conf import settings
from django.db import transaction

from consent.announcements.erased_people import gets_no_letter
from consent.announcements.letter import write_announcement
from consent.announcements.models import AnnouncementState, NoticeAnnouncement, NoticeTold
from consent.announcements.progress import end, end_page, one_letter, pass_person
from consent.announcements.versions import Versions, version_for, versions_of
from consent.announcements.writing_to_sources import write_from
from privacy.subjects.crypto import keyed_index
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Subject
from privacy.subjects.services import identifier_of

PEOPLE_AT_ONCE = 100


def write_page(*, announcement_id: int, page: int) -> None:
    """Write to the next people, and queue the page after; nothing when that page is written, or the whole is stopped.

    A page ends early when a worker was busy for long enough.

    Args:
        page: how many pages are written before it.

    Raises:
        Retry: a source cannot be reached now.
    """
    going = NoticeAnnouncement.objects.filter(pk=announcement_id, pages=page, state=AnnouncementState.RUNNING)
    mine = going.select_related("notice").first()
    if mine is None:
        return
    people, deadline = _next_people(mine), time.monotonic() + settings.JOB_SLICE_SECONDS
    if people:
        goes_on = _write_to_all(mine, people, deadline)
    elif (place := mine.datasets.filter(done_at=None).order_by("turn").first()) is not None:
        goes_on = write_from(mine, place, most=_most(mine), deadline=deadline)
    else:
        end(mine)
        return
    if goes_on:
        end_page(mine)


def _most(mine: NoticeAnnouncement) -> int:
    return min(PEOPLE_AT_ONCE, mine.per_minute)


def _next_people(mine: NoticeAnnouncement) -> list[uuid.UUID]:
    people = Subject.objects.filter(created_at__lte=mine.begun_at).order_by("pk").values_list("pk", flat=True)
    behind = people.filter(pk__gt=mine.after) if mine.after is not None else people
    return list(behind[: _most(mine)])


def _write_to_all(mine: NoticeAnnouncement, people: list[uuid.UUID], deadline: float) -> bool:
    """Whether the page is to be followed by another; not when somebody stopped it or was quicker."""
    versions = versions_of(mine)
    for person in people:
        if not _write_to(mine, person, versions):
            return False
        mine.after = person
        if time.monotonic() >= deadline:
            break
    return True


def _write_to(mine: NoticeAnnouncement, person: uuid.UUID, versions: Versions) -> bool:
    """One person, in a transaction of their own; False when it goes on no more, and then nothing was written."""
    with one_letter():
        # whoever changes or erases the person comes before or after, never in between
        subject = Subject.objects.select_for_update(no_key=True).filter(pk=person).first()
        left_out = subject is not None and gets_no_letter(subject)
        address = identifier_of(subject, IdentifierKind.EMAIL) if subject is not None and not left_out else None
        version = version_for(versions, subject) if subject and address else None
        letter = write_announcement(version, subject, address) if version and address else None
        if not pass_person(mine, person, "written" if letter else "left_out" if left_out else "unreachable"):
            transaction.set_rollback(True)
            return False
        if letter is not None and subject is not None and address is not None:
            NoticeTold.objects.create(
                announcement=mine, subject=subject, address_index=keyed_index(IdentifierKind.EMAIL, address),
                letter_id=letter.pk, pdf_sha256=letter.pdf_sha256,
            )  # fmt: skip
    return True
