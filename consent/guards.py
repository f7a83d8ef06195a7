"""What has to be true of a consent besides its terms: evidence, age, authority. Each refusal says what to do.

Danger: a consent that looks like one and proves nothing: of a child, by somebody whose authority had ended, after an
opt-out period that still runs, by silence to what needs an answer.
Rule: whoever records a consent says how it was given and, where the purpose has a minimum age, how old the person is.
What is not said is not assumed. Age and authority are judged on the day of the decision; a date of birth is not kept
(GDPR Art. 5(1)(c)).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from consent.errors import (
    AgeUnknown,
    AuthorityExpired,
    BirthDateImpossible,
    DayImpossible,
    DecisionNotStated,
    EvidenceMissing,
    NoMinor,
    OptOutStillOpen,
    PersonTooYoung,
    SilenceIsNoConsent,
)
from consent.evidence import PAST_DAYS, read_evidence
from consent.models import STATED, Decision, Method
from consent.silence import SILENT, WORDS, why_silence_is_no_consent
from privacy.register.models import Purpose
from privacy.register.selectors import zone

FIRST_YEAR = 1970
"""Of the first law on data protection (Hesse): before it nobody was asked, and an earlier day was mistyped."""
OF_AGE_EVERYWHERE = 21
"""Years. People are of age at 18 by most laws, at 19 in British Columbia, and at 21 at the latest."""
_FIRST_ZONE, _LAST_ZONE = timedelta(hours=14), timedelta(hours=12)
"""How long before UTC a day begins where it begins first, and how long after it where it does last."""


@dataclass(frozen=True, slots=True)
class Age:
    """What is said of the person's age: the date of birth, or that they are as old as the purpose asks."""

    birth_date: date | None = None
    is_of_age: bool | None = None


NOT_SAID = Age()


class Today:
    """Days where the organisation is; asked for only where something depends on them, and once for many decisions."""

    @cached_property
    def day(self) -> date:
        return self.day_of(timezone.now())

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self._zone)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    @cached_property
    def _zone(self) -> ZoneInfo:
        return zone()


def check_capture(
    *,
    purpose: Purpose,
    decision: str,
    method: str,
    evidence: dict[str, Any] | None,
    age: Age = NOT_SAID,
    occurred_at: datetime | None = None,
    today: Today | None = None,
) -> dict[str, Any] | None:
    """The evidence that is to be kept with a decision; how the age was known is part of it.

    Args:
        occurred_at: when somebody says it happened; None: now.

    Raises:
        ConsentRefused: something lacks or forbids it; the error names the field.
    """
    if decision not in STATED:
        raise DecisionNotStated(_("People give, refuse or withdraw. State one of these."))
    if decision != Decision.GIVEN:
        return evidence
    if occurred_at is not None and occurred_at.year < FIRST_YEAR:
        raise DayImpossible(too_long_ago())
    if method in SILENT:
        _check_silence(purpose)
    today = today or Today()
    found = _checked_evidence(method, evidence, today)
    if method == Method.REPRESENTATIVE:
        _check_authority(found, _decided_on(found, occurred_at, today))
    if method == Method.OPT_OUT:
        _check_period(found, occurred_at, today)
    if occurred_at is not None:
        _check_same_day(method, found, occurred_at)
    if age.birth_date is not None:
        _check_born(age.birth_date, _decided_on(found, occurred_at, today))
        if found.get("is_guardian"):
            _check_minor(age.birth_date, _decided_on(found, occurred_at, today))
    if purpose.minimum_age is None:
        return evidence
    known_by = _age_known_by(purpose.minimum_age, method, found, age, _decided_on(found, occurred_at, today))
    return {**(evidence or {}), "age": {"minimum": purpose.minimum_age, "known_by": known_by}}


def too_long_ago() -> str:
    """Why a day cannot be that of a consent."""
    return _("Nobody was asked for consent that long ago. Check the year: it is %d or later.") % FIRST_YEAR


def _check_silence(purpose: Purpose) -> None:
    why = why_silence_is_no_consent(purpose)
    if why is not None:
        raise SilenceIsNoConsent(str(WORDS[why]))


def _checked_evidence(method: str, evidence: dict[str, Any] | None, today: Today) -> dict[str, Any]:
    read = read_evidence(method, evidence)
    days = {name: read.values[name] for name in PAST_DAYS if name in read.values}
    errors = read.errors | {name: _("This day is yet to come.") for name, each in days.items() if each > today.day}
    errors |= {name: too_long_ago() for name, each in days.items() if each.year < FIRST_YEAR}
    if errors:
        lacks = "; ".join(f"{name}: {words}" for name, words in errors.items())
        raise EvidenceMissing(_("The evidence does not show how consent was given. %(lacks)s") % {"lacks": lacks})
    return read.values


