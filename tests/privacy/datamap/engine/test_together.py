"""A person's few rows in several tables are changed in one transaction, and the record is true wherever it breaks."""

import pytest

from privacy.datamap.engine.executor import RunState, run
from privacy.datamap.engine.journal import ChunkState, Permission
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Held, Identifier
from tests.privacy.datamap.engine.doubles import ALLOWED, FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only
from tests.privacy.datamap.engine.shop import DELETE_ALL, OURS, mask_person
from tests.privacy.datamap.engine.test_crashes import Crash, CrashingJournal

MASK_ALL = (
    mask_person(),
    Instruction("purchase", Action.MASK, (ColumnMask("address", Strategy.NULL),)),
    Instruction("line", Action.MASK, (ColumnMask("label", Strategy.NULL),)),
)
ALL_ROWS = {"person": 3, "purchase": 3, "line": 6}
QUICK = Limits(lock_timeout_ms=200, pause_seconds=0.01)
EVERYONE = tuple(Identifier("email", f"person{each}@example.com") for each in (1, 2, 3))


def plan_for(source, shop, instructions=MASK_ALL):
    keys = resolve_subject(source, shop.datasets, EVERYONE)
    return make_plan(source, shop.datasets, instructions, selection=keys)


def left(shop) -> dict[str, int]:
    """Rows of ours that still say something of a person."""
    tells = {"person": "email NOT LIKE 'erased-%%'", "purchase": "address IS NOT NULL", "line": "label IS NOT NULL"}
    return {
        table: shop.rows(f"SELECT count(*) FROM {table} WHERE {words} AND organisation_id = %s", OURS)[0][0]
        for table, words in tells.items()
    }


NOTHING_LEFT = dict.fromkeys(ALL_ROWS, 0)


@only("postgresql")
def test_small_steps_share_one_transaction_and_each_keeps_its_own_count(source, shop, tmp_path):
    shop.fill(people=3)
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan_for(source, shop), journal, SettledWorld())
    chunks = journal.chunks()
    assert (progress.done, progress.rows, progress.rows_now, left(shop)) == (True, ALL_ROWS, 12, NOTHING_LEFT)
    assert {chunk.step: chunk.rows for chunk in chunks} == ALL_ROWS
    assert [len(chunks), len({chunk.transaction_id for chunk in chunks})] == [3, 1]
    journal.close()


@only("postgresql")
@pytest.mark.parametrize(("together", "transactions"), [(13, 1), (12, 2), (2, 3)])
def test_they_share_it_also_where_a_table_begins_with_fewer_rows(source, shop, tmp_path, together, transactions):
    shop.fill(people=3)
    journal = FileJournal(tmp_path / "journal")
    limits = Limits(first_window=6, smallest_window=6, lanes=1, together=together)
    progress = run(source, plan_for(source, shop), journal, SettledWorld(), limits=limits)
    assert (progress.done, progress.rows, left(shop)) == (True, ALL_ROWS, NOTHING_LEFT)
    assert len({chunk.transaction_id for chunk in journal.chunks()}) == transactions
    journal.close()


@only("mariadb")
def test_where_a_transaction_can_be_asked_about_once_only_every_step_has_its_own(source, shop, tmp_path):
    shop.fill(people=3)
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan_for(source, shop), journal, SettledWorld())
    assert (progress.done, progress.rows, left(shop)) == (True, ALL_ROWS, NOTHING_LEFT)
    assert len({chunk.transaction_id for chunk in journal.chunks()}) == 3
    journal.close()


@pytest.mark.parametrize("wrote", [False, True])
@pytest.mark.parametrize("time", [1, 2, 3])
@pytest.mark.parametrize("method", ["intend", "prepare", "complete", "close_step"])
def test_after_a_crash_the_record_ends_with_the_true_number_of_rows_of_every_step(
    source, shop, tmp_path, method, time, wrote
):
    shop.fill(people=3)
    plan = plan_for(source, shop)
    dying = CrashingJournal(tmp_path / "journal", method=method, time=time, wrote=wrote)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld())
    recorded = {step: dying.step(step).rows for step in ALL_ROWS}
    dying.close()
    assert all(recorded[step] <= ALL_ROWS[step] - rows for step, rows in left(shop).items())
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan, journal, SettledWorld())
    assert (progress.done, progress.rows, left(shop)) == (True, ALL_ROWS, NOTHING_LEFT)
    assert {chunk.state for chunk in journal.chunks()} <= {ChunkState.COMPLETED, ChunkState.VOID}
    journal.close()


