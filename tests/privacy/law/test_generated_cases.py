"""Ten thousand subject requests made by chance: no date may contradict its explanation."""

from collections import Counter
from datetime import date, timedelta

import pytest

from privacy.law.enums import Unit
from privacy.law.errors import ExtensionNotAllowed
from privacy.law.events import Extended
from tests.privacy.law.generating import MOURNING, RULES, cases
from tests.privacy.law.retracing import follow, retrace, retrace_acknowledgement

NUMBER, SEED = 10_000, 27
DAY = timedelta(days=1)


def test_no_date_of_ten_thousand_cases_contradicts_its_explanation():
    seen: Counter[str] = Counter()
    for case in cases(NUMBER, seed=SEED):
        found = case.deadline()

        assert retrace(found) == found.due_on, case
        assert retrace_acknowledgement(found) == found.acknowledge_by, case
        assert case.received_on <= found.starts_on <= found.due_on, case
        assert case.received_on <= found.target_on <= found.due_on, case
        assert found.deemed_refused_on == (found.due_on + DAY if case.rule.deemed_refusal else None), case
        assert found.extension_notice_by in (None, found.due_on), case
        seen.update(kinds_of_sentences(found))

    assert min(seen.values()) > 20
    assert set(seen) == {
        "received", "gives", "counted", "skipped", "rolled", "stood", "extended", "restarted", "ignored", "stands",
        "overlay", "concluded",
    }  # fmt: skip


def kinds_of_sentences(found) -> set[str]:
    """Which kinds of sentence an explanation has, so that a run that never met one is noticed."""
    marks = {
        "Received on": "received", " gives ": "gives", "Counted from": "counted", "is not counted: ": "skipped",
        "It cannot end on": "rolled", "It stood from": "stood", "is extended by": "extended", "start anew": "restarted",
        "starts anew": "restarted", "does not stop": "ignored", "has stood since": "stands", MOURNING: "overlay",
        "The last day to": "concluded",
    }  # fmt: skip
    return {name for step in found.explanation for mark, name in marks.items() if mark in str(step)}


def test_the_same_cases_come_again_on_every_run_and_cover_every_rule():
    first, second = (list(cases(len(RULES), seed=SEED)) for _ in range(2))

    assert first == second
    assert [case.rule for case in first] == RULES


def test_whoever_asks_later_is_never_due_earlier():
    for case in cases(1_000, seed=SEED):
        assert case.deadline(events=()).due_on <= case.deadline(later=1, events=()).due_on, case


def test_waiting_and_extending_never_bring_a_deadline_forward():
    for case in cases(1_000, seed=SEED):
        assert case.deadline().due_on >= case.deadline(events=()).due_on, case


def test_notice_of_extension_is_taken_on_the_limit_and_refused_the_day_after():
    tried = 0
    for case in cases(600, seed=SEED):
        limit = case.deadline(events=()).extension_notice_by
        if limit is None:
            continue
        grounds, tried = case.rule.extension.grounds, tried + 1
        ground = grounds[0] if grounds else None
        in_time = case.deadline(events=(Extended(limit, under=case.rule.id, ground=ground),))

        assert in_time.due_on > limit
        with pytest.raises(ExtensionNotAllowed, match="is too late"):
            case.deadline(events=(Extended(limit + DAY, under=case.rule.id, ground=ground),))
        again = Extended(in_time.due_on, under=case.rule.id, ground=ground)
        with pytest.raises(ExtensionNotAllowed, match="used up"):
            case.deadline(events=(Extended(limit, under=case.rule.id, ground=ground), again))

    assert tried > 200


def test_a_business_day_clock_never_ends_on_a_day_that_does_not_count():
    ends = [case.deadline() for case in cases(1_500, seed=SEED) if case.rule.period.span.unit is Unit.BUSINESS_DAY]

    assert len(ends) > 100
    assert {found.due_on.weekday() for found in ends} == {0, 1, 2, 3, 4}


TRUE = (
    "Received on Friday 6 March 2026.",
    "PIPEDA s. 8(3) gives 30 calendar days; the day of receipt is not counted.",
    "Counted from Friday 6 March 2026, the period ends on Sunday 5 April 2026.",
    "It cannot end on Sunday 5 April 2026 (Sunday), so it moves to Monday 6 April 2026.",
    "The last day to answer is Monday 6 April 2026.",
)


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        (0, "6 March", "5 March"),
        (1, "30 calendar", "31 calendar"),
        (1, "not counted", "the first"),
        (2, "Sunday 5 April", "Saturday 4 April"),
        (2, "Sunday 5", "Saturday 5"),
        (3, "Monday 6 April", "Tuesday 7 April"),
        (3, "(Sunday)", "(Saturday)"),
        (4, "Monday 6 April", "Tuesday 7 April"),
        (4, "The last day to answer", "Perhaps the last day"),
    ],
)
def test_a_sentence_that_contradicts_the_others_is_noticed(number, old, new):
    """The positive control of all of the above: the reader of explanations does not believe everything."""
    received_on = date(2026, 3, 6)
    assert follow(received_on, TRUE) == date(2026, 4, 6)
    false = list(TRUE)
    false[number] = false[number].replace(old, new)
    assert false != list(TRUE)

    with pytest.raises(AssertionError):
        follow(received_on, false)
