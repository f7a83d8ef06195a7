"""What there is to say about one row: rules, laws, holds and runs that concern it, and which of them decides."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from privacy.datamap.engine.moments import Moment
from privacy.datamap.models import Dataset
from retention.models import Hold, Rule, Run
from retention.why.noticing import NoticeAnswer

EVER, NEVER = dt.date.min, dt.date.max
"""What stands for a day before and after all those that can be named."""


class RuleStand(StrEnum):
    """How a rule and a row stand to each other. BEYOND: no day of the calendar is late enough for the rule to act."""

    OFF = "off"
    PROBLEM = "problem"
    NOT_MEANT = "not_meant"
    NO_DATE = "no_date"
    BEYOND = "beyond"
    UNSURE = "unsure"
    WAITS = "waits"
    DUE = "due"
    DONE = "done"


class Cause(StrEnum):
    """Why the row is still here."""

    NOT_FOUND = "not_found"
    SOURCE_OFF = "source_off"
    LEGAL_HOLD = "legal_hold"
    RESTRICTION = "restriction"
    REQUEST = "request"
    ERASURE = "erasure"
    MINIMUM = "minimum"
    NOTICE = "notice"
    AWAITING = "awaiting"
    RUN_WAITS = "run_waits"
    RUN_WORKS = "run_works"
    HOURS = "hours"
    DUE = "due"
    NOT_DUE = "not_due"
    NO_DATE = "no_date"
    BEYOND = "beyond"
    UNKNOWN = "unknown"
    DONE = "done"
    NOT_MEANT = "not_meant"
    NO_RULE = "no_rule"
    NEWER = "newer"


@dataclass(frozen=True)
class RuleAnswer:
    """A rule over the table of the row.

    counted_from: the date that starts the period, None when it is not known. due_on: the first day on which the rule
    asks for the row, EVER when it lies before the calendar. free_on: the first one on which no statutory minimum and
    no notice keeps it from that any more; None when nobody can say. kept_by_law: a minimum keeps it now. free_by_law:
    free_on as far as minimums go. notice: what the person was told; None when the rule tells nobody. waits_for_notice:
    the notice keeps it now. problem: why the rule cannot be planned, in words.
    """

    rule: Rule
    stand: RuleStand
    counted_from: Moment = None
    due_on: dt.date | None = None
    free_on: dt.date | None = None
    kept_by_law: bool = False
    free_by_law: dt.date | None = None
    problem: str = ""
    notice: NoticeAnswer | None = None
    waits_for_notice: bool = False

    @property
    def takes_now(self) -> bool:
        """Whether the rule asks for the row, no law keeps it, and whoever is to be told was told in time."""
        return self.stand is RuleStand.DUE and not self.kept_by_law and not self.waits_for_notice


@dataclass(frozen=True)
class LawAnswer:
    """A statutory minimum that keeps the row. until: its last day; None when its date is not known."""

    reason: str
    until: dt.date | None
    protects_values: bool


@dataclass(frozen=True)
class RunAnswer:
    """A run that has not ended and whose plan has the row. matching: it would change it as soon as it may go on.

    blocked: the code of what keeps the run from going on now; empty when nothing does. leaves_newer: the row came
    after the day of the request that the run is for, so the run leaves it.
    """

    run: Run
    action: str
    matching: bool
    blocked: str
    leaves_newer: bool = False


@dataclass(frozen=True)
class Explanation:
    """Everything about one row. `held_by` are holds on its person, its table or a category in it.

    out_of_hours: until which moment retention may not work; None when it may. problem: why not everything can be said.
    newer_than: the day of the last request whose erasure left the row, or leaves it, because it came later.
    """

    dataset: Dataset
    found: bool
    rules: tuple[RuleAnswer, ...] = ()
    laws: tuple[LawAnswer, ...] = ()
    held_by: tuple[Hold, ...] = ()
    runs: tuple[RunAnswer, ...] = ()
    out_of_hours: dt.datetime | None = None
    newer_than: dt.date | None = None
    problem: str = ""
