"""The window follows the source: larger while it is quick, smaller when it is slow, and never beyond its bounds."""

import pytest

from privacy.datamap.engine.executor import run
from privacy.datamap.engine.pace import Limits, Pace
from privacy.datamap.engine.planner import make_plan
from privacy.datamap.engine.selection import RootKeys, SubjectKeys
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import mask_person

LIMITS = Limits(first_window=1_000, smallest_window=100, largest_window=20_000, target_seconds=0.5)


def pace_at(window: int) -> Pace:
    """A pace that has come to this window."""
    return Pace(Limits(first_window=window, smallest_window=100, largest_window=20_000, target_seconds=0.5))


def after(pace: Pace, *seconds: float) -> list[int]:
    """The window after each of some full chunks that took so long."""
    windows = []
    for each in seconds:
        pace.record(rows=pace.window, seconds=each)
        windows.append(pace.window)
    return windows


def test_the_first_window_is_the_one_of_the_limits():
    assert Pace(LIMITS).window == 1_000


def test_what_a_run_is_given_aims_at_half_a_second_between_bounds():
    limits = Limits()
    assert limits.target_seconds == 0.5
    assert limits.smallest_window < limits.first_window < limits.largest_window


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.5, 1_000), (0.4, 1_250), (0.25, 2_000), (0.1, 2_000), (0.625, 800), (1.0, 500), (60.0, 500)],
)
def test_a_quick_chunk_makes_the_window_larger_and_a_slow_one_smaller_by_two_at_most(seconds, expected):
    assert after(Pace(LIMITS), seconds) == [expected]


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 0.001])
def test_a_chunk_that_took_no_time_at_all_doubles_the_window(seconds):
    assert after(Pace(LIMITS), seconds) == [2_000]


def test_the_window_stays_within_its_bounds_whatever_is_reported():
    quick, slow = Pace(LIMITS), Pace(LIMITS)
    assert after(quick, *[0.0] * 6) == [2_000, 4_000, 8_000, 16_000, 20_000, 20_000]
    assert after(slow, *[3_600.0] * 6) == [500, 250, 125, 100, 100, 100]


def test_one_slow_chunk_costs_one_halving_and_the_next_quick_one_takes_it_back():
    assert after(Pace(LIMITS), 30.0, 0.01, 0.01) == [500, 1_000, 2_000]
    assert after(pace_at(150), 30.0, 0.01) == [100, 200]


@pytest.mark.parametrize("start", [100, 5_000, 20_000])
@pytest.mark.parametrize(
    ("per_row", "overhead", "expected"),
    [(0.0001, 0.0, 5_000), (0.001, 0.0, 500), (0.0001, 0.1, 4_000), (0.000001, 0.0, 20_000), (0.1, 0.0, 100)],
    ids=["10,000 rows a second", "1,000 rows a second", "slow to begin", "too quick", "too slow"],
)
def test_a_source_of_an_even_pace_is_soon_asked_for_half_a_second(start, per_row, overhead, expected):
    pace = pace_at(start)
    for _chunk in range(16):
        pace.record(rows=pace.window, seconds=overhead + per_row * pace.window)
    assert pace.window == pytest.approx(expected, rel=0.02)


def test_seconds_that_vary_keep_the_window_near_the_right_one():
    """Ten thousand rows a second, now half, now one and a half times as quick. Up goes by two at most each time."""
    pace, windows = pace_at(100), []
    for number in range(40):
        pace.record(rows=pace.window, seconds=pace.window / (5_000 if number % 2 else 15_000))
        windows.append(pace.window)
    assert set(windows[8:]) == {2_500, 5_000}


def test_a_chunk_that_was_not_half_full_teaches_nothing():
    for rows in (0, 1, 499):
        pace = Pace(LIMITS)
        pace.record(rows=rows, seconds=0.0)
        pace.record(rows=rows, seconds=60.0)
        assert pace.window == 1_000
    pace.record(rows=500, seconds=0.5)
    assert pace.window == 500  # five hundred rows took the whole time


def test_a_chunk_of_an_earlier_and_larger_window_counts_with_its_own_rows():
    """With two lanes, what was under way when the window was halved ends later."""
    pace = Pace(LIMITS)
    assert (pace.halve(), pace.window) == (True, 500)
    pace.record(rows=1_000, seconds=1.0)
    assert pace.window == 500


def test_after_a_timeout_the_window_is_halved_until_it_is_as_small_as_allowed():
    pace, seen = Pace(LIMITS), []
    while pace.halve():
        seen.append(pace.window)
    assert (seen, pace.window, pace.halve()) == ([500, 250, 125, 100], 100, False)


@pytest.mark.parametrize("seconds", [0.0, 0.5, 60.0])
def test_a_fixed_window_stays_as_it_is(seconds):
    pace = Pace(Limits.fixed(7))
    assert (after(pace, seconds), pace.halve(), pace.window) == ([7], False, 7)


def everyone(people: int) -> SubjectKeys:
    return SubjectKeys((RootKeys("person", tuple((str(number),) for number in range(1, people + 1))),))


def windows_of(source, shop, limits: Limits, people: int) -> list[int]:
    """How many rows the chunks of a run changed, in order."""
    shop.fill(people=people, purchases=0)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(people))
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld(), limits=limits).rows == {"person": people}
    windows = [chunk.rows for chunk in journal.chunks("person")]
    journal.close()
    return windows


def test_a_run_in_a_slow_source_takes_fewer_rows_at_a_time(source, shop):
    """Eight rows take 0.4 seconds and more. The second window is measured while the first one is under way."""
    shop.make_updates_slow(0.05)
    limits = Limits(lanes=1, first_window=8, smallest_window=1, largest_window=8, target_seconds=0.2)
    first, second, *rest = windows_of(source, shop, limits, people=24)
    assert (first, second, [rows for rows in rest if rows > 4]) == (8, 8, [])


def test_a_run_in_a_quick_source_takes_more_rows_at_a_time(source, shop, monkeypatch):
    """Twenty rows a second, so that ten are half a second."""
    record = Pace.record
    monkeypatch.setattr(Pace, "record", lambda self, *, rows, seconds: record(self, rows=rows, seconds=rows / 20))
    limits = Limits(lanes=1, first_window=3, smallest_window=1, largest_window=40)
    assert windows_of(source, shop, limits, people=45) == [3, 3, 6, 6, 10, 10, 7]
