"""A signed, short-lived account of what an organisation's own form shows, which comes back with the person's choice.

Danger: an organisation's web form shows words that were copied last year, or its system names a version that nobody
saw, and people are recorded as having agreed to the words of today.
Rule: the system asks us for the terms, shows those words, and sends our signature back with the decision. It is for
this organisation, one purpose and an hour; what it names has to be what is in force still. Who the visitor is the
organisation knows and we do not, so it names nobody. To withdraw nothing needs to have been shown.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.errors import ShownExpired, ShownOutdated
from consent.terms import Terms
from privacy.tenants.context import current_organisation

SHOWN_FOR = timedelta(hours=1)


class ShownForged(ValueError):
    """It was not signed here, for this organisation."""


@dataclass(frozen=True, slots=True)
class ShownTerms:
    """What a form showed: words and notice of one purpose, by their versions, and when we were asked for them.

    notice_version: empty where no notice was in force.
    """

    purpose: str
    language: str
    wording_version: int
    wording_digest: str
    notice_version: str
    at: datetime

    @property
    def until(self) -> datetime:
        """When it is of no use any more."""
        return self.at + SHOWN_FOR


def shown_now(terms: Terms) -> ShownTerms:
    """What a form is to show now.

    Args:
        terms: with words.
    """
    assert terms.wording is not None
    return ShownTerms(
        purpose=terms.purpose.code,
        language=terms.wording.language,
        wording_version=terms.wording.version,
        wording_digest=terms.wording.digest,
        notice_version=terms.notice.version if terms.notice else "",
        at=timezone.now().replace(microsecond=0),
    )


def signed(shown: ShownTerms) -> str:
    """The account, signed, for the form's system to send back."""
    content = [shown.purpose, shown.language, shown.wording_version, shown.wording_digest, shown.notice_version]
    return signing.dumps([*content, int(shown.at.timestamp())], salt=_salt())


def read_signed(account: str) -> ShownTerms:
    """What was signed, however long ago.

    Raises:
        ShownForged: it was not signed here, for this organisation.
    """
    try:
        purpose, language, version, digest, notice_version, at = signing.loads(account, salt=_salt())
    except signing.BadSignature:
        raise ShownForged from None
    return ShownTerms(purpose, language, version, digest, notice_version, datetime.fromtimestamp(at, tz=UTC))


def check_shown(shown: ShownTerms, terms: Terms) -> None:
    """Let a decision through, or not.

    Args:
        terms: what is in force now.

    Raises:
        ShownExpired: it was shown too long ago.
        ShownOutdated: other words, or another notice, are in force now.
    """
    if timezone.now() > shown.until:
        raise ShownExpired(
            _("This was shown more than an hour ago. Get the terms again, show their words, and ask the person again.")
        )
    now = shown_now(terms)
    if (now.wording_digest, now.notice_version) != (shown.wording_digest, shown.notice_version):
        raise ShownOutdated(
            _("Other words or another notice are in force by now. Get the terms again, show them, and ask again.")
        )


def evidence_of(shown: ShownTerms, evidence: dict[str, Any] | None) -> dict[str, Any]:
    """The evidence to keep with a decision: when we were asked for the words belongs to it."""
    return {**(evidence or {}), "shown_at": shown.at.isoformat(timespec="seconds")}


def _salt() -> str:
    """One key serves all organisations and pages, so what one signed must be nothing to another."""
    return f"consent.shown_elsewhere.{current_organisation().schema_name}"
