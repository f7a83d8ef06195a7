"""What the clocks of a complaint measure: its acknowledgement, its answer, or both (DPA 2018, s. 164A)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from privacy.law.catalogue import authority, jurisdiction
from privacy.law.enums import Measures
from privacy.law.shapes import Authority
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter, LetterState
from privacy.register.selectors import local_date, profile
from requests.clocks import rules_of
from requests.models import SubjectRequest

ACKNOWLEDGED = "subject_request.complaint_acknowledged"
_ON_ITS_WAY = (LetterState.QUEUED, LetterState.SENT, LetterState.BY_POST)


def acknowledge_by(case: SubjectRequest) -> date | None:
    """The last day to acknowledge; None where no law of the case asks for it."""
    return _first(kept["acknowledge_by"] for kept in case.deadlines)


def answer_by(deadlines: Iterable[dict[str, Any]]) -> date | None:
    """The last day for the answer itself; None where every clock measures the acknowledgement only."""
    return _first(kept["due_on"] for kept in deadlines if kept["measures"] == Measures.ANSWER)


def acknowledged_on(case: SubjectRequest) -> date | None:
    """The day on which the person was told that we have the complaint, by letter or otherwise; None until then.

    A letter that is on its way counts, one that could not be sent does not: nobody was told by it.
    """
    entries = LedgerEntry.objects.filter(
        action=ACKNOWLEDGED, object_type=case._meta.label_lower, object_id=str(case.pk)
    )  # fmt: skip
    moments = list(entries.values_list("recorded_at", flat=True))
    letters = Letter.objects.filter(case_id=case.pk, kind="case_complaint_acknowledged", state__in=_ON_ITS_WAY)
    moments += letters.values_list("created_at", flat=True)
    return local_date(min(moments)) if moments else None


def law_sets_no_further_day(case: SubjectRequest) -> bool:
    """Whether the law sets a day for the acknowledgement alone, and that was written: nothing in law is late then."""
    return answer_by(case.deadlines) is None and acknowledged_on(case) is not None


def authorities_for(case: SubjectRequest) -> list[Authority]:
    """The authorities that hear complaints about a case: those of its laws, else of the organisation's."""
    codes = [code for rule in rules_of(case.deadlines) for code in rule.recourse.authorities]
    if not codes:
        codes = [code for law in profile().laws for code in jurisdiction(law).authorities]
    return [authority(code) for code in dict.fromkeys(codes)]


def _first(days: Iterable[str | None]) -> date | None:
    return min((date.fromisoformat(day) for day in days if day), default=None)
