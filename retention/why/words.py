"""Verdicts in words that an officer can read out to the person on the telephone."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from privacy.datamap.engine.moments import BeyondCalendar, Moment
from privacy.datamap.models import Action
from privacy.register.selectors import local_date
from retention.enums import HoldKind, RunKind, StartEvent
from retention.models import Hold
from retention.problems import problem_words
from retention.transitions import GOING_ON
from retention.why.answers import EVER, Cause, Explanation, RuleAnswer, RuleStand, RunAnswer
from retention.why.deciding import Verdict
from retention.why.noticing import NoticeAnswer, NoticeStand

_MAY_NEVER_HAPPEN = {StartEvent.CONTRACT_END, StartEvent.CANCELLATION, StartEvent.DECISION, StartEvent.WITHDRAWAL}


@dataclass(frozen=True)
class Words:
    """level: of the badge. title: the answer in a line. why: the reason. when: when it will go.

    newer: that an erasure left it as newer than the request, where that is not the reason itself; empty for none.
    """

    level: str
    title: str
    why: str
    when: str
    newer: str = ""


@dataclass(frozen=True)
class Rung:
    """One line of what beats what. decides: it is the one that does."""

    name: str
    words: str
    speaks: bool
    decides: bool


def verdict_words(said: Explanation, verdict: Verdict) -> Words:
    """The answer to "why is this still here?" and to "when will it go?"."""
    if verdict.spared_until is not None:
        level, title, why = _spared_why(verdict.cause, verdict.spared_until)
    else:
        level, title, why = _WHY[verdict.cause](said, verdict)
    newer = _newer_words(said) if said.newer_than is not None and verdict.cause is not Cause.NEWER else ""
    return Words(level, title, why, when_words(verdict), newer)


def when_words(verdict: Verdict) -> str:
    """When it will go; that nobody can say, where nobody can."""
    if verdict.cause in _NEVER_SAID:
        return ""
    if verdict.cause is Cause.ERASURE:
        return _("With the erasure that is under way.")
    if verdict.goes_on is None:
        if verdict.after_hold:
            return _("Nobody can say: not before the release, and no rule names a day for it.")
        return _("Nobody can say: no rule names a day for it.")
    if verdict.after_hold:
        return _hold_when(verdict)
    if verdict.spared_until is not None and verdict.goes_on <= local_date(verdict.spared_until):
        return _("It is %(done)s by the first run after %(moment)s, until when it is left alone.") % {
            "done": _done(verdict.action), "moment": moment_words(verdict.spared_until),
        }  # fmt: skip
    if verdict.goes_on > local_date(timezone.now()):
        return _("It is %(done)s on %(day)s at the earliest, by the run of that day.") % {
            "done": _done(verdict.action), "day": day_words(verdict.goes_on),
        }  # fmt: skip
    return _("It is %(done)s by the next run that may work; it has been due since %(day)s.") % {
        "done": _done(verdict.action), "day": day_words(verdict.goes_on),
    }  # fmt: skip


def stand_words(answer: RuleAnswer) -> str:
    """How a rule and the row stand to each other, for the table of rules."""
    words = {
        RuleStand.OFF: _("The rule is switched off."),
        RuleStand.PROBLEM: answer.problem,
        RuleStand.NOT_MEANT: _("The rule is not about this record: its conditions do not hold for it."),
        RuleStand.NO_DATE: _("The date from which it counts is not known, so nobody can say; it is never guessed."),
        RuleStand.BEYOND: _("Its date lies so far ahead that no day can be named on which its time is over."),
        RuleStand.UNSURE: _("The source does not confirm the day that follows from the date, so none is said."),
        RuleStand.WAITS: _("Its time is not over yet."),
        RuleStand.DUE: _("Its time is over."),
        RuleStand.DONE: _("What the rule asks for was done: the record is anonymised."),
    }
    return words[answer.stand]


def notice_words(notice: NoticeAnswer) -> str:
    """How the letter to the person stands, that a rule with notice wants first."""
    given = day_words(notice.given_on) if notice.given_on else ""
    words = {
        NoticeStand.NOT_GIVEN: _("The person has not been told yet; the next run of the rule writes to them in time."),
        NoticeStand.OUTBOX: _("The letter to the person was written on %(day)s and has not been sent yet."),
        NoticeStand.UNDELIVERED: _("The letter of %(day)s could not be delivered, so the record waits."),
        NoticeStand.NO_ADDRESS: _("There is no mail address to which a letter could go."),
        NoticeStand.GIVEN: _("The person was told by a letter of %(day)s."),
    }
    return words[notice.stand] % {"day": given}


def ladder(said: Explanation, verdict: Verdict) -> list[Rung]:
    """What beats what, from the strongest, with what each has to say about this record."""
    legal = [each for each in said.held_by if each.kind == HoldKind.LEGAL]
    restricted = [each for each in said.held_by if each.kind == HoldKind.RESTRICTION]
    locks = [each for each in said.held_by if each.kind == HoldKind.OPEN_REQUEST]
    erasing = [each for each in said.runs if each.run.kind != RunKind.RETENTION and not each.leaves_newer]
    taking = [each for each in said.rules if each.stand in (RuleStand.DUE, RuleStand.WAITS)]
    kept = bool(said.laws) or any(each.kept_by_law for each in said.rules)
    decisive = _RUNG.get(verdict.cause)
    in_force, stored = _("in force"), _("stored only, as the person asked")
    left_alone = _("its data is left alone until it is answered")
    rungs = [
        ("hold", _("Legal hold"), legal, _unless_released(legal, in_force), _("none")),
        ("restriction", _("Restriction"), restricted, _unless_released(restricted, stored), _("none")),
        ("request", _("Open request"), locks, _unless_released(locks, left_alone), _("none")),
        ("minimum", _("Statutory minimum"), kept, _("the law wants it kept"), _("none keeps this record now")),
        (
            "erasure",
            _("Erasure request"),
            erasing or said.newer_than,
            _erasure_rung(said, erasing),
            _("none under way"),
        ),
        ("rule", _("The rule's own maximum"), taking, _("see the rules below"), _("no rule will take it")),
    ]
    return [
        Rung(name, there if speaks else absent, bool(speaks), code == decisive)
        for code, name, speaks, there, absent in rungs
    ]


def _erasure_rung(said: Explanation, erasing: Sequence[RunAnswer]) -> str:
    if erasing or said.newer_than is None:
        return _("an erasure has it")
    return _("not about it: it came after %(day)s, the day of the request") % {"day": day_words(said.newer_than)}


def _unless_released(holds: Sequence[Hold], words: str) -> str:
    """What holds of one kind do; of those that are released, until when they still spare their data."""
    spared = [each.spared_until for each in holds if each.spared_until is not None]
    if not spared or len(spared) < len(holds):
        return words
    return _("released; its data is left alone until %(moment)s") % {"moment": moment_words(max(spared))}


def day_words(day: dt.date) -> str:
    """A day as people write it."""
    return _("a day before the calendar begins") if day == EVER else date_format(day, "j F Y")


def event_words(event: Moment) -> str:
    """The date in a record from which a rule counts, on the calendar of the organisation; empty for none."""
    if event is None:
        return ""
    if isinstance(event, BeyondCalendar):
        early, late = _("“%(date)s”, before the calendar begins"), _("“%(date)s”, after the calendar ends")
        return (early if event.is_past else late) % {"date": event.text}
    return date_format(_local_day(event), "j F Y")


def badge_words(said: Explanation, verdict: Verdict) -> str:
    """The day on which it goes, in short."""
    if not said.found:
        return _("not found")
    if verdict.goes_on is None or verdict.after_hold:
        return _("no day known")
    day = verdict.goes_on
    if verdict.spared_until is not None:
        day = max(day, local_date(verdict.spared_until))
    return _("overdue") if day == EVER else date_format(day, "j M Y")


def run_state_words(answer: RunAnswer) -> str:
    """What an open run is doing: one that is kept from going on waits, and is not said to be running."""
    if answer.blocked and answer.run.state in GOING_ON:
        return _("waiting")
    return str(answer.run.get_state_display())


def moment_words(moment: dt.datetime) -> str:
    """A moment on the clock of the organisation."""
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def _local_day(event: dt.date) -> dt.date:
    if not isinstance(event, dt.datetime):
        return event
    try:
        return local_date(event) if event.tzinfo else event.date()
    except OverflowError:  # the first or the last day of all
        return event.date()


def _hold_when(verdict: Verdict) -> str:
    assert verdict.goes_on is not None
    if verdict.goes_on <= local_date(timezone.now()):
        words = _(
            "Nobody can say: not before the release. It has been due since %(day)s. After the release it is left alone "
            "for one more day, and then %(done)s by the next run."
        )
    else:
        words = _(
            "Nobody can say: not before the release, after which it is left alone for one more day. Without the hold "
            "it would be %(done)s on %(day)s."
        )
    return words % {"done": _done(verdict.action), "day": day_words(verdict.goes_on)}


def _done(action: str) -> str:
    return _("anonymised") if action == Action.MASK else _("deleted")


def _minimum_why(said: Explanation, _verdict: Verdict) -> tuple[str, str, str]:
    lines = [
        _("%(reason)s, until %(day)s.") % {"reason": each.reason, "day": day_words(each.until)}
        if each.until
        else _("%(reason)s. Until when cannot be said: its date is not known, or too far ahead.")
        % {"reason": each.reason}
        for each in said.laws
    ]
    return "info", _("The law wants it kept"), " ".join(lines) or _("A minimum over records that hang from it does.")


def _notice_why(_said: Explanation, verdict: Verdict) -> tuple[str, str, str]:
    assert verdict.rule is not None
    assert verdict.rule.notice is not None
    words = notice_words(verdict.rule.notice)
    rule = _("The rule acts %(days)d days after its letter to the person.") % {"days": verdict.rule.rule.notice_days}
    return "info", _("It waits for its notice"), f"{words} {rule}"


def _hours_why(said: Explanation, _verdict: Verdict) -> tuple[str, str, str]:
    assert said.out_of_hours is not None
    begin = date_format(timezone.localtime(said.out_of_hours), "SHORT_DATETIME_FORMAT")
    return "soon", _("It is due; retention rests now"), _("Retention may work again from %(begin)s.") % {"begin": begin}


def _run_why(_said: Explanation, verdict: Verdict) -> tuple[str, str, str]:
    assert verdict.run is not None
    why = problem_words(verdict.run.blocked) or _("The run is: %(state)s.") % {"state": run_state_words(verdict.run)}
    return "soon", _("It is due; its run waits"), why


def _erasure_why(_said: Explanation, verdict: Verdict) -> tuple[str, str, str]:
    assert verdict.run is not None
    state = _("The run is: %(state)s.") % {"state": run_state_words(verdict.run)}
    return "info", _("It is being erased on request"), f"{state} {problem_words(verdict.run.blocked)}".strip()


def _no_date_why(said: Explanation, _verdict: Verdict) -> tuple[str, str, str]:
    """A customer who has not cancelled has no date of it, and nothing is wrong with that."""
    if {each.rule.start_event for each in said.rules if each.stand is RuleStand.NO_DATE} <= _MAY_NEVER_HAPPEN:
        return (
            "info", _("There is no date from which its time could count"),
            _("It has not happened yet, or the source does not have the whole date of it. Without one no rule takes "
              "the record. If it did happen, put the date right in the source."),
        )  # fmt: skip
    return (
        "soon", _("The date from which its time counts is not known"),
        _("A record without that date is never taken by the rule. Put the date right in the source."),
    )  # fmt: skip


def _newer_words(said: Explanation) -> str:
    assert said.newer_than is not None
    words = _(
        "The erasure that the person asked for leaves it: it came after %(day)s, the day on which their request was "
        "received, or belongs to something that did. The request is not about it; if they want it erased as well, they "
        "ask again."
    )
    return words % {"day": day_words(said.newer_than)}


def _spared_why(cause: Cause, until: dt.datetime) -> tuple[str, str, str]:
    titles = {
        Cause.LEGAL_HOLD: _("Its legal hold was released not long ago"),
        Cause.RESTRICTION: _("Its restriction was lifted not long ago"),
        Cause.REQUEST: _("A request about the person ended not long ago"),
    }
    words = _(
        "Its data is still left alone until %(moment)s, so that a release by mistake destroys nothing. Then the rules "
        "go on by themselves."
    )
    return "soon", titles[cause], words % {"moment": moment_words(until)}


def _legal_why(said: Explanation, _verdict: Verdict) -> tuple[str, str, str]:
    what = []
    for hold in said.held_by:
        if hold.kind != HoldKind.LEGAL or hold.released_at is not None:
            continue
        if hold.subject_id is not None:
            what.append(_("on the person"))
        elif hold.category:
            what.append(_("on every table with “%(category)s”") % {"category": hold.get_category_display()})
        else:
            what.append(_("on the whole table"))
    holds = ", ".join(dict.fromkeys(what))
    return "overdue", _("A legal hold keeps it"), _("Held %(what)s. A hold beats everything else.") % {"what": holds}


Why = Callable[[Explanation, Verdict], tuple[str, str, str]]

_WHY: dict[Cause, Why] = {
    Cause.NOT_FOUND: lambda _s, _v: (
        "plain", _("There is no such record"),
        _("The source has none with this key among the records that are yours. It may have been deleted already."),
    ),
    Cause.SOURCE_OFF: lambda _s, _v: (
        "soon", _("Its source is switched off"), _("Nothing is changed in a source that is switched off."),
    ),
    Cause.LEGAL_HOLD: _legal_why,
    Cause.RESTRICTION: lambda _s, _v: (
        "soon", _("It is restricted at the person's request"),
        _("The person had the use of their data restricted, so it is stored and nothing else is done with it. It goes "
          "on once the restriction is lifted, of which they are told first, or when they ask for erasure themselves."),
    ),
    Cause.REQUEST: lambda _s, _v: (
        "soon", _("A request about the person is open"),
        _("While somebody asks about their data, and can still complain about the answer, it is left as it is."),
    ),
    Cause.ERASURE: _erasure_why,
    Cause.MINIMUM: _minimum_why,
    Cause.NOTICE: _notice_why,
    Cause.AWAITING: lambda _s, _v: (
        "soon", _("It is due; its run waits for a second officer"), _("Nothing is changed before they approve."),
    ),
    Cause.RUN_WAITS: _run_why,
    Cause.RUN_WORKS: lambda _s, _v: ("info", _("A run is about to change it"), _("It is in the plan of a run.")),
    Cause.HOURS: _hours_why,
    Cause.DUE: lambda _s, _v: ("info", _("It is due"), _("Nothing keeps it. The next run of the rule takes it.")),
    Cause.NOT_DUE: lambda _s, v: (
        "ok", _("Its time is not over yet"), _("A rule will take it, and nothing else keeps it."),
    ),
    Cause.NEWER: lambda s, _v: ("info", _("It is newer than the erasure request"), _newer_words(s)),
    Cause.NO_DATE: _no_date_why,
    Cause.BEYOND: lambda _s, _v: (
        "soon", _("Its time is never over"),
        _("The date from which it counts lies so far ahead that no rule ever takes the record. If the date stands for "
          "something else, put it right in the source."),
    ),
    Cause.UNKNOWN: lambda s, _v: (
        "overdue", _("Nobody can say"), s.problem or _("A rule over this table cannot be planned; see below why."),
    ),
    Cause.DONE: lambda _s, _v: (
        "ok", _("It is anonymised already"), _("What is left of it is not taken by any rule."),
    ),
    Cause.NOT_MEANT: lambda _s, _v: (
        "soon", _("No rule is about this record"), _("There are rules over its table; their conditions do not hold."),
    ),
    Cause.NO_RULE: lambda _s, _v: (
        "overdue", _("No rule in force says how long this table is kept"),
        _("It stays until somebody writes a rule, or the person asks for erasure."),
    ),
}  # fmt: skip

_NEVER_SAID = frozenset({Cause.NOT_FOUND, Cause.SOURCE_OFF})

_RUNG = {
    Cause.LEGAL_HOLD: "hold",
    Cause.RESTRICTION: "restriction",
    Cause.REQUEST: "request",
    Cause.MINIMUM: "minimum",
    Cause.NOTICE: "rule",
    Cause.ERASURE: "erasure",
    Cause.NEWER: "erasure",
    Cause.AWAITING: "rule",
    Cause.RUN_WAITS: "rule",
    Cause.RUN_WORKS: "rule",
    Cause.HOURS: "rule",
    Cause.DUE: "rule",
    Cause.NOT_DUE: "rule",
}
