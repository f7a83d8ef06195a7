from datetime import date

import pytest

from privacy.law.afterwards import fee_lapses_on, recourse_ends_on
from privacy.law.catalogue import rule_for
from privacy.law.enums import KindOfRequest
from privacy.law.errors import FeeNotAllowed
from privacy.law.shapes import Rule

DAY = date(2026, 8, 31)


def rule(law: str, kind: KindOfRequest = KindOfRequest.ACCESS) -> Rule:
    return rule_for(law=law, kind=kind, on=DAY)


@pytest.mark.parametrize(
    ("law", "ends_on"),
    [
        ("CA-FED", date(2027, 2, 28)),  # six months, clamped
        ("CA-BC", date(2026, 10, 15)),  # thirty business days over Labour Day, 30 September and Thanksgiving
        ("CA-QC", date(2026, 9, 30)),
        ("CA-AB", None),
    ],
)
def test_recourse_is_open_as_long_as_the_law_says(law, ends_on):
    assert recourse_ends_on(rule(law), DAY) == ends_on


def test_an_unanswered_fee_estimate_lapses_after_thirty_days_in_alberta_and_never_by_itself_elsewhere():
    assert fee_lapses_on(rule("CA-AB"), DAY) == date(2026, 9, 30)
    assert fee_lapses_on(rule("CA-FED"), DAY) is None


def test_no_fee_can_be_estimated_where_the_rule_names_none():
    with pytest.raises(FeeNotAllowed, match=r"^PIPEDA Schedule 1, 4\.5\.3 names no fee, so none can be estimated\.$"):
        fee_lapses_on(rule("CA-FED", KindOfRequest.ERASURE), DAY)
