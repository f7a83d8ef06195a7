"""The letter that tells a person of a new version of the privacy notice."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Version:
    """A notice, and what every letter about it says."""

    notice: Notice
    particulars: dict[str, Any]


def version_of(notice: Notice) -> Version:
    """Asked once for many letters."""
    return Version(notice, particulars_of(notice))


def particulars_of(notice: Notice) -> dict[str, Any]:
    """What every letter about a notice says."""
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


def write_announcement(version: Version, person: Subject | None, address: str) -> Letter:
    """Write to one person, in the language of the notice.

    Args:
        person: None for somebody whom only a source knows; the letter becomes theirs when they turn up.
    """
    return write_letter(
        kind=KIND, subject=person, address=address, context=version.particulars, actor=SYSTEM,
        language=version.notice.language, to_a_stranger=True,
    )  # fmt: skip
