"""What a rule says about notice, as the definition of a run keeps it."""

from dataclasses import asdict, dataclass
from typing import Any

from privacy.datamap.models import Dataset, LetterRole
from retention.enums import WithoutAddress
from retention.models import Rule


@dataclass(frozen=True)
class NoticeTerms:
    """days: how long before. without_address: WAIT or ACT. address, language: its columns, empty for none."""

    days: int
    without_address: str
    address: str
    language: str

    @property
    def acts_without_address(self) -> bool:
        return self.without_address == WithoutAddress.ACT

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def terms_of(rule: Rule, dataset: Dataset) -> NoticeTerms | None:
    """The notice of a rule; None when it gives none. dataset: the rule's own, with its fields."""
    if not rule.notice_days:
        return None
    columns = {each.letter_role: each.column for each in dataset.fields.all() if each.letter_role}
    address, language = columns.get(LetterRole.ADDRESS, ""), columns.get(LetterRole.LANGUAGE, "")
    return NoticeTerms(rule.notice_days, rule.without_address, address, language)


def stored_terms(definition: dict[str, Any]) -> NoticeTerms | None:
    """The notice in the definition that a run was started for."""
    found = definition.get("notice")
    return NoticeTerms(**found) if found else None
