"""Whom a person can ask for review, and until when, in words for them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from privacy.law.afterwards import recourse_ends_on
from privacy.law.catalogue import authority
from privacy.law.enums import Origin
from privacy.law.shapes import Rule, Span
from privacy.law.words import unit_word
from privacy.letters.words import day_words
from privacy.register.selectors import local_date, overlay_for, profile
from requests.clocks import rules_of
from requests.models import SubjectRequest


def authorities_of(case: SubjectRequest) -> list[dict[str, Any]]:
    """The authorities of the laws of a case, in the language that is active; once it is decided, also until when."""
    answered_on = local_date(timezone.now()) if case.decided_at is not None else None
    kept = [each for each in case.deadlines if each["origin"] == Origin.LAW]
    rules = zip(kept, rules_of(case.deadlines), strict=True)
    return told_authorities(
        (rule, recourse_day(rule, answered_on, each) if answered_on is not None else None) for each, rule in rules
    )


def told_authorities(rules: Iterable[tuple[Rule, date | None]]) -> list[dict[str, Any]]:
    """Each authority once, with the time that these rules give.

    Where laws give one authority different times the longest is told: who comes in time by one of them comes in time.

    Args:
        rules: each with its last day of recourse, where that is known already.
    """
    found: dict[str, dict[str, Any]] = {}
    for rule, until in rules:
        for code in rule.recourse.authorities:
            before = found.get(code)
            if before is None or (until and before["until"] and until > before["until"]):
                found[code] = _told(code, rule.recourse.within, until)
    return list(found.values())


def recourse_day(rule: Rule, answered_on: date, kept: dict[str, Any]) -> date | None:
    """The last day on which the authority can be asked, by the calendar that the clock of the case went by.

    Of several calendars that were tried the latest day is told: a person who comes on it is in time by one of them.
    """
    names = kept.get("calendars") or [rule.period.calendar or profile().country]
    days = [recourse_ends_on(rule, answered_on, calendar=name, overlay=overlay_for(name)) for name in names]
    return max(filter(None, days), default=None)


def _told(code: str, within: Span | None, until: date | None) -> dict[str, Any]:
    body = authority(code)
    return {
        "name": gettext(body.name),
        "address": body.postal_address or "",
        "url": body.complaint_url or body.url,
        "within_words": _length(within),
        "until": until,
        "until_words": day_words(until) if until else "",
    }


def _length(within: Span | None) -> str:
    return f"{within.n} {gettext(unit_word(within.n, within.unit))}" if within else ""
