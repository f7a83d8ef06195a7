"""The window follows the source: larger while it is quick, smaller when it is slow, and never beyond its bounds."""

import time
from dataclasses import replace

import pytest

from privacy.datamap.engine.executor import RunState, run
from privacy.datamap.engine.journal import Permission
from privacy.datamap.engine.pace import Limits, Pace, Paces
from privacy.datamap.engine.plan import Action, Step
from privacy.datamap.engine.planner import make_plan
from privacy.datamap.engine.selection import Held, RootKeys, SubjectKeys
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only
from tests.privacy.datamap.engine.shop import mask_person

LIMITS = Limits(first_window=1_000, smallest_window=100, largest_window=20_000, target_seconds=0.5)


def pace_at(window: int) -> Pace:
    """A pace that has come to this window."""
    return Pace(Limits(first_window=window, smallest_window=100, largest_window=20_000, target_seconds=0.5))


def after(pace: Pace, *seconds: float) -> list[int]:
    """The window after each of some full chunks that took so long."""
    windows = []
    for each in seconds:
        pace.record(rows=pace.window, of=pace.window, seconds=each)
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
    [(0.5, 1_000), (0.4, 1_250), (0.25, 2_000), (0.2, 2_000), (0.125, 4_000), (0.01, 4_000),
     (0.625, 800), (1.0, 500), (2.5, 200), (60.0, 100)],
)  # fmt: skip
def test_a_quick_chunk_makes_the_window_up_to_four_times_as_large_and_a_slow_one_as_small_as_fits(seconds, expected):
    assert after(Pace(LIMITS), seconds) == [expected]


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 0.001])
def test_a_chunk_that_took_no_time_at_all_makes_the_window_four_times_as_large(seconds):
    assert after(Pace(LIMITS), seconds) == [4_000]


def test_the_window_stays_within_its_bounds_whatever_is_reported():
    quick, slow = Pace(LIMITS), Pace(LIMITS)
    assert after(quick, *[0.0] * 4) == [4_000, 16_000, 20_000, 20_000]
    assert after(slow, *[3_600.0] * 2) == [100, 100]


def test_a_quick_source_of_which_nothing_is_known_soon_has_the_largest_window():
    assert after(Pace(Limits()), *[0.01] * 4) == [800, 3_200, 12_800, 20_000]


def test_a_slow_source_of_which_nothing_is_known_is_asked_for_a_second_once():
    """Five milliseconds a row, as a trigger may take."""
    pace, seconds = Pace(Limits()), []
    for _chunk in range(4):
        seconds.append(pace.window * 0.005)
        pace.record(rows=pace.window, of=pace.window, seconds=seconds[-1])
    assert seconds == [1.0, 0.5, 0.5, 0.5]


def test_what_one_slow_chunk_took_away_the_next_quick_ones_bring_back():
    assert after(Pace(LIMITS), 30.0, 0.01, 0.01) == [100, 400, 1_600]
    assert after(pace_at(150), 30.0, 0.01) == [100, 400]


@pytest.mark.parametrize("start", [100, 5_000, 20_000])
@pytest.mark.parametrize(
    ("per_row", "overhead", "expected"),
    [(0.0001, 0.0, 5_000), (0.001, 0.0, 500), (0.0001, 0.1, 4_000), (0.000001, 0.0, 20_000), (0.1, 0.0, 100)],
    ids=["10,000 rows a second", "1,000 rows a second", "slow to begin", "too quick", "too slow"],
)
def test_a_source_of_an_even_pace_is_soon_asked_for_half_a_second(start, per_row, overhead, expected):
    pace = pace_at(start)
    for _chunk in range(16):
        pace.record(rows=pace.window, of=pace.window, seconds=overhead + per_row * pace.window)
    assert pace.window == pytest.approx(expected, rel=0.02)


def test_seconds_that_vary_keep_the_window_near_the_right_one():
    """Ten thousand rows a second, now half, now one and a half times as quick. Near the time up goes by two at most."""
    pace, windows = pace_at(100), []
    for number in range(40):
        pace.record(rows=pace.window, of=pace.window, seconds=pace.window / (5_000 if number % 2 else 15_000))
        windows.append(pace.window)
    assert set(windows[8:]) == {2_500, 5_000}


def test_a_chunk_that_was_not_half_full_makes_the_window_no_larger_and_half_as_large_at_least():
    for rows in (0, 1, 499):
        pace = Pace(LIMITS)
        pace.record(rows=rows, of=rows, seconds=0.4)
        assert pace.window == 1_000
        pace.record(rows=rows, of=rows, seconds=60.0)
        assert pace.window == 500
    pace = Pace(LIMITS)
    pace.record(rows=500, of=500, seconds=0.5)
    assert pace.window == 500  # five hundred rows took the whole time


