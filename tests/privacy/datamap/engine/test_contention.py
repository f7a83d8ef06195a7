"""Someone else writes the same rows at the same time."""

import threading

import pytest

from privacy.datamap.engine.errors import SourceLocked, SourceTooSlow
from privacy.datamap.engine.executor import RunState, run
from privacy.datamap.engine.journal import ChunkState
from privacy.datamap.engine.pace import Limits, SystemClock
from privacy.datamap.engine.planner import make_plan, resolve_subject
from privacy.datamap.engine.selection import Identifier
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import DELETE_ALL, mask_person

HASTY = Limits(
    first_window=2, smallest_window=2, largest_window=2, lock_timeout_ms=50, pause_seconds=0.01, rounds=2
)  # fmt: skip
MASK_EVERYONE = (mask_person(),)


def plan_for(source, shop, instructions=MASK_EVERYONE, people=5):
    identifiers = [Identifier("email", f"person{each}@example.com") for each in range(1, people + 1)]
    keys = resolve_subject(source, shop.datasets, identifiers)
    return make_plan(source, shop.datasets, instructions, selection=keys)


@pytest.fixture
def journal():
    made = FileJournal(":memory:")
    yield made
    made.close()


def test_a_locked_row_is_left_for_the_next_round_and_the_others_go_on(source, shop, journal):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    with shop.locking("SELECT 1 FROM person WHERE id = 3 FOR UPDATE"):
        progress = run(source, plan, journal, SettledWorld(), limits=HASTY)
        assert (progress.state, progress.rows) == (RunState.SURVIVORS, {"person": 4})
        assert [(each.step, each.count) for each in progress.verification.survivors] == [("person", 1)]
        assert shop.rows("SELECT id FROM person WHERE name IS NOT NULL") == [(3,)]
    again = run(source, plan, journal, SettledWorld(), limits=HASTY)
    assert (again.done, again.rows, again.rows_now) == (True, {"person": 5}, 1)
    voided = [chunk for chunk in journal.chunks() if chunk.state is ChunkState.VOID]
    assert {chunk.note for chunk in voided} == {"rows or tables were locked"}
    assert {chunk.rows for chunk in voided} == {0}


class Watch(SystemClock):
    """Says that the time is over as soon as it is told so."""

    over = False

    def monotonic(self) -> float:
        return super().monotonic() + (1000 if self.over else 0)


@pytest.mark.parametrize("locked", ["id = 3", "id > 0"])
def test_rows_that_were_locked_when_the_time_of_a_call_was_over_are_no_survivors(source, shop, locked):
    shop.fill(people=5)
    plan, watch = plan_for(source, shop), Watch()

    class Journal(FileJournal):
        def void(self, chunk):
            super().void(chunk)
            watch.over = watch.over or chunk.round == 2

    journal = Journal(":memory:")
    with shop.locking(f"SELECT 1 FROM person WHERE {locked} FOR UPDATE"):
        progress = run(source, plan, journal, SettledWorld(), limits=HASTY, budget_seconds=100, clock=watch)
        assert (progress.state, journal.chunks()[-1].round) == (RunState.OUT_OF_TIME, 2)
    progress = run(source, plan, journal, SettledWorld(), limits=HASTY)
    assert (progress.state, progress.rows) == (RunState.DONE, {"person": 5})
    journal.close()


def test_a_lock_that_goes_away_in_time_costs_nothing_but_time(source, shop, journal):
    shop.fill(people=5)
    plan = plan_for(source, shop, DELETE_ALL)
    limits = Limits(first_window=2, smallest_window=2, largest_window=2, lock_timeout_ms=100, pause_seconds=0.3)
    with shop.locking("UPDATE line SET label = 'x' WHERE purchase_id = 200") as give_up:
        timer = threading.Timer(0.3, give_up)
        timer.start()
        progress = run(source, plan, journal, SettledWorld(), limits=limits)
        timer.join()
    assert (progress.done, progress.rows) == (True, {"line": 10, "purchase": 5, "person": 5})


def test_a_locked_table_is_an_error_worth_retrying(source, shop, journal):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    with shop.locking(shop.lock_table()):
        with pytest.raises(SourceLocked) as refused:
            run(source, plan, journal, SettledWorld(), limits=HASTY)
        assert refused.value.retryable
    assert run(source, plan, journal, SettledWorld(), limits=HASTY).rows == {"person": 5}


def test_a_statement_that_takes_too_long_is_tried_with_fewer_rows(source, shop, journal):
    shop.fill(people=20)
    plan = plan_for(source, shop, people=20)
    shop.make_updates_slow(0.1)  # twenty are two seconds; one stays well within the limit on a busy machine, too
    limits = Limits(first_window=32, smallest_window=1, largest_window=32, statement_timeout_ms=1_500)
    progress = run(source, plan, journal, SettledWorld(), limits=limits)
    assert (progress.done, progress.rows) == (True, {"person": 20})
    assert journal.chunks()[0].note == "ran into the statement timeout"
    assert max(chunk.rows for chunk in journal.chunks()) < 20


def test_a_single_row_that_takes_too_long_is_an_error(source, shop, journal):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    shop.make_updates_slow(0.5)
    limits = Limits(first_window=2, smallest_window=1, largest_window=2, statement_timeout_ms=100)
    with pytest.raises(SourceTooSlow):
        run(source, plan, journal, SettledWorld(), limits=limits)
    assert journal.step("person").rows == 0


def test_two_runs_of_the_same_plan_at_once_change_every_row_once(source, shop, tmp_path):
    shop.fill(people=40, purchases=0)
    identifiers = [Identifier("email", f"person{each}@example.com") for each in range(1, 41)]
    keys = resolve_subject(source, shop.datasets, identifiers)
    plan = make_plan(source, shop.datasets, MASK_EVERYONE, selection=keys)
    rows: list[int] = []

    def work(name):
        journal = FileJournal(tmp_path / name)
        journal._store(first_chunk())
        rows.append(run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2)).rows_now)
        journal.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(rows) == 40
    assert shop.rows("SELECT count(*) FROM person WHERE name IS NULL") == [(40,)]


def first_chunk():
    """A void chunk, so that neither run compares counts with the plan while the other works."""
    from privacy.datamap.engine.journal import Chunk

    return Chunk("person", 1, 0, None, None, None, 0, state=ChunkState.VOID)
