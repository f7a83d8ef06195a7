"""By when others have to have stopped: the earliest day that any law gives, ten business days at most.

CASL is counted wherever Canada's laws apply: it is about the messages, not about where the organisation says it is
(S.C. 2010, c. 23, s. 11(3), s. 12). The ten business days are our own limit everywhere else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from privacy.law.calendars import NO_OVERLAY, DayBook
from privacy.law.catalogue import jurisdiction, rule_for
from privacy.law.clock import due_date
from privacy.law.counting import last_day
from privacy.law.enums import FirstDay, KindOfRequest, Unit
from privacy.law.errors import CalendarError
from privacy.law.shapes import Rule, Span
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import overlays

KIND = KindOfRequest.CONSENT_WITHDRAWAL
CASL = "CA-CASL"
OWN_LIMIT = "own.withdrawal"
_OWN_SPAN = Span(10, Unit.BUSINESS_DAY)

Overlays = Mapping[str, Mapping[date, str]]


@dataclass(frozen=True, order=True)
class LastDay:
    """A day, and the rule it follows from."""

    due_on: date
    rule: str


def day_to_stop_by(withdrawn_on: date, organisation: OrganisationProfile) -> LastDay:
    """The last day for others to stop.

    Args:
        withdrawn_on: local date of the withdrawal.

    Raises:
        UnknownLaw: the profile names a law that does not exist.
    """
    added = overlays()
    return min([_own_limit(withdrawn_on, organisation.country, added), *_by_law(withdrawn_on, organisation, added)])


def _by_law(on: date, organisation: OrganisationProfile, added: Overlays) -> Iterator[LastDay]:
    """Under each law that knows withdrawals, by every calendar that may be meant: a day too late breaks the law."""
    for law in _laws(organisation):
        if not any(rule.kind is KIND for rule in jurisdiction(law).rules):
            continue
        rule = rule_for(law=law, kind=KIND, on=on)
        for calendar in _calendars(rule, organisation.country):
            found = due_date(rule, on, calendar=calendar, overlay=added.get(calendar, NO_OVERLAY))
            yield LastDay(found.due_on, rule.id)


def _laws(organisation: OrganisationProfile) -> list[str]:
    laws = list(organisation.laws)
    is_canadian = any(code.partition("-")[0] == "CA" for code in (*laws, organisation.country))
    return [*laws, CASL] if is_canadian and CASL not in laws else laws


def _calendars(rule: Rule, country: str) -> tuple[str, ...]:
    period = rule.period
    if period.calendar is not None:
        return (period.calendar,)
    ours = tuple(name for name in period.calendar_may_be if name.partition("-")[0] == country)
    return ours or period.calendar_may_be


def _own_limit(on: date, country: str, added: Overlays) -> LastDay:
    book = DayBook(country, added.get(country, NO_OVERLAY))
    try:
        day = last_day(on, _OWN_SPAN, FirstDay.EXCLUDED, book)
    except CalendarError:  # nobody lists this country's holidays: ten days in a row are over earlier
        day = on + timedelta(days=_OWN_SPAN.n)
    return LastDay(day, OWN_LIMIT)