def test_a_full_window_of_which_only_some_rows_may_go_grows_as_far_as_those_would_fit():
    pace = Pace(LIMITS)
    pace.record(rows=20, of=1_000, seconds=0.005)
    assert pace.window == 2_000  # twenty rows in 5 ms are two thousand in half a second
    pace.record(rows=20, of=2_000, seconds=0.1)
    assert pace.window == 2_000


def test_a_chunk_of_an_earlier_window_counts_with_its_own_rows():
    """With two lanes, what was under way when the window became another ends later."""
    pace = pace_at(500)
    pace.record(rows=1_000, of=1_000, seconds=1.0)
    assert pace.window == 500
    pace.record(rows=100, of=100, seconds=0.001)
    assert pace.window == 500  # four times a hundred were less
    pace.record(rows=500, of=500, seconds=0.001)
    assert pace.window == 2_000


def test_after_a_timeout_the_window_is_what_fits_by_that_and_half_as_large_at_most():
    assert (LIMITS.statement_timeout_ms, LIMITS.target_seconds) == (30_000, 0.5)
    pace = pace_at(12_000)
    assert (pace.shrink(), pace.window) == (True, 200)
    assert (pace.shrink(), pace.window, pace.shrink()) == (True, 100, False)
    hasty = Pace(Limits(first_window=32, smallest_window=1, statement_timeout_ms=600))
    assert (hasty.shrink(), hasty.window) == (True, 16)


def test_what_is_known_of_one_table_says_nothing_about_another_or_about_deleting():
    paces, selection = Paces(LIMITS), everyone(1)
    quick, slow = (Step(table, table, Action.MASK, selection, mask_person().masks) for table in ("quick", "slow"))
    paces.of(quick).record(rows=1_000, of=1_000, seconds=0.01)
    delete = Step("delete", "quick", Action.DELETE, selection)
    assert [paces.of(each).window for each in (quick, replace(quick, key="again"), slow, delete)] == [
        4_000, 4_000, 1_000, 1_000,
    ]  # fmt: skip


@pytest.mark.parametrize("seconds", [0.0, 0.5, 60.0])
def test_a_fixed_window_stays_as_it_is(seconds):
    pace = Pace(Limits.fixed(7))
    assert (after(pace, seconds), pace.shrink(), pace.window) == ([7], False, 7)


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
    """Eight rows take 0.4 seconds and more. What was measured of the second window meanwhile is measured again."""
    shop.make_updates_slow(0.05)
    limits = Limits(lanes=1, first_window=8, smallest_window=1, largest_window=8, target_seconds=0.2)
    first, *rest = windows_of(source, shop, limits, people=24)
    assert (first, [rows for rows in rest if rows > 4]) == (8, [])


def test_a_run_in_a_quick_source_takes_more_rows_at_a_time(source, shop, monkeypatch):
    """Twenty rows a second, so that ten are half a second."""
    record = Pace.record
    monkeypatch.setattr(
        Pace, "record", lambda self, *, rows, of, seconds: record(self, rows=rows, of=of, seconds=rows / 20)
    )
    limits = Limits(lanes=1, first_window=3, smallest_window=1, largest_window=40)
    assert windows_of(source, shop, limits, people=45) == [3, 3, 6, 6, 10, 10, 7]


@only("postgresql")
def test_a_hold_and_a_pause_take_hold_in_a_slow_table_of_which_nothing_is_known(source, shop, monkeypatch):
    """Five milliseconds a row. After a second somebody is held who comes later, after three the run is to pause."""
    shop.fill(people=1_500, purchases=0)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(1_500))
    shop.make_updates_slow(0.005)
    held, seconds = Held(roots=(RootKeys("person", (("700",),)),)), []
    record = Pace.record

    def watch(self: Pace, **chunk: float) -> None:
        seconds.append(chunk["seconds"])
        record(self, **chunk)

    monkeypatch.setattr(Pace, "record", watch)
    journal, began = FileJournal(":memory:"), time.monotonic()

    def answer(_step: Step, _asked: int) -> Permission:
        since = time.monotonic() - began
        return Permission(since < 3, "paused", held if since > 1 else Held())

    progress = run(source, plan, journal, SettledWorld(answer))
    assert (progress.state, progress.reason, time.monotonic() - began < 5) == (RunState.STOPPED, "paused", True)
    assert max(seconds) < 2, seconds  # one of 200 rows; all others have about a hundred
    assert max(chunk.rows for chunk in journal.chunks()[2:]) < 150
    progress = run(source, plan, journal, SettledWorld(lambda _step, _asked: Permission(True, held=held)))
    assert (progress.done, progress.rows) == (True, {"person": 1_499})
    assert shop.rows("SELECT id FROM person WHERE name IS NOT NULL") == [(700,)]
    journal.close()
