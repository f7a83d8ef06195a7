"""What the clocks of a case measure: its acknowledgement, its answer, or both (DPA 2018, s. 164A; CCPA s. 7021)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from privacy.law.catalogue import authority, jurisdiction
from privacy.law.enums import Measures
from privacy.law.shapes import Authority
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter, LetterState
from privacy.register.selectors import local_date, profile
from requests.clocks import clocks_after, rules_of
from requests.enums import RequestKind
from requests.models import SubjectRequest

ACKNOWLEDGED = "subject_request.complaint_acknowledged"
_LETTERS = ("case_acknowledged", "case_complaint_acknowledged")
_ON_ITS_WAY = (LetterState.QUEUED, LetterState.SENT, LetterState.BY_POST)


def acknowledge_by(case: SubjectRequest) -> date | None:
    """The last day to acknowledge; None where no law of the case asks for it."""
    return _first(kept["acknowledge_by"] for kept in case.deadlines)


def answer_by(deadlines: Iterable[dict[str, Any]]) -> date | None:
    """The last day for the answer itself; None where every clock measures the acknowledgement only."""
    return _first(kept["due_on"] for kept in deadlines if kept["measures"] == Measures.ANSWER)


def acknowledged_on(case: SubjectRequest) -> date | None:
    """The day on which the person was told that we have the case, by letter or otherwise; None until then.

    A letter that is on its way counts, one that could not be sent does not: nobody was told by it.
    """
    entries = LedgerEntry.objects.filter(
        action=ACKNOWLEDGED, object_type=case._meta.label_lower, object_id=str(case.pk)
    )  # fmt: skip
    moments = list(entries.values_list("recorded_at", flat=True))
    letters = Letter.objects.filter(case_id=case.pk, kind__in=_LETTERS, state__in=_ON_ITS_WAY)
    moments += letters.values_list("created_at", flat=True)
    return local_date(min(moments)) if moments else None


def law_sets_no_further_day(case: SubjectRequest) -> bool:
    """Whether the law sets a day for the acknowledgement alone, and that was written: nothing in law is late then."""
    return answer_by(case.deadlines) is None and acknowledged_on(case) is not None


@dataclass(frozen=True)
class Dates:
    """When a case is due, and by when it should be done."""

    due_on: date
    target_on: date


def dates_once_acknowledged(case: SubjectRequest) -> Dates | None:
    """What an acknowledged complaint is due by; None for every other case: its clocks say.

    By law or promise where one of them measures the answer. Where the law measures the acknowledgement alone, and wants
    the rest without undue delay (DPA 2018, s. 164A), a target of our own: the same period once more, from the day on
    which the complaint was acknowledged. A day that is satisfied is no due date.
    """
    on = acknowledged_on(case) if case.kind == RequestKind.COMPLAINT else None
    if on is None:
        return None
    answers = [kept for kept in case.deadlines if kept["measures"] == Measures.ANSWER]
    due, target = answer_by(answers), _first(kept["target_on"] for kept in answers)
    if due is not None and target is not None:
        return Dates(due, target)
    own = clocks_after(deadlines=case.deadlines, received_on=on, events=())
    return Dates(own.due_on, own.target_on)


def authorities_for(case: SubjectRequest) -> list[Authority]:
    """The authorities that hear complaints about a case: those of its laws, else of the organisation's."""
    codes = [code for rule in rules_of(case.deadlines) for code in rule.recourse.authorities]
    if not codes:
        codes = [code for law in profile().laws for code in jurisdiction(law).authorities]
    return [authority(code) for code in dict.fromkeys(codes)]


def _first(days: Iterable[str | None]) -> date | None:
    return min((date.fromisoformat(day) for day in days if day), default=None)
