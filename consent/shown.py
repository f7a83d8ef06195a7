"""A signed, short-lived account of what a page showed, which comes back with the person's choice.

Danger: the words, or the notice, change while somebody reads, and they are recorded as having agreed to what they never
saw; or a form is filled in by a program that names other words.
Rule: the page carries what it showed, signed by us, for this organisation, this person and an hour. What comes back has
to be what is in force still; otherwise nothing is recorded, and the page is shown again with the words of today.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing

from consent.models import Wording
from privacy.register.models import Notice
from privacy.register.selectors import current_notice
from privacy.subjects.models import Subject
from privacy.tenants.context import current_organisation

SHOWN_FOR = timedelta(hours=1)


class ShownChanged(Exception):
    """Words or notice are not those of the page any more, or the account is none of ours."""


class ShownTooLong(Exception):
    """The page was open for longer than an hour."""


@dataclass(frozen=True)
class Shown:
    """What the person saw when they chose."""

    wording: Wording
    notice: Notice | None
    evidence: dict[str, Any]


def sign_shown(*, subject: Subject, wording: Wording) -> str:
    """What a page shows now, for its form to send back.

    Args:
        subject: the visitor.
        wording: the words on the page.
    """
    notice = _notice(wording)
    return signing.dumps(_content(subject, wording, notice) | {"at": _now()}, salt=_salt())


def read_shown(signed: str, *, subject: Subject, wording: Wording) -> Shown:
    """What was shown, when it is what is in force now.

    Args:
        wording: the words that are in force.

    Raises:
        ShownTooLong: it was shown too long ago.
        ShownChanged: something else is in force now; or this was not signed here, for this person.
    """
    try:
        content = signing.loads(signed, salt=_salt(), max_age=SHOWN_FOR)
    except signing.SignatureExpired:
        raise ShownTooLong from None
    except signing.BadSignature:
        raise ShownChanged from None
    at = content.pop("at")
    notice = _notice(wording)
    if content != _content(subject, wording, notice):
        raise ShownChanged
    return Shown(wording, notice, {"page": "preferences", "control": "button", "shown_at": at})


def _content(subject: Subject, wording: Wording, notice: Notice | None) -> dict[str, Any]:
    return {
        "subject": str(subject.pk),
        "purpose": wording.purpose_id,
        "wording": wording.pk,
        "digest": wording.digest,
        "language": wording.language,
        "notice": notice.pk if notice else None,
    }


def _notice(wording: Wording) -> Notice | None:
    return current_notice(wording.language) or current_notice("en")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _salt() -> str:
    """One key serves all organisations, so what one signed must be nothing to another."""
    return f"consent.shown.{current_organisation().schema_name}"
