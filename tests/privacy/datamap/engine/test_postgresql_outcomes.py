"""What PostgreSQL says of a transaction after a crash: committed, aborted, still open, or forgotten."""

import psycopg
import pytest

from privacy.datamap.engine.dialects.base import Outcome
from privacy.datamap.engine.errors import OutcomePending
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.journal import Chunk, ChunkState, Permission
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.selection import Held, Identifier
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only
from tests.privacy.datamap.engine.test_crashes import TWO, masked, plan_for

pytestmark = only("postgresql")


def prepared(**fields) -> Chunk:
    fields = {"rows": 2, "transaction_id": "999999999999"} | fields
    return Chunk("person", 1, 1, None, ("2",), ("2",), 2, state=ChunkState.PREPARED, **fields)


@pytest.mark.parametrize(
    ("already", "rows", "note"), [(True, 5, "inferred as committed"), (False, 5, "inferred as rolled back")]
)
def test_a_transaction_the_source_has_forgotten_is_judged_by_what_is_left(source, shop, tmp_path, already, rows, note):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    with source.connect() as connection:
        assert connection.outcome("999999999999") is Outcome.UNKNOWN
    journal = FileJournal(tmp_path / "journal")
    if already:
        run(source, plan, journal, SettledWorld(lambda step, asked: Permission(asked == 1)), limits=TWO)
    journal._store(prepared())
    progress = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (progress.done, progress.rows, masked(shop)) == (True, {"person": rows}, 5)
    assert journal.chunks()[0].note.startswith(note)
    journal.close()


FIRST_IS_HELD = Held((Identifier("email", "person1@example.com"),))


def test_rows_held_since_a_forgotten_transaction_was_rolled_back_do_not_make_it_committed(source, shop, tmp_path):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    journal = FileJournal(tmp_path / "journal")
    journal._store(prepared())
    with pytest.raises(OutcomePending) as raised:
        run(source, plan, journal, SettledWorld(lambda step, asked: Permission(True, held=FIRST_IS_HELD)), limits=TWO)
    assert raised.value.retryable
    assert (journal.chunks(), masked(shop)) == ([prepared()], 0)
    progress = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (progress.done, progress.rows, masked(shop)) == (True, {"person": 5}, 5)
    assert journal.chunks()[0].note.startswith("inferred as rolled back")
    journal.close()


@pytest.mark.parametrize(("already", "rows"), [(True, 5), (False, 4)])
def test_held_rows_that_leave_no_doubt_about_a_forgotten_transaction_do_not_stop_a_run(
    source, shop, tmp_path, already, rows
):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    held = FIRST_IS_HELD if already else Held((Identifier("email", "person5@example.com"),))
    journal = FileJournal(tmp_path / "journal")
    if already:
        run(source, plan, journal, SettledWorld(lambda step, asked: Permission(asked == 1)), limits=TWO)
    journal._store(prepared())
    world = SettledWorld(lambda step, asked: Permission(True, held=held))
    progress = run(source, plan, journal, world, limits=TWO)
    assert (progress.done, progress.rows, masked(shop)) == (True, {"person": rows}, rows)
    journal.close()


def test_a_transaction_still_open_in_the_source_is_waited_for(source, shop, tmp_path, database_url):
    shop.fill(people=5)
    plan = plan_for(source, shop)
    journal = FileJournal(tmp_path / "journal")
    limits = Limits(first_window=2, smallest_window=2, largest_window=2, outcome_wait_seconds=0.3)
    with psycopg.connect(database_url) as zombie:
        number = zombie.execute("SELECT pg_current_xact_id()::text").fetchone()[0]
        journal._store(prepared(transaction_id=number))
        with pytest.raises(OutcomePending):
            run(source, plan, journal, SettledWorld(), limits=limits)
        assert masked(shop) == 0
        zombie.rollback()
        progress = run(source, plan, journal, SettledWorld(), limits=limits)
    assert (progress.done, progress.rows) == (True, {"person": 5})
    assert journal.chunks()[0].note == "found rolled back after a restart"
    journal.close()
