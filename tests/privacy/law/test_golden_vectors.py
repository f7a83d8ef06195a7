"""Dates worked out by hand or by a regulator, with every word that explains them (`golden_vectors.yaml`)."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from privacy.law.catalogue import jurisdictions, rule_for
from privacy.law.clock import due_date
from privacy.law.deadline import Deadline
from privacy.law.due_dates import due_dates
from privacy.law.enums import KindOfRequest, Unit
from privacy.law.events import Extended
from privacy.law.shapes import Period, PolicyPromise, Span

VECTORS = yaml.safe_load((Path(__file__).parent / "golden_vectors.yaml").read_text(encoding="utf-8"))


def deadline(law: str, received: str, kind: KindOfRequest = KindOfRequest.ACCESS, **options) -> Deadline:
    received_on = date.fromisoformat(received)
    return due_date(rule_for(law=law, kind=kind, on=received_on), received_on, **options)


def words(found: Deadline) -> list[str]:
    return [str(step) for step in found.explanation]


def counted(vector: dict) -> Deadline:
    kind = KindOfRequest(vector["kind"])
    rule = rule_for(law=vector["law"], kind=kind, on=vector["received"])
    events = [Extended(vector["extended"], under=rule.id)] if "extended" in vector else []
    return due_date(
        rule, vector["received"], events=events, calendar=vector.get("calendar"), overlay=vector.get("overlay", {})
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_date_and_its_words_are_those_of_the_vector(vector):
    found = counted(vector)

    assert (found.due_on, words(found)) == (vector["due"], vector["sentences"])
    assert (found.acknowledge_by, [str(step) for step in found.acknowledgement]) == (
        vector.get("acknowledge"),
        vector.get("acknowledgement", []),
    )


def test_every_law_has_a_vector():
    assert {vector["law"] for vector in VECTORS} == {each.code for each in jurisdictions()}


def test_ghana_aims_at_twenty_one_days():
    assert deadline("GH", "2026-03-02").target_on == date(2026, 3, 23)


def promise(n: int, unit: Unit, calendar: str) -> PolicyPromise:
    return PolicyPromise(
        id="promise", version="1", citation="The organisation's own policy", period=Period(Span(n, unit), calendar)
    )


def test_the_date_of_the_law_and_that_of_the_policy_are_shown_each_with_its_words():
    thirty = promise(30, Unit.BUSINESS_DAY, "CA-BC")
    found = due_dates(
        laws=["CA-FED"], kind=KindOfRequest.ACCESS, received_on=date(2026, 12, 1), promises=[thirty]
    ).deadlines

    assert [(one.rule_id, one.due_on) for one in found] == [
        ("CA-FED.access", date(2026, 12, 31)),
        ("promise", date(2027, 1, 14)),
    ]
    assert [words(one) for one in found] == [
        [
            "Received on Tuesday 1 December 2026.",
            "PIPEDA s. 8(3) gives 30 calendar days; the day of receipt is not counted.",
            "Counted from Tuesday 1 December 2026, the period ends on Thursday 31 December 2026.",
            "The last day to answer is Thursday 31 December 2026.",
        ],
        [
            "Received on Tuesday 1 December 2026.",
            "The organisation's own policy gives 30 business days; the day of receipt is not counted.",
            "Friday 25 December 2026 is not counted: Christmas Day.",
            "Friday 1 January 2027 is not counted: New Year's Day.",
            "Counted from Tuesday 1 December 2026, the period ends on Thursday 14 January 2027.",
            "The last day to answer is Thursday 14 January 2027.",
        ],
    ]


def test_a_policy_shorter_than_the_law_binds_and_says_so():
    found = due_dates(
        laws=["GH"], kind=KindOfRequest.ACCESS, received_on=date(2026, 3, 2),
        promises=[promise(30, Unit.CALENDAR_DAY, "GH")],
    )  # fmt: skip

    assert (found.binding.rule_id, found.due_on) == ("promise", date(2026, 4, 1))
    assert words(found.binding) == [
        "Received on Monday 2 March 2026.",
        "The organisation's own policy gives 30 calendar days; the day of receipt is not counted.",
        "Counted from Monday 2 March 2026, the period ends on Wednesday 1 April 2026.",
        "The last day to answer is Wednesday 1 April 2026.",
    ]
    assert words(found.deadlines[1])[-1] == "The last day to answer is Saturday 11 April 2026."
