"""Who got which data about a person, and who has to hear of a correction."""

import datetime as dt

import pytest

from privacy.law.enums import Unit
from privacy.law.shapes import Span
from privacy.ledger.actors import SYSTEM
from privacy.register.disclosures.recording import void_disclosure
from privacy.register.disclosures.selectors import (
    disclosures_of,
    disclosures_to_tell,
    first_day,
    longest_look_back,
    recipients_to_notify,
)
from privacy.subjects.services import find_or_add_subject
from tests.privacy.register.disclosures.conftest import DAY, enter, make_recipient

pytestmark = pytest.mark.usefixtures("register")
YEAR = Span(n=12, unit=Unit.CALENDAR_MONTH)
ON = dt.date(2026, 3, 31)
SECRET = {"ground": "investigation", "authority": "Order 7", "approver": "Esi", "is_secret": True}


def names(lines) -> list[str]:
    return [line.recipient.name for line in lines]


def test_disclosures_of_a_person_newest_first_and_of_nobody_else(ama):
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    old, new = enter(ama, disclosed_on=dt.date(2025, 2, 1)), enter(ama, disclosed_on=dt.date(2025, 8, 1))
    enter(kofi)
    assert list(disclosures_of(ama)) == [new, old]
    assert list(disclosures_of(ama, since=dt.date(2025, 2, 2))) == [new]
    assert list(disclosures_of(ama, since=dt.date(2025, 2, 1))) == [new, old]


def test_the_person_is_not_told_what_a_law_forbids(ama):
    open_one = enter(ama)
    secret = enter(ama, recipient="Police", purpose="audit", **SECRET)
    assert list(disclosures_to_tell(ama)) == [open_one]
    assert set(disclosures_of(ama)) == {open_one, secret}
    (cloud, police) = recipients_to_notify(ama, ["contact"], ON, None)
    assert (cloud.is_secret, police.is_secret) == (False, True)


def test_recipients_of_the_year_before_who_got_what_was_corrected(ama):
    make_recipient("Accountant")
    make_recipient("Bank")
    enter(ama, categories=["contact", "identity"], disclosed_on=dt.date(2025, 4, 2))
    enter(ama, categories=["contact"], disclosed_on=dt.date(2026, 1, 5))
    enter(ama, categories=["financial"], disclosed_on=dt.date(2026, 1, 6))
    enter(ama, recipient="Accountant", disclosed_on=dt.date(2025, 3, 30))
    enter(ama, recipient="Bank", categories=["financial"], disclosed_on=dt.date(2026, 1, 6))
    void_disclosure(disclosure=enter(ama, recipient="Police"), reason="wrong", actor=SYSTEM)
    (line,) = recipients_to_notify(ama, ["contact", "identity", "employment"], ON, YEAR)
    assert (line.recipient.name, line.categories, line.dates) == (
        "Cloud Ltd", ("contact", "identity"), (dt.date(2026, 1, 5), dt.date(2025, 4, 2)),
    )  # fmt: skip
    assert len(line.disclosures) == 2
    assert names(recipients_to_notify(ama, ["contact"], ON, None)) == ["Accountant", "Cloud Ltd"]
    assert recipients_to_notify(ama, ["employment"], ON, None) == []


def test_the_first_day_of_the_year_and_the_day_of_the_correction_count(ama):
    enter(ama, disclosed_on=dt.date(2025, 3, 31))
    assert names(recipients_to_notify(ama, ["contact"], ON, YEAR)) == ["Cloud Ltd"]
    assert recipients_to_notify(ama, ["contact"], ON + DAY, YEAR) == []
    assert names(recipients_to_notify(ama, ["contact"], dt.date(2025, 3, 31), YEAR)) == ["Cloud Ltd"]
    assert recipients_to_notify(ama, ["contact"], dt.date(2025, 3, 30), YEAR) == []


@pytest.mark.parametrize(
    ("on", "span", "expected"),
    [
        (dt.date(2024, 2, 29), YEAR, dt.date(2023, 2, 28)),
        (dt.date(2026, 1, 31), Span(n=2, unit=Unit.CALENDAR_MONTH), dt.date(2025, 11, 30)),
        (dt.date(2026, 1, 31), Span(n=31, unit=Unit.CALENDAR_DAY), dt.date(2025, 12, 31)),
        (dt.date(2026, 1, 31), None, None),
    ],
)
def test_how_far_back_a_law_looks(on, span, expected):
    assert first_day(on, span) == expected


def test_business_days_are_no_look_back():
    with pytest.raises(ValueError, match="calendar days or months"):
        first_day(ON, Span(n=5, unit=Unit.BUSINESS_DAY))


@pytest.mark.parametrize(
    ("laws", "expected"), [(["CA-BC"], YEAR), (["CA-BC", "GH"], None), (["GH"], None), ([], None), (["NG"], None)]
)
def test_where_several_laws_apply_the_one_that_looks_farthest_back_counts(laws, expected):
    assert longest_look_back(laws) == expected
