"""A signed, short-lived account of what an organisation's own form shows, which comes back with the person's choice.

Danger: an organisation's web form shows words that were copied last year, or its system names a version that nobody
saw, and people are recorded as having agreed to the words of today; or to what the register has said only since.
Rule: the system asks us for the terms, shows those words, and sends our signature back with the decision. It is for
this organisation, one purpose and an hour; what it names has to be what is in force still, and so has all that the
register says besides, by the digest that the record keeps (`consent.register_terms`). Who the visitor is the
organisation knows and we do not, so it names nobody. To withdraw nothing needs to have been shown.

Danger: somebody says no on a page that they left open, the no is refused because the page is too old, and nobody asks
them again. Rule: a no is always taken; where nobody can prove what was shown, it is recorded without words.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.errors import ShownExpired, ShownOutdated
from consent.models import Decision
from consent.register_reading import Sender
from consent.register_terms import register_terms
from consent.terms import Terms
from privacy.tenants.context import current_organisation

SHOWN_FOR = timedelta(hours=1)


class ShownForged(ValueError):
    """It was not signed here, for this organisation."""


@dataclass(frozen=True, slots=True)
class ShownTerms:
    """What a form showed: words and notice of one purpose, by their versions, and when we were asked for them.

    notice_version: empty where no notice was in force.
    terms_digest: of what the register said besides.
    """

    purpose: str
    language: str
    wording_version: int
    wording_digest: str
    notice_version: str
    terms_digest: str
    at: datetime

    @property
    def until(self) -> datetime:
        """When it is of no use any more."""
        return self.at + SHOWN_FOR


def shown_now(terms: Terms, sender: Sender | None) -> ShownTerms:
    """What a form is to show now.

    Args:
        terms: with words.
        sender: what the register says besides; None while the organisation has not said who it is.
    """
    assert terms.wording is not None
    return ShownTerms(
        purpose=terms.purpose.code,
        language=terms.wording.language,
        wording_version=terms.wording.version,
        wording_digest=terms.wording.digest,
        notice_version=terms.notice.version if terms.notice else "",
        terms_digest=register_terms(purpose=terms.purpose, notice=terms.notice, sender=sender).digest,
        at=timezone.now().replace(microsecond=0),
    )


def signed(shown: ShownTerms) -> str:
    """The account, signed, for the form's system to send back."""
    words = [shown.purpose, shown.language, shown.wording_version, shown.wording_digest]
    return signing.dumps([*words, shown.notice_version, shown.terms_digest, int(shown.at.timestamp())], salt=_salt())


def read_signed(account: str) -> ShownTerms:
    """What was signed, however long ago.

    Raises:
        ShownForged: it was not signed here, for this organisation.
    """
    try:
        purpose, language, version, digest, notice, terms, at = signing.loads(account, salt=_salt())
    except signing.BadSignature:
        raise ShownForged from None
    return ShownTerms(purpose, language, version, digest, notice, terms, datetime.fromtimestamp(at, tz=UTC))


def check_shown(shown: ShownTerms, now: ShownTerms) -> None:
    """Let a decision through, or not.

    Args:
        now: what a form is to show now.

    Raises:
        ShownExpired: it was shown too long ago.
        ShownOutdated: other words, another notice, or other terms are in force now.
    """
    if timezone.now() > shown.until:
        raise ShownExpired(
            _("This was shown more than an hour ago. Get the terms again, show their words, and ask the person again.")
        )
    if _what(now) != _what(shown):
        raise ShownOutdated(
            _("Other words, terms or notice are in force by now. Get the terms again, show them, and ask again.")
        )


def as_shown(
    terms: Terms, *, decision: str, shown: ShownTerms | None, is_unproved: bool, now: Callable[[], ShownTerms]
) -> Terms:
    """The terms as far as it is proved that they were shown: without words and notice for a no of which it is not.

    Args:
        terms: of a no they may be without words already; there is nothing to compare with then.
        shown: what the caller's form showed, by our signature.
        is_unproved: it says that it showed something, and cannot prove what.
        now: what a form is to show now.

    Raises:
        ShownExpired, ShownOutdated: of a consent; see `check_shown`.
    """
    if shown is not None and terms.wording is not None:
        try:
            check_shown(shown, now())
        except (ShownExpired, ShownOutdated):
            if decision == Decision.GIVEN:
                raise
            is_unproved = True
    return replace(terms, wording=None, notice=None) if is_unproved else terms


def _what(shown: ShownTerms) -> tuple[str, str, str]:
    return shown.wording_digest, shown.notice_version, shown.terms_digest


def evidence_of(shown: ShownTerms, evidence: dict[str, Any] | None) -> dict[str, Any]:
    """The evidence to keep with a decision: when we were asked for the words belongs to it."""
    return {**(evidence or {}), "shown_at": shown.at.isoformat(timespec="seconds")}


def _salt() -> str:
    """One key serves all organisations and pages, so what one signed must be nothing to another.

    The number changes with what is signed: what was signed in an older shape is none of ours.
    """
    return f"consent.shown_elsewhere.2.{current_organisation().schema_name}"
