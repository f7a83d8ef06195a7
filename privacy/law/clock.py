"""From the day a subject request was received to the last day for the answer.

The danger: a date that is too late makes the organisation break the law, unseen. The rule: nothing here guesses. What
the law does not say does not stop the clock, where readings differ the earlier date is the target, and a missing
calendar or a contradictory history is an error.

Everything is a pure function of its arguments; a closed subject request is never computed again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from privacy.law import words
from privacy.law.calendars import NO_OVERLAY, DayBook
from privacy.law.counting import ONE_DAY, last_day
from privacy.law.deadline import Deadline
from privacy.law.enums import Measures
from privacy.law.errors import CalendarError
from privacy.law.events import ClockEvent, Extended, WaitBegan, WaitEnded, check_history
from privacy.law.extensions import check_extension
from privacy.law.history import History
from privacy.law.shapes import Clocked, Period
from privacy.law.trail import Trail

TARGET_PERCENT = 70  # of the window; leaves time for a second pair of eyes


def due_date(
    rule: Clocked,
    received_on: date,
    *,
    events: Sequence[ClockEvent] = (),
    calendar: str | None = None,
    overlay: Mapping[date, str] = NO_OVERLAY,
    as_of: date | None = None,
) -> Deadline:
    """Return the deadline under one rule or promise, with its explanation.

    Args:
        rule: a statutory rule or a policy promise.
        received_on: local date on which any channel of the organisation received the subject request.
        events: what happened to the clock since, in order of date.
        calendar: whose holidays count, where the rule leaves the choice ("DE" under the GDPR).
        overlay: further days that do not count, {date: name}.
        as_of: the day to look at a clock that stands; without it the time of an open wait is not credited.

    Raises:
        ClockError: the events contradict each other.
        ExtensionNotAllowed: a notice of extension among the events is not one the rule allows.
        CalendarError: the holidays are not known.
    """
    check_history(received_on, events)
    book = DayBook(calendar_for(rule.period, calendar), overlay)
    history = History(rule, received_on)
    for event in events:
        _apply(history, event, book)
    seen_on = as_of or max([received_on, *(wait.began_on for wait in history.open_waits())])
    return _deadline(history, book, seen_on)


def calendar_for(period: Period, chosen: str | None) -> str:
    """Return the calendar to use.

    Raises CalendarError when the choice is needed and missing, or not one the rule offers.
    """
    if chosen is not None and chosen != period.calendar and chosen not in period.calendar_may_be:
        offered = ", ".join(filter(None, (period.calendar, *period.calendar_may_be)))
        raise CalendarError(f"This rule does not count by the holidays of {chosen!r}; it offers: {offered}.")
    calendar = chosen or period.calendar
    if calendar is None:
        offered = ", ".join(period.calendar_may_be)
        raise CalendarError(f"This rule needs to know whose holidays count; choose one of: {offered}.")
    return calendar


def _apply(history: History, event: ClockEvent, book: DayBook) -> None:
    match event:
        case WaitEnded():
            history.end_wait(event)
        case WaitBegan():
            history.begin_wait(event, running_until=_walk(history, book, event.on).last_day)
        case Extended() if event.under == history.rule.id:
            limit = _walk(history, book, event.on).last_day
            check_extension(history.rule, event, earlier=history.extensions, running_until=limit)
            history.extensions.append(event)


def _walk(history: History, book: DayBook, as_of: date) -> Trail:
    """Lead the last day from the start through extension, standstill and roll; every move is written down."""
    rule, start = history.rule, history.starts_on(as_of)
    trail = Trail(book, history.received_on)
    trail.say(words.RECEIVED, day=history.received_on)
    trail.steps.extend(history.ignored)
    _tell_restarts(trail, history, as_of)
    trail.count(rule.citation, rule.period, start)
    for event in history.extensions:
        assert rule.extension is not None  # checked when the notice was taken in
        trail.extend(rule, rule.extension, event, start)
    for begin, end in history.standstills(as_of):
        trail.stand_still(begin, end, rule.period.span.unit)
    trail.roll(rule.period)
    return trail


def _tell_restarts(trail: Trail, history: History, as_of: date) -> None:
    for day, wait in history.restarts(as_of):
        sentence = words.RESTARTED if wait.ended_on else words.WOULD_RESTART
        trail.say(sentence, cause=words.cause_word(wait.cause), day=day)


def _deadline(history: History, book: DayBook, as_of: date) -> Deadline:
    rule, trail, open_waits = history.rule, _walk(history, book, as_of), history.open_waits()
    measures = getattr(rule, "measures", Measures.ANSWER)
    for wait in open_waits:
        trail.say(words.STILL_WAITING, day=wait.began_on, cause=words.cause_word(wait.cause))
    trail.say(words.DUE if measures is Measures.ANSWER else words.DUE_ACKNOWLEDGEMENT, day=trail.last_day)
    acknowledgement = _acknowledge(rule, history.received_on, book)
    extension_left = rule.extension is not None and len(history.extensions) < rule.extension.times
    return Deadline(
        rule_id=rule.id,
        rule_version=rule.version,
        citation=rule.citation,
        origin=rule.origin,
        measures=measures,
        received_on=history.received_on,
        starts_on=history.starts_on(as_of),
        due_on=trail.last_day,
        target_on=_target(history, book, as_of, trail.last_day),
        acknowledge_by=acknowledgement.last_day if acknowledgement else None,
        extension_notice_by=trail.last_day if extension_left else None,
        deemed_refused_on=trail.last_day + ONE_DAY if rule.deemed_refusal else None,
        waiting_for=tuple(wait.cause for wait in open_waits),
        explanation=tuple(trail.steps),
        acknowledgement=tuple(acknowledgement.steps) if acknowledgement else (),
    )


def _target(history: History, book: DayBook, as_of: date, due_on: date) -> date:
    """The internal target: 70 % of the window, the rule's own target, or the cautious reading, whichever is first."""
    start = history.starts_on(as_of)
    targets = [due_on, start + timedelta(days=(due_on - start).days * TARGET_PERCENT // 100)]
    if history.rule.target:
        targets.append(last_day(start, history.rule.target, history.rule.period.first_day, book))
    if any(history.restarts(as_of)):
        targets.append(_walk(history.as_if_restarts_were_pauses(), book, as_of).last_day)
    return min(targets)


def _acknowledge(rule: Clocked, received_on: date, book: DayBook) -> Trail | None:
    """Lead to the last day to acknowledge receipt, None where the law asks for no acknowledgement. Nothing stops it."""
    if rule.acknowledgement is None:
        return None
    trail, period = Trail(book, received_on), rule.acknowledgement.period
    trail.say(words.RECEIVED, day=received_on)
    trail.count(rule.citation, period, received_on)
    trail.roll(period)
    trail.say(words.DUE_ACKNOWLEDGEMENT, day=trail.last_day)
    return trail
