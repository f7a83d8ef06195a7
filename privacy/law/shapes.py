"""The shapes a rule is made of. Frozen values: a rule that was used for a decision never changes under it."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from privacy.law.enums import (
    Alternative,
    Cause,
    Condition,
    Confidence,
    Effect,
    ExtensionFrom,
    ExtensionGround,
    FeeCondition,
    FeeMode,
    FirstDay,
    KindOfRequest,
    Measures,
    Origin,
    Roll,
    Statement,
    Unit,
)
from privacy.law.errors import PeriodError

ACT_AS_A_WHOLE = "Act as a whole"  # the section of a rule for which no section of the law is known
LONGEST = 10_000  # of any unit; keeps a slip of the pen inside the calendar


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: `n` units. Raises PeriodError for one that no law and no promise can mean."""

    n: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.n <= LONGEST:
            raise PeriodError(f"A period is 1 to {LONGEST} {self.unit.value}s long, not {self.n}.")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time with its manner of counting.

    `calendar` names whose holidays count; None means the caller has to choose one of `calendar_may_be`.
    """

    span: Span
    calendar: str | None
    first_day: FirstDay = FirstDay.EXCLUDED
    roll: Roll = Roll.NONE
    calendar_may_be: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """How the period may be prolonged: `times` times, at most by `span`, by notice on or before the running limit."""

    span: Span
    times: int = 1
    counted_from: ExtensionFrom = ExtensionFrom.BASE
    grounds: tuple[ExtensionGround, ...] = ()  # empty: any reason, in words
    uncapped_grounds: tuple[ExtensionGround, ...] = ()  # as long as is needed
    longer_with_permission: bool = False  # the authority may permit more
    must_say: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """What waiting for one cause does, and what must be confirmed for it to do so."""

    cause: Cause
    effect: Effect
    needs: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Fee:
    mode: FeeMode
    needs: tuple[FeeCondition, ...] = ()
    deposit: bool = False
    lapse_after: Span | None = None  # unanswered that long after the estimate, the subject request is withdrawn


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    period: Period
    must_say: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Recourse:
    """Where a refused person can go, and for how long. `within` None: no period is known, not 'no time'."""

    authorities: tuple[str, ...]
    within: Span | None = None


class Clocked(Protocol):
    """What the clock needs to know; statutory rules and policy promises both offer it."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def citation(self) -> str: ...
    @property
    def origin(self) -> Origin: ...
    @property
    def period(self) -> Period: ...
    @property
    def target(self) -> Span | None: ...
    @property
    def extension(self) -> Extension | None: ...
    @property
    def stops(self) -> tuple[Stop, ...]: ...
    @property
    def acknowledgement(self) -> Acknowledgement | None: ...
    @property
    def deemed_refusal(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One law, one kind of subject request, from one day on.

    `version` is the day it takes effect and a fingerprint of everything that changes its meaning, so that a stored
    snapshot can tell whether it still is the rule of today. `from_memory` names the parts that stand unsourced even
    where the figure itself is sourced.
    """

    id: str
    version: str
    law: str
    law_name: str
    kind: KindOfRequest
    section: str
    effective_from: date | None
    measures: Measures
    period: Period
    target: Span | None
    extension: Extension | None
    stops: tuple[Stop, ...]
    fee: Fee | None
    acknowledgement: Acknowledgement | None
    deemed_refusal: bool
    recourse: Recourse
    hold_until_recourse_exhausted: bool
    identity_check_allowed: bool
    answer_must_say: tuple[Statement, ...]
    keep_record: Span | None
    note: str
    source: str
    confidence: Confidence
    from_memory: tuple[str, ...]
    verified_by: str | None
    verified_on: date | None

    @property
    def citation(self) -> str:
        return self.law_name if self.section == ACT_AS_A_WHOLE else f"{self.law_name} {self.section}"

    @property
    def origin(self) -> Origin:
        return Origin.LAW


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPromise:
    """What an organisation promises in its own policy: counted like a statute, beside the statutes.

    A promise does not extend itself and does not stop unless its own words say so. Raises PeriodError when its
    extension is in another unit than the promise.
    """

    id: str
    version: str
    citation: str
    period: Period
    target: Span | None = None
    extension: Extension | None = None
    stops: tuple[Stop, ...] = ()

    def __post_init__(self) -> None:
        if self.extension and self.extension.span.unit is not self.period.span.unit:
            raise PeriodError("A promise is extended in the unit it is made in; change the unit of one of them.")

    @property
    def origin(self) -> Origin:
        return Origin.PROMISE

    @property
    def acknowledgement(self) -> None:
        return None

    @property
    def deemed_refusal(self) -> bool:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNotice:
    """Who has to hear of a correction: those it was disclosed to within `look_back` (None: no limit is known)."""

    section: str
    whom: str
    look_back: Span | None
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    code: str
    name: str
    law_name: str
    authorities: tuple[str, ...]
    refusal_must_say: tuple[Statement, ...]
    correction_notice: CorrectionNotice | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who hears complaints. Whatever is not surely known is None: people who were refused rely on it."""

    code: str
    name: str
    url: str
    complaint_url: str | None
    postal_address: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalGround:
    """A reason in law to say no. `law` None: holds under any law.

    `disclosable` False: the data subject must not be told of it, so no letter may be written from it. `alternatives` is
    what this ground leaves room for; the officer chooses which of them to offer. `gives_evidence`: the law wants the
    evidence given to the person, which the officer does in the reasons.
    """

    code: str
    law: str | None
    section: str
    words: str
    kinds: tuple[KindOfRequest, ...]
    must_refuse: bool
    must_sever: bool
    gives_evidence: bool
    disclosable: bool
    notify_authority: bool
    wait: Span | None
    exceptions: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    source: str
    confidence: Confidence