def _check_authority(values: dict[str, Any], decided_on: date) -> None:
    """Whoever could decide for the person on that day could, though their authority ended since."""
    if values["valid_until"] < decided_on:
        raise AuthorityExpired(
            _(
                "The authority of the representative had ended on the day of the decision. Ask for a new one, or ask "
                "the person themselves."
            )
        )


def last_day_to_object(values: dict[str, Any]) -> date:
    """Of an opt-out with these pieces of evidence, as they are read."""
    last_day: date = values["notice_sent_on"] + timedelta(days=values["period_days"])
    return last_day


DATED = (Method.ORAL, Method.OPT_OUT)
"""Methods whose evidence gives the day of the decision."""


def day_in_evidence(method: str, values: dict[str, Any]) -> date | None:
    """The day on which the person decided by the evidence, as it is read; None where it says nothing of that."""
    if method == Method.ORAL:
        spoken_on: date = values["spoken_on"]
        return spoken_on
    return last_day_to_object(values) + timedelta(days=1) if method == Method.OPT_OUT else None


def _check_same_day(method: str, values: dict[str, Any], occurred_at: datetime) -> None:
    """A time that is stated beside the evidence is of its day, wherever on earth that day was counted."""
    day = day_in_evidence(method, values)
    if day is None:
        return
    midnight = datetime.combine(day, time.min, tzinfo=UTC)
    if not midnight - _FIRST_ZONE <= occurred_at < midnight + timedelta(days=1) + _LAST_ZONE:
        raise DayImpossible(
            _(
                "By the evidence the person decided on %(day)s, and this time is of another day. State when they "
                "decided and not when it was sent, or leave this out."
            )
            % {"day": day.isoformat()}
        )


def _check_period(values: dict[str, Any], occurred_at: datetime | None, today: Today) -> None:
    """Silence decides when the period is over, and not before."""
    last_day = last_day_to_object(values)
    if last_day >= today.day:
        raise OptOutStillOpen(
            _("The person can object until %(day)s. Record the consent after that day, if they did not.")
            % {"day": last_day.isoformat()}
        )
    if occurred_at is not None and today.day_of(occurred_at) <= last_day:
        raise DayImpossible(
            _("The person could object until %(day)s, and agreed by silence only after that. Leave this out.")
            % {"day": last_day.isoformat()}
        )


def _decided_on(found: dict[str, Any], occurred_at: datetime | None, today: Today) -> date:
    """The day on which the person decided, as far as anybody says: a child of then may be grown up by now.

    What the evidence says goes before a stated time, which may be of the next day elsewhere.
    """
    spoken_on: date | None = found.get("spoken_on")
    if spoken_on is not None:
        return spoken_on
    return today.day_of(occurred_at) if occurred_at is not None else today.day


def _check_born(birth_date: date, decided_on: date) -> None:
    if birth_date > decided_on:
        raise BirthDateImpossible(
            _("The person was not born yet on the day on which they are said to have decided. Check both days.")
        )


def _check_minor(birth_date: date, decided_on: date) -> None:
    """Nobody has parental authority over somebody who is of age by every law."""
    if _years(birth_date, decided_on) >= OF_AGE_EVERYWHERE:
        raise NoMinor(
            _(
                "By the date of birth the person was no minor then, so nobody had parental authority over them. "
                "Correct the date of birth, or state is_guardian as false and by which authority they acted."
            )
        )


def _age_known_by(minimum: int, method: str, found: dict[str, Any], age: Age, decided_on: date) -> str:
    """How it is known that the person can consent; whoever has parental authority can for them (GDPR Art. 8(1))."""
    by_guardian = method == Method.REPRESENTATIVE and found["is_guardian"]
    if by_guardian and (age.birth_date is None or _years(age.birth_date, decided_on) < minimum):
        return "guardian"
    words = {"age": minimum}
    if age.birth_date is not None:
        if _years(age.birth_date, decided_on) < minimum:
            raise PersonTooYoung(
                _("They were younger than %(age)d then. Ask whoever has parental authority over them.") % words
            )
        return "birth_date"
    if age.is_of_age:
        return "declaration"
    if age.is_of_age is False:
        raise PersonTooYoung(
            _("They were younger than %(age)d then. Ask whoever has parental authority over them.") % words
        )
    raise AgeUnknown(
        _("Consent to this purpose can be given from the age of %(age)d. Say the date of birth, or is_of_age.") % words
    )


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
