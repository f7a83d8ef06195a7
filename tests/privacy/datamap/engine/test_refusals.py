"""A table that the source refuses, and the other tables, which are finished all the same."""

import pytest

from privacy.datamap.engine.errors import SourceUnreachable
from privacy.datamap.engine.executor import RunState, run
from privacy.datamap.engine.journal import ChunkState
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.settling import settle
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import DELETE_ALL, mask_person
from tests.privacy.datamap.engine.test_executor import everyone

TWO = Limits.fixed(2)
LABELS = Instruction("line", Action.MASK, (ColumnMask("label", Strategy.CONSTANT, {"value": "-"}),))
NAMES = Instruction("person", Action.MASK, (ColumnMask("name", Strategy.NULL),))
ADDRESSES = Instruction("purchase", Action.MASK, (ColumnMask("address", Strategy.CONSTANT, {"value": "-"}),))


@pytest.fixture
def journal():
    made = FileJournal(":memory:")
    yield made
    made.close()


def counts(progress) -> dict[str, int | None]:
    return {each.step: each.count for each in progress.verification.steps}


def test_one_refused_table_does_not_keep_three_others_from_being_finished(source, shop, journal):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, [NAMES, ADDRESSES, LABELS], selection=everyone(source, shop))
    shop.refuse("purchase", "UPDATE")
    progress = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (progress.state, list(progress.refused), progress.waiting) == (RunState.REFUSED, ["purchase"], ())
    assert counts(progress) == {"line": 0, "purchase": 5, "person": 0}
    assert progress.rows == {"line": 10, "purchase": 0, "person": 5}
    shop.allow("purchase")
    for finished in ("person", "line"):
        shop.refuse(finished, "UPDATE")  # what was finished is not touched again
    again = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (again.done, again.rows_now, again.rows) == (True, 5, {"line": 10, "purchase": 5, "person": 5})


@pytest.mark.parametrize("limits", [TWO, Limits()])
def test_people_keep_the_name_by_which_they_are_found_until_their_other_rows_are_done(source, shop, journal, limits):
    """Otherwise a run that is given up leaves rows that no later plan finds, and which would be said to be none."""
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, [mask_person(), ADDRESSES, LABELS], selection=everyone(source, shop, 3))
    before = shop.rows("SELECT id, email FROM person ORDER BY id")
    shop.refuse("purchase", "UPDATE")
    progress = run(source, plan, journal, SettledWorld(), limits=limits)
    assert (progress.state, list(progress.refused), progress.waiting) == (RunState.REFUSED, ["purchase"], ("person",))
    assert counts(progress) == {"line": 0, "purchase": 3, "person": 3}
    assert shop.rows("SELECT id, email FROM person ORDER BY id") == before
    shop.allow("purchase")
    assert run(source, plan, journal, SettledWorld(), limits=limits).rows == {"line": 6, "purchase": 3, "person": 3}


@pytest.mark.parametrize("lanes", [1, 2])
def test_a_refusal_in_the_middle_of_a_table_keeps_what_was_done_and_settles_every_chunk(source, shop, journal, lanes):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop))
    shop.refuse("person", "UPDATE", "OLD.id = 3")
    limits = Limits(first_window=2, smallest_window=2, largest_window=2, lanes=lanes)
    progress = run(source, plan, journal, SettledWorld(), limits=limits)
    done = shop.rows("SELECT count(*) FROM person WHERE name IS NULL")[0][0]
    assert (progress.state, progress.rows, counts(progress)) == (
        RunState.REFUSED,
        {"person": done},
        {"person": 5 - done},
    )
    assert {chunk.state for chunk in journal.chunks()} == {ChunkState.COMPLETED, ChunkState.VOID}
    shop.allow("person")
    assert run(source, plan, journal, SettledWorld(), limits=limits).rows == {"person": 5}


def test_parents_wait_for_children_that_could_not_be_deleted(source, shop, journal):
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=everyone(source, shop, 3))
    shop.refuse("line", "DELETE")
    progress = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (list(progress.refused), progress.waiting) == (["line"], ("person", "purchase"))
    assert counts(progress) == {"line": 6, "purchase": 3, "person": 3}
    shop.allow("line")
    assert run(source, plan, journal, SettledWorld(), limits=TWO).rows == {"line": 6, "purchase": 3, "person": 3}


def test_a_cascade_never_takes_rows_that_their_own_step_was_refused_to_delete(source, shop, journal):
    shop.run("ALTER TABLE line DROP CONSTRAINT line_purchase_id_fkey")
    shop.run("ALTER TABLE line ADD FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE CASCADE")
    shop.fill(people=1)
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=everyone(source, shop, 1))
    shop.refuse("line", "DELETE", "OLD.number = 2")
    progress = run(source, plan, journal, SettledWorld(), limits=Limits.fixed(1))
    assert (progress.rows, shop.rows("SELECT number FROM line")) == ({"line": 1, "purchase": 0, "person": 0}, [(2,)])


def test_a_refusal_says_what_and_where_and_no_value(source, shop, journal):
    shop.fill(people=1)
    shop.run("ALTER TABLE person ADD CONSTRAINT has_name CHECK (name IS NOT NULL)")
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, 1))
    words = run(source, plan, journal, SettledWorld(), limits=TWO).refused["person"]
    said = "A check constraint of the source refuses the masked value; choose another mask for the column."
    assert words == said + (" (table person, constraint has_name)" if shop.names_constraints else "")


class Died(BaseException):
    """Stands for kill -9 at a chosen line."""


@pytest.mark.parametrize(("moment", "settled"), [("intend", ChunkState.VOID), ("prepare", ChunkState.VOID)])
def test_a_run_called_off_in_the_middle_of_a_chunk_ends_with_an_exact_record(source, shop, tmp_path, moment, settled):
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, 3))
    journal = FileJournal(tmp_path / "journal")

    def die(*args, **kwargs):
        original(*args, **kwargs)
        raise Died

    original = getattr(journal, moment)
    setattr(journal, moment, die)
    with pytest.raises(Died):
        run(source, plan, journal, SettledWorld(), limits=TWO)
    setattr(journal, moment, original)
    assert settle(source, plan, journal) == 1
    assert [chunk.state for chunk in journal.chunks()] == [settled]
    assert settle(source, plan, journal) == 0
    journal.close()


def test_a_chunk_that_was_committed_before_the_worker_died_counts(source, shop, tmp_path):
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, 3))
    journal = FileJournal(tmp_path / "journal")
    original, journal.complete = journal.complete, lambda chunk: (_ for _ in ()).throw(SourceUnreachable("gone"))
    with pytest.raises(SourceUnreachable):
        run(source, plan, journal, SettledWorld(lambda step, asked: ask_once(asked)), limits=TWO)
    journal.complete = original
    assert [chunk.state for chunk in journal.chunks()] == [ChunkState.PREPARED]
    settle(source, plan, journal)
    assert [(chunk.state, chunk.rows) for chunk in journal.chunks()] == [(ChunkState.COMPLETED, 2)]
    assert shop.rows("SELECT count(*) FROM person WHERE name IS NULL") == [(2,)]
    journal.close()


def ask_once(asked: int):
    from privacy.datamap.engine.journal import Permission

    return Permission(asked == 1, reason="stopped")