@only("postgresql")
def test_a_crash_after_the_shared_commit_is_found_committed_for_every_step(source, shop, tmp_path):
    shop.fill(people=3)
    plan = plan_for(source, shop)
    dying = CrashingJournal(tmp_path / "journal", method="complete", time=2, wrote=False)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld())
    assert [chunk.state for chunk in dying.chunks()] == [ChunkState.PREPARED] * 3
    assert (sum(dying.step(step).rows for step in ALL_ROWS), left(shop)) == (0, NOTHING_LEFT)
    dying.close()
    journal = FileJournal(tmp_path / "journal")
    assert run(source, plan, journal, SettledWorld()).rows == ALL_ROWS
    found = [chunk.note for chunk in journal.chunks() if chunk.sequence == 1]
    assert found == ["found committed after a restart"] * 3
    journal.close()


def test_a_locked_row_in_one_table_does_not_keep_the_others_from_being_done(source, shop, tmp_path):
    shop.fill(people=3)
    plan, journal = plan_for(source, shop), FileJournal(tmp_path / "journal")
    with shop.locking("UPDATE person SET city = 'Tema' WHERE id = 2"):
        progress = run(source, plan, journal, SettledWorld(), limits=QUICK)
        assert (progress.state, progress.rows) == (RunState.SURVIVORS, ALL_ROWS | {"person": 2})
        assert left(shop) == NOTHING_LEFT | {"person": 1}
    again = run(source, plan, journal, SettledWorld(), limits=QUICK)
    assert (again.done, again.rows) == (True, ALL_ROWS)
    journal.close()


def test_a_table_that_refuses_does_not_keep_the_others_from_being_done(source, shop, tmp_path):
    shop.fill(people=3)
    plan, journal = plan_for(source, shop), FileJournal(tmp_path / "journal")
    for statement in shop.breakages["a check constraint"]:
        shop.run(statement)
    progress = run(source, plan, journal, SettledWorld())
    assert (progress.state, list(progress.refused)) == (RunState.REFUSED, ["person"])
    assert (progress.rows, left(shop)) == (ALL_ROWS | {"person": 0}, NOTHING_LEFT | {"person": 3})
    journal.close()


def test_whoever_is_held_is_left_out_of_every_step(source, shop, tmp_path):
    shop.fill(people=3)
    plan, journal = plan_for(source, shop), FileJournal(tmp_path / "journal")
    roots = resolve_subject(source, shop.datasets, EVERYONE[1:2]).roots
    spared = Permission(proceed=True, held=Held(identifiers=EVERYONE[1:2], roots=roots))
    progress = run(source, plan, journal, SettledWorld(lambda step, asked: spared))
    assert (progress.done, progress.rows) == (True, {"person": 2, "purchase": 2, "line": 4})
    assert left(shop) == {"person": 1, "purchase": 1, "line": 2}
    journal.close()


@pytest.mark.parametrize("forbidden", ["person", "purchase", "line"])
def test_a_no_for_one_step_stops_before_that_step_and_not_after(source, shop, tmp_path, forbidden):
    shop.fill(people=3)
    plan, journal = plan_for(source, shop), FileJournal(tmp_path / "journal")
    world = SettledWorld(lambda step, asked: Permission(False, "no") if step.key == forbidden else ALLOWED)
    progress = run(source, plan, journal, world)
    assert (progress.state, progress.reason, progress.rows[forbidden]) == (RunState.STOPPED, "no", 0)
    assert left(shop)[forbidden] == ALL_ROWS[forbidden]
    journal.close()


def test_people_are_deleted_with_their_rows_in_several_tables(source, shop, tmp_path):
    shop.fill(people=3)
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan_for(source, shop, DELETE_ALL), journal, SettledWorld())
    assert (progress.done, progress.rows) == (True, {"line": 6, "purchase": 3, "person": 3})
    assert [shop.snapshot(table, OURS) for table in ALL_ROWS] == [[], [], []]
    journal.close()


def test_more_rows_than_one_window_go_step_by_step(source, shop, tmp_path):
    shop.fill(people=3)
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan_for(source, shop), journal, SettledWorld(), limits=Limits.fixed(2))
    assert (progress.done, progress.rows) == (True, ALL_ROWS)
    assert {chunk.round for chunk in journal.chunks()} == {1}
    assert max(chunk.rows for chunk in journal.chunks()) == 2
    journal.close()
