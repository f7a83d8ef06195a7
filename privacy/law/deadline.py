"""What a clock answers: a date, and the sentences that lead to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from privacy.law.enums import Cause, Measures, Origin
from privacy.law.errors import LawError
from privacy.law.sentences import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The last day under one rule or promise, and everything an officer asks about it.

    `due_on` is the last day of `explanation`, never a second calculation. While the clock stands (`waiting_for`),
    `due_on` is the date that holds if the answer came on the `as_of` day. `extension_notice_by` is the last day for a
    notice of extension, None when no (further) extension is possible. `deemed_refused_on` is the first day on which
    silence counts as a refusal. `acknowledgement` are the sentences that lead to `acknowledge_by`, empty without one.
    """

    rule_id: str
    rule_version: str
    citation: str
    origin: Origin
    measures: Measures
    received_on: date
    starts_on: date
    due_on: date
    target_on: date
    acknowledge_by: date | None
    extension_notice_by: date | None
    deemed_refused_on: date | None
    waiting_for: tuple[Cause, ...]
    explanation: tuple[Step, ...]
    acknowledgement: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class DueDates:
    """All deadlines of one subject request, the binding one first."""

    deadlines: tuple[Deadline, ...]

    @property
    def binding(self) -> Deadline:
        return self.deadlines[0]

    @property
    def due_on(self) -> date:
        return self.binding.due_on

    @property
    def target_on(self) -> date:
        return min(deadline.target_on for deadline in self.deadlines)

    @property
    def acknowledge_by(self) -> date | None:
        days = [deadline.acknowledge_by for deadline in self.deadlines if deadline.acknowledge_by]
        return min(days, default=None)


def earliest(deadlines: Iterable[Deadline]) -> DueDates:
    """Order the deadlines; the earliest binds, and a statute before a promise of the same day.

    Raises LawError when there is none: a subject request without any deadline is a mistake, not a request without end.
    """
    ordered = sorted(deadlines, key=lambda one: (one.due_on, one.origin is Origin.PROMISE, one.rule_id))
    if not ordered:
        raise LawError("No law and no promise applies, so there is no date; choose at least one law.")
    return DueDates(tuple(ordered))
