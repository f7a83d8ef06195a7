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
        is_unproved: the caller says that something was shown and cannot prove what; only a no is taken like that.
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
    is_unproved: bool = False

    @property
    def age(self) -> Age:
        return Age(self.birth_date, self.is_of_age)

    def evidence_to_keep(self, *, has_words: bool) -> dict[str, Any] | None:
        """The evidence with when the words were shown, where we know it.

        Args:
            has_words: whether the decision is recorded with the words.
        """
        return evidence_of(self.shown, self.evidence) if self.shown and has_words else self.evidence
