"""Whom a person can ask for review, and until when, in words for them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from privacy.law.catalogue import authority
from privacy.law.shapes import Rule, Span
from privacy.law.words import unit_word
from privacy.letters.words import day_words
from privacy.register.selectors import local_date
from requests.clocks import rules_of
from requests.models import SubjectRequest
from requests.recourse import clocks_of_law, recourse_day


def authorities_of(case: SubjectRequest) -> list[dict[str, Any]]:
    """The authorities of the laws of a case, in the language that is active; once it is decided, also until when."""
    answered_on = local_date(timezone.now()) if case.decided_at is not None else None
    rules = zip(clocks_of_law(case), rules_of(case.deadlines), strict=True)
    return told_authorities(
        (rule, recourse_day(rule, answered_on, each) if answered_on is not None else None) for each, rule in rules
    )


def authorities_after_silence(case: SubjectRequest, refused_on: date) -> list[dict[str, Any]]:
    """The authorities of a case that the law takes as refused from a day, in the language that is active.

    There is no answer from which time could count: it counts from the end of the time that we had (PIPEDA s. 11(3)),
    which is over on the day before. Of a law under which silence is no refusal on that day, no last day is told.
    """
    rules = []
    for kept, rule in zip(clocks_of_law(case), rules_of(case.deadlines), strict=True):
        ended_on = _time_ended_on(kept, refused_on)
        rules.append((rule, recourse_day(rule, ended_on, kept) if ended_on is not None else None))
    return told_authorities(rules, after_silence=True)


def _time_ended_on(kept: dict[str, Any], refused_on: date) -> date | None:
    """The last day of a clock that is over; None for one whose law does not take the case as refused on that day."""
    since = kept["deemed_refused_on"]
    if kept.get("stands") or not since or date.fromisoformat(since) > refused_on:
        return None
    return date.fromisoformat(since) - timedelta(days=1)


def told_authorities(rules: Iterable[tuple[Rule, date | None]], *, after_silence: bool = False) -> list[dict[str, Any]]:
    """Each authority once, with the time that these rules give.

    Where laws give one authority different times the longest is told: who comes in time by one of them comes in time.

    Args:
        rules: each with its last day of recourse, where that is known already.
        after_silence: there is no answer, so the time counts from the end of ours.
    """
    found: dict[str, dict[str, Any]] = {}
    for rule, until in rules:
        for code in rule.recourse.authorities:
            before = found.get(code)
            if before is None or (until and before["until"] and until > before["until"]):
                found[code] = _told(code, rule.recourse.within, until) | {"after_silence": after_silence}
    return list(found.values())


def _told(code: str, within: Span | None, until: date | None) -> dict[str, Any]:
    body = authority(code)
    return {
        "code": code,
        "name": gettext(body.name),
        "address": body.postal_address or "",
        "url": body.complaint_url or body.url,
        "within_words": _length(within),
        "until": until,
        "until_words": day_words(until) if until else "",
    }


def _length(within: Span | None) -> str:
    return f"{within.n} {gettext(unit_word(within.n, within.unit))}" if within else ""
