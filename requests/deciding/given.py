"""What an officer says about one part of a case."""

from dataclasses import dataclass, field
from datetime import date

from requests.deciding.found import LineKey
from requests.enums import Verdict


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
    def is_granted(self) -> bool:
        return self.decision == Verdict.GRANT
