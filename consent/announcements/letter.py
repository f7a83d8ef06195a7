"""The letter that tells a person of a new version of the privacy notice."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.letters.addresses import portal_url
from privacy.letters.models import Letter
from privacy.letters.services import write_letter
from privacy.register.models import Notice
from privacy.register.selectors import local_date, notice_before, profile
from privacy.subjects.models import Subject

KIND = "notice_change"


def particulars_of(notice: Notice) -> dict[str, Any]:
    """What every letter about a notice says; asked once for many letters."""
    begins = notice.published_at or notice.scheduled_for
    assert begins is not None  # no draft is announced
    page = reverse("register:earlier_notice", args=[notice.version])
    return {
        "organisation": profile(),
        "title": notice.title,
        "changes": notice.changes.strip(),
        "day": local_date(begins),
        "is_in_force": begins <= timezone.now(),
        "notice": portal_url(page),
        "compare": portal_url(f"{page}changes/") if notice_before(notice) is not None else "",
        "portal": portal_url(),
    }


def write_announcement(notice: Notice, person: Subject | None, address: str, particulars: dict[str, Any]) -> Letter:
    """Write to one person, in the language of the notice.

    Args:
        person: None for somebody whom only a source knows; the letter becomes theirs when they turn up.
    """
    return write_letter(
        kind=KIND, subject=person, address=address, context=particulars, actor=SYSTEM, language=notice.language,
        to_a_stranger=True,
    )  # fmt: skip
