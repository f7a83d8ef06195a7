"""Transfers to other countries: which recipients they are to, and whether something protects the data there.

Source: GDPR Art. 30(1)(e), 44-49; PIPEDA, schedule 1, 4.1.3. Inside of the European Economic Area no safeguard is
needed; everywhere else the recipient's own entry says what protects the data.
"""

from dataclasses import dataclass

from privacy.register.models import Recipient, Safeguard

EUROPEAN_ECONOMIC_AREA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transfer:
    """Data that leaves the organisation's country. `safeguard` is a `Safeguard`, or empty."""

    recipient_id: int
    recipient: str
    country: str
    safeguard: str
    safeguard_words: str
    is_protected: bool


def transfer_to(recipient: Recipient, home: str) -> Transfer | None:
    """The transfer that a recipient means for an organisation in a country; None when the data stays there."""
    if recipient.country == home:
        return None
    return Transfer(
        recipient_id=recipient.pk,
        recipient=recipient.name,
        country=recipient.country,
        safeguard=recipient.safeguard,
        safeguard_words=recipient.safeguard_words,
        is_protected=_within_the_area(recipient, home) or recipient.safeguard not in ("", Safeguard.NONE_NEEDED),
    )


def _within_the_area(recipient: Recipient, home: str) -> bool:
    return {recipient.country, home} <= EUROPEAN_ECONOMIC_AREA
