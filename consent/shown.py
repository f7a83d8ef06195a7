"""A signed, short-lived account of what a page showed, which comes back with the person's choice.

Danger: the words, the notice, or what the register says of the purpose, change while somebody reads, and they are
recorded as having agreed to what they never saw: that they cannot withdraw, or who gets the data; or a form is filled
in by a program that names other words.
Rule: the page carries what it showed, signed by us, for this organisation, this person and an hour. What comes back has
to be what is in force still, to the last term that would be kept with the record (`consent.register_terms`); otherwise
nothing is recorded, and the page is shown again with the words of today.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing

from consent.models import Wording
from consent.register_reading import find_sender
from consent.register_terms import register_terms
from privacy.register.models import Notice
from privacy.register.selectors import current_notice
from privacy.subjects.models import Subject
from privacy.tenants.context import current_organisation

SHOWN_FOR = timedelta(hours=1)


class ShownChanged(Exception):
    """Words, notice or terms are not those of the page any more, or the account is none of ours."""


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
        wording: the words on the page, with their purpose as the page shows it.
    """
    notice = _notice(wording)
    return signing.dumps(_content(subject, wording, notice) | {"at": _now()}, salt=_salt())


def read_shown(signed: str, *, subject: Subject, wording: Wording) -> Shown:
    """What was shown, when it is what is in force now.

    Args:
        wording: the words that are in force, with their purpose.

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
    said = register_terms(purpose=wording.purpose, notice=notice, sender=find_sender(wording.purpose))
    return {
        "subject": str(subject.pk),
        "purpose": wording.purpose_id,
        "wording": wording.pk,
        "digest": wording.digest,
        "language": wording.language,
        "notice": notice.pk if notice else None,
        "terms": said.digest,
    }


def _notice(wording: Wording) -> Notice | None:
    return current_notice(wording.language) or current_notice("en")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _salt() -> str:
    """One key serves all organisations, so what one signed must be nothing to another."""
    return f"consent.shown.{current_organisation().schema_name}"
