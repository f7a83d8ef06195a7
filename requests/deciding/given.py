"""What an officer says about one part of a case."""

from dataclasses import dataclass, field
from datetime import date, datetime

from privacy.officers.models import Officer
from requests.deciding.found import FoundLine, LineKey
from requests.enums import WITHOUT_GROUND, Verdict
from requests.models import CategoryDecision, SubjectRequest


@dataclass(frozen=True)
class LineDecision:
    """One line of a decision; `requests.models.CategoryDecision` says what each part means.

    left_out: columns by place, of a partial grant. waited_from: the day on which those who may object were told, where
    the ground has a wait.
    """

    category: str
    decision: str
    source_id: int = 0
    dataset_key: str = ""
    ground: str = ""
    reasons: str = ""
    severed: str = ""
    alternatives: tuple[str, ...] = ()
    own_alternative: str = ""
    left_out: dict[str, list[str]] = field(default_factory=dict)
    nothing_severable: bool = False
    waited_from: date | None = None
    authority_notified_on: date | None = None

    @property
    def key(self) -> LineKey:
        return (self.category, self.source_id, self.dataset_key)

    @property
    def is_refusal(self) -> bool:
        """Whether it takes something from the person, wholly or in part, and so needs a ground and reasons."""
        return self.decision not in WITHOUT_GROUND


def as_row(
    case: SubjectRequest, line: LineDecision, about: FoundLine | None, *, officer: Officer, now: datetime
) -> CategoryDecision:
    """The line as it is stored, not stored yet. What only a refusal says is not kept of anything else.

    Args:
        about: what was found; None for a case that is refused as a whole.
    """
    row = CategoryDecision(
        case=case, category=line.category, source_id=line.source_id, dataset_key=line.dataset_key,
        where=about.where[:300] if about else "", seen=about.seen if about else {}, decision=line.decision,
        decided_by=officer, decided_at=now,
    )  # fmt: skip
    if not line.is_refusal:
        return row
    row.ground, row.reasons = line.ground, line.reasons.strip()
    row.severed = line.severed.strip() or None
    row.left_out = line.left_out if line.decision == Verdict.PARTIAL else {}
    row.alternatives, row.own_alternative = list(line.alternatives), line.own_alternative.strip() or None
    row.nothing_severable, row.waited_from = line.nothing_severable, line.waited_from
    if line.authority_notified_on is not None:
        row.authority_notified_on, row.authority_notified_by = line.authority_notified_on, officer
    return row
