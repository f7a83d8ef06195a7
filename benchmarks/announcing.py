"""A notice announced to 100,000 people: how fast the letters are written, as a ratio to setting their PDFs alone.

Everything that a letter costs is in its time: person locked, text composed, PDF set, both encrypted, ledger entry, job
that sends it, record of who was told, and the place behind that person, committed one by one. The first letters and the
last are measured apart, since a page that grew slower with what lies behind it would show there. BENCH_LETTERS=100000
writes them all, in more than an hour; fewer are half of them the first and half of them the last.
"""

import os
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from benchmarks.own_organisation import organisation_of_its_own
from consent.announcements.models import AnnouncementState, NoticeAnnouncement, NoticeTold
from consent.announcements.services import begin_announcement
from consent.announcements.writing import write_page
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter, LetterState
from privacy.letters.pdf import letter_pdf
from privacy.letters.sending import send_letter
from privacy.officers.models import Officer
from privacy.register.models import Notice
from privacy.register.publishing import schedule_notice
from privacy.register.selectors import local_date, profile
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Subject
from privacy.subjects.people import Person, lock_or_add

PEOPLE = 100_000
LETTERS = int(os.environ.get("BENCH_LETTERS", "1000"))
SET_ALONE = 200
PREFIX = "bench-announce-"


def row() -> dict[str, Any]:
    """One line of the table of `make bench`."""
    with organisation_of_its_own(PREFIX), override_settings(JOB_SLICE_SECONDS=3600):
        _people()
        mine = _begun(Officer.objects.get())
        half = LETTERS // 2
        first = _rate(mine, half)
        floor = _pdfs_alone(list(Letter.objects.filter(kind="notice_change")[:SET_ALONE]))
        _go_to_the_last(mine, half)
        last = _rate(mine, half)
        told = NoticeTold.objects.values("subject").distinct().count()
        mine.refresh_from_db()
        if not told == NoticeTold.objects.count() == Letter.objects.count() == mine.written:
            raise AssertionError("somebody was told twice, or not at all")
        sent = _sent(list(Letter.objects.values_list("pk", flat=True)[:SET_ALONE]))
    ours = 2 / (1 / first + 1 / last)
    return {
        "work": f"{mine.written:,} letters of an announcement to {PEOPLE:,} people",
        "floor": f"{floor:.0f}/s PDFs alone",
        "ours": f"{ours:.0f}/s (the first {first:.0f}, the last {last:.0f}; handed to the mail program {sent:.0f})",
        "ratio": round(ours / floor, 2),
        "goal": "",
        "met": None,
        "figures": {"floor": floor, "first": first, "last": last, "sent": sent},
    }


def _people() -> None:
    for start in range(0, PEOPLE, 10_000):
        lock_or_add(
            [Person.known_by(IdentifierKind.EMAIL, f"person{n}@example.com") for n in range(start, start + 10_000)]
        )


def _begun(officer: Officer) -> NoticeAnnouncement:
    notice = Notice.objects.create(
        version="7", title="How we handle your data", body="All of it, anew.", language="en",
        changes="- We keep invoices for six years, as tax law asks, and delete them then.\n"
        "- The carrier of your order learns your address, and nobody else.",
    )  # fmt: skip
    scheduled = schedule_notice(notice=notice, begins=timezone.now() + timedelta(days=30), actor=SYSTEM)
    return begin_announcement(notice=scheduled, per_minute=6000, officer=officer)


def _rate(mine: NoticeAnnouncement, letters: int) -> float:
    """Letters a second over some pages, by the job's own service."""
    mine.refresh_from_db()
    began, before = time.perf_counter(), mine.written
    while mine.written < before + letters and mine.state == AnnouncementState.RUNNING:
        write_page(announcement_id=mine.pk, page=mine.pages)
        mine.refresh_from_db()
    return (mine.written - before) / (time.perf_counter() - began)


def _go_to_the_last(mine: NoticeAnnouncement, letters: int) -> None:
    """Begin behind the person after whom so many come."""
    place = Subject.objects.order_by("-pk").values_list("pk", flat=True)[letters]
    NoticeAnnouncement.objects.filter(pk=mine.pk, after__lt=place).update(after=place)


def _pdfs_alone(letters: Sequence[Letter]) -> float:
    ours, today, texts = profile(), local_date(timezone.now()), [each.body for each in letters]
    began = time.perf_counter()
    for letter, text in zip(letters, texts, strict=True):
        letter_pdf(letter, text=text, dated_on=today, organisation=ours)
    return len(letters) / (time.perf_counter() - began)


def _sent(ids: Sequence[Any]) -> float:
    """Letters a second that are claimed, handed over to a mail program that takes everything, and noted as sent."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        began = time.perf_counter()
        for each in ids:
            send_letter(letter_id=str(each))
        seconds = time.perf_counter() - began
    if Letter.objects.filter(pk__in=ids, state=LetterState.SENT).count() != len(ids):
        raise AssertionError("a letter was not sent")
    return len(ids) / seconds
