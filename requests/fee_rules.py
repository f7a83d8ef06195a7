"""Whether the laws of a case allow a fee, and on which terms. Where laws differ, the one that is better for the person
holds.
"""

from dataclasses import dataclass
from datetime import date

from privacy.law.afterwards import fee_lapses_on
from privacy.law.enums import FeeMode
from privacy.law.shapes import Rule
from requests.clocks import rules_of
from requests.models import SubjectRequest

_NEVER = frozenset({FeeMode.FREE})


@dataclass(frozen=True)
class FeeTerms:
    """What the laws of a case say about a fee.

    `forbidden_by`: citations of the laws that allow none. `free_by`: of those that say that it is free.
    `only_excessive`: one of them allows a fee for excessive requests only. `deposit`: every law allows one.
    """

    forbidden_by: tuple[str, ...]
    free_by: tuple[str, ...]
    modes: tuple[tuple[str, FeeMode], ...]
    only_excessive: bool
    deposit: bool

    @property
    def allowed(self) -> bool:
        return not self.forbidden_by and bool(self.modes)


def fee_terms(case: SubjectRequest) -> FeeTerms:
    """What the laws that a case was opened under say about a fee for it."""
    rules = rules_of(case.deadlines)
    charging = [rule for rule in rules if rule.fee is not None and rule.fee.mode not in _NEVER]
    return FeeTerms(
        forbidden_by=tuple(rule.citation for rule in rules if rule not in charging),
        free_by=tuple(rule.citation for rule in rules if rule.fee is not None and rule.fee.mode in _NEVER),
        modes=tuple((rule.citation, rule.fee.mode) for rule in charging if rule.fee),
        only_excessive=any(rule.fee and rule.fee.mode is FeeMode.FREE_UNLESS_EXCESSIVE for rule in charging),
        deposit=bool(charging) and all(rule.fee is not None and rule.fee.deposit for rule in charging),
    )


def lapses_on(case: SubjectRequest, estimated_on: date) -> date | None:
    """The last day to accept an estimate before the law takes the request as withdrawn; None where none does.

    A request lapses only where every law lets it: the latest of the days holds, and one law without any keeps it open.
    """
    days = [_lapse_under(rule, estimated_on) for rule in rules_of(case.deadlines)]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _lapse_under(rule: Rule, estimated_on: date) -> date | None:
    if rule.fee is None:
        return None
    calendars = [rule.period.calendar] if rule.period.calendar else list(rule.period.calendar_may_be)
    found = [fee_lapses_on(rule, estimated_on, calendar=name) for name in calendars]
    return max((day for day in found if day), default=None)
