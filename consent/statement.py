"""What somebody tells us about a decision, checked for form and not yet for substance."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consent.guards import Age
from consent.shown_elsewhere import ShownTerms, evidence_of


@dataclass(frozen=True, slots=True)
class Statement:
    """One decision of one person about one purpose, as a caller of the API states it.

    Args:
        kind: an `IdentifierKind`.
        identifier: normalised.
        evidence: see `consent.evidence`.
        birth_date, is_of_age: how old the person is, where the purpose has a minimum age; neither is kept.
        shown: what the caller's form showed, by our signature; language and versions are those that it names.
        occurred_at: when the caller says it happened; kept, and never taken for the time of the record.
    """

    kind: str
    identifier: str
    purpose: str
    decision: str
    method: str
    language: str = "en"
    notice_version: str = ""
    wording_version: int | None = None
    evidence: dict[str, Any] | None = None
    occurred_at: datetime | None = None
    birth_date: date | None = None
    is_of_age: bool | None = None
    shown: ShownTerms | None = None

    @property
    def age(self) -> Age:
        return Age(self.birth_date, self.is_of_age)

    @property
    def evidence_to_keep(self) -> dict[str, Any] | None:
        """The evidence with when the words were shown, where we know it."""
        return evidence_of(self.shown, self.evidence) if self.shown else self.evidence
