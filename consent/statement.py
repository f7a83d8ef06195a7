"""What somebody tells us about a decision, checked for form and not yet for substance."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """One decision of one person about one purpose, as a caller of the API states it.

    Args:
        kind: an `IdentifierKind`.
        identifier: normalised.
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
