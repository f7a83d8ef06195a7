"""Carrying plans out in a real database, with windows of two rows."""

import pytest

from privacy.datamap.engine.errors import LeaseLost, PlanNoLongerMatches
from privacy.datamap.engine.executor import RunState, run
from privacy.datamap.engine.journal import ChunkState, Permission, digest_of
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Held, Identifier, RootKeys
from privacy.datamap.engine.verify import verify
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import DELETE_ALL, OURS, THEIRS, mask_person

TWO = Limits.fixed(2)


def subjects(source, shop, *people: int):
    return resolve_subject(source, shop.datasets, [Identifier("email", f"person{each}@EXAMPLE.com") for each in people])


def everyone(source, shop, people: int = 5):
    return subjects(source, shop, *range(1, people + 1))


@pytest.fixture
def journal():
    made = FileJournal(":memory:")
    yield made
    made.close()


@pytest.mark.parametrize("lanes", [1, 2])
@pytest.mark.parametrize("people", [1, 2, 3, 4, 5])
def test_windows_of_two_reach_every_row_exactly_once(source, shop, journal, people, lanes):
    shop.fill(people=people)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, people))
    limits = Limits(first_window=2, smallest_window=2, largest_window=2, lanes=lanes)
    progress = run(source, plan, journal, SettledWorld(), limits=limits)
    assert progress.done
    assert progress.rows == {"person": people}
    assert [chunk.rows for chunk in journal.chunks()] == [2] * (people // 2) + [1] * (people % 2)
    assert shop.rows("SELECT count(*) FROM person WHERE email LIKE 'erased-%%@erased.invalid' AND name IS NULL") == [
        (people,)
    ]


def test_rows_of_another_scope_stay_byte_equal(source, shop, journal):
    shop.fill(people=3)
    shop.fill(people=3, organisation=THEIRS, first=11)
    shop.run("UPDATE person SET email = 'Person1@example.com' WHERE id = 11")
    before = {table: shop.snapshot(table, THEIRS) for table in ("person", "purchase", "line")}
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=everyone(source, shop, 3))
    assert run(source, plan, journal, SettledWorld(), limits=TWO).rows == {"line": 6, "purchase": 3, "person": 3}
    assert {table: shop.snapshot(table, THEIRS) for table in before} == before
    assert all(before.values())
    assert [shop.snapshot(table, OURS) for table in before] == [[], [], []]


def test_children_go_before_their_parents(source, shop, journal):
    shop.fill(people=1)
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=everyone(source, shop, 1))
    assert [step.key for step in plan.steps] == ["line", "purchase", "person"]
    assert [step.expected_count for step in plan.steps] == [2, 1, 1]
    assert run(source, plan, journal, SettledWorld(), limits=TWO).done


def test_a_composite_key_window_never_touches_rows_of_the_same_first_column(source, shop, journal):
    shop.fill(people=1, lines=5)
    shop.fill(people=1, lines=5, organisation=THEIRS, first=2)
    shop.run("INSERT INTO line SELECT 100, n + 10, %s, 'not ours' FROM " + shop.numbers(3), THEIRS)
    before = shop.snapshot("line", THEIRS)
    masks = (ColumnMask("label", Strategy.CONSTANT, {"value": "-"}),)
    plan = make_plan(
        source, shop.datasets, [Instruction("line", Action.MASK, masks)], selection=everyone(source, shop, 1)
    )
    assert run(source, plan, journal, SettledWorld(), limits=TWO).rows == {"line": 5}
    assert [(chunk.lower, chunk.upper) for chunk in journal.chunks()] == [
        (None, ("100", "2")),
        (("100", "2"), ("100", "4")),
        (("100", "4"), ("100", "5")),
    ]
    assert shop.snapshot("line", THEIRS) == before


def test_a_run_of_a_finished_plan_changes_nothing_and_is_done_again(source, shop, journal):
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, 3))
    run(source, plan, journal, SettledWorld(), limits=TWO)
    before = shop.snapshot("person", OURS)
    again = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (again.done, again.rows_now, again.rows) == (True, 0, {"person": 3})
    assert shop.snapshot("person", OURS) == before


def test_changed_data_stop_the_run_before_the_first_chunk(source, shop, journal):
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=everyone(source, shop, 3))
    shop.run("INSERT INTO line VALUES (100, 3, %s, 'new')", OURS)
    with pytest.raises(PlanNoLongerMatches) as refused:
        run(source, plan, journal, SettledWorld(), limits=TWO)
    assert [(each.step, each.planned, each.found) for each in refused.value.mismatches] == [("line", 6, 7)]
    assert journal.chunks() == []
    assert len(shop.snapshot("line", OURS)) == 7


def test_a_hold_placed_between_chunks_spares_the_person_from_then_on(source, shop, journal):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=everyone(source, shop))
    held = Held(identifiers=(Identifier("email", "PERSON4@example.com"),))
    world = SettledWorld(lambda step, asked: Permission(True, held=held if asked > 1 else Held()))
    progress = run(source, plan, journal, world, limits=TWO)
    assert progress.done
    assert progress.rows == {"line": 8, "purchase": 4, "person": 4}
    assert shop.rows("SELECT id FROM person") == [(4,)]
    assert shop.rows("SELECT purchase_id, number FROM line ORDER BY 1, 2") == [(400, 1), (400, 2)]


def test_a_hold_by_root_key_spares_a_person_whose_identity_is_masked_already(source, shop, journal):
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=everyone(source, shop, 3))
    shop.run("UPDATE person SET email = NULL WHERE id = 2")
    by_mail = Held(identifiers=(Identifier("email", "person2@example.com"),))
    by_key = Held(roots=(RootKeys("person", (("2",),)),))
    assert [each.count for each in verify(source, plan, held_for=lambda step: by_mail).steps] == [6, 3, 3]
    assert [each.count for each in verify(source, plan, held_for=lambda step: by_key).steps] == [4, 2, 2]
    progress = run(source, plan, journal, SettledWorld(lambda step, asked: Permission(True, held=by_key)), limits=TWO)
    assert (progress.done, shop.rows("SELECT id FROM person")) == (True, [(2,)])


def test_the_world_can_stop_a_run_and_let_it_go_on_later(source, shop, journal):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop))
    world = SettledWorld(lambda step, asked: Permission(asked == 1, reason="the rule was switched off"))
    stopped = run(source, plan, journal, world, limits=TWO)
    assert (stopped.state, stopped.reason) == (RunState.STOPPED, "the rule was switched off")
    assert (stopped.rows, stopped.rows_now) == ({"person": 2}, 2)
    assert [chunk.state for chunk in journal.chunks()] == [ChunkState.COMPLETED]
    finished = run(source, plan, journal, SettledWorld(), limits=TWO)
    assert (finished.done, finished.rows, finished.rows_now) == (True, {"person": 5}, 3)


class Stopwatch:
    """A clock that advances by one second each time it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 1
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_budget_ends_a_call_between_chunks_and_the_next_call_goes_on(source, shop, journal):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=everyone(source, shop))
    calls = []
    while not calls or not calls[-1].done:
        calls.append(run(source, plan, journal, SettledWorld(), limits=TWO, budget_seconds=5, clock=Stopwatch()))
        assert len(calls) < 20
    assert [call.state for call in calls[:-1]] == [RunState.OUT_OF_TIME] * (len(calls) - 1)
    assert len(calls) == 3
    assert sum(call.rows_now for call in calls) == 20
    assert calls[-1].rows == {"line": 10, "purchase": 5, "person": 5}


def test_calls_without_any_time_come_to_an_end_window_after_window(source, shop, journal):
    """Counting a large source may take longer than a slice; such a run must not read for ever and change nothing."""
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop))
    calls = []
    while not calls or not calls[-1].done:
        calls.append(run(source, plan, journal, SettledWorld(), limits=TWO, budget_seconds=0))
        assert len(calls) < 20
    assert [(call.state, call.rows_now) for call in calls] == [
        (RunState.OUT_OF_TIME, 2), (RunState.OUT_OF_TIME, 2), (RunState.DONE, 1),
    ]  # fmt: skip
    assert calls[-1].rows == {"person": 5}


def test_a_lost_lease_stops_the_run_at_once_and_the_new_owner_finishes(source, shop, tmp_path):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop))
    first = FileJournal(tmp_path / "journal", owner="first")
    others: list[FileJournal] = []

    def take_over_after_one_chunk(step, asked):
        if asked == 2:
            others.append(FileJournal(tmp_path / "journal", owner="second"))
        return Permission(True)

    with pytest.raises(LeaseLost):
        run(source, plan, first, SettledWorld(take_over_after_one_chunk), limits=TWO)
    assert shop.rows("SELECT count(*) FROM person WHERE name IS NULL") == [(2,)]
    progress = run(source, plan, others[0], SettledWorld(), limits=TWO)
    assert (progress.done, progress.rows) == (True, {"person": 5})
    for each in (first, *others):
        each.close()


def test_a_worker_that_lost_its_lease_during_the_change_does_not_commit(source, shop, tmp_path):
    shop.fill(people=2)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, 2))

    class Overtaken(FileJournal):
        def prepare(self, chunk):
            FileJournal(tmp_path / "journal", owner="second").close()
            super().prepare(chunk)

    journal = Overtaken(tmp_path / "journal")
    with pytest.raises(LeaseLost):
        run(source, plan, journal, SettledWorld(), limits=TWO)
    assert shop.rows("SELECT count(*) FROM person WHERE name IS NULL") == [(0,)]
    journal.close()


def test_verification_fails_when_a_row_appears_and_the_next_round_takes_it(source, shop, journal):
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, 3))

    class Intruded(FileJournal):
        closed = 0

        def close_step(self, key, *, round):
            super().close_step(key, round=round)
            self.closed += 1
            if self.closed == 1:
                shop.run("UPDATE person SET name = 'back again' WHERE id = 1")

    intruded = Intruded(":memory:")
    progress = run(source, plan, intruded, SettledWorld(), limits=TWO)
    assert (progress.done, progress.rows, intruded.closed) == (True, {"person": 4}, 2)
    assert [chunk.round for chunk in intruded.chunks()] == [1, 1, 2]
    intruded.close()
    assert verify(source, plan).complete
    shop.run("UPDATE person SET name = 'once more' WHERE id = 2")
    again = verify(source, plan)
    assert (again.complete, [each.count for each in again.survivors]) == (False, [1])


def test_rows_that_keep_coming_back_leave_the_run_open(source, shop, journal):
    shop.fill(people=2)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, 2))

    class Haunted(FileJournal):
        def close_step(self, key, *, round):
            super().close_step(key, round=round)
            shop.run("UPDATE person SET name = 'back again' WHERE id = 1")

    haunted = Haunted(":memory:")
    progress = run(source, plan, haunted, SettledWorld(), limits=TWO)
    assert (progress.state, progress.done) == (RunState.SURVIVORS, False)
    assert [(each.step, each.count) for each in progress.verification.survivors] == [("person", 1)]
    haunted.close()


def test_an_unknown_count_is_not_complete(source, shop):
    shop.fill(people=2)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop, 2))
    shop.run("ALTER TABLE person RENAME TO elsewhere")
    unknown = verify(source, plan)
    assert (unknown.complete, [each.count for each in unknown.steps]) == (False, [None])
    assert unknown.steps[0].why_unknown.startswith("A table of the data map no longer exists")


def test_the_digest_tells_every_altered_record_from_the_true_one(source, shop, journal):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=everyone(source, shop))
    run(source, plan, journal, SettledWorld(), limits=TWO)
    chunks = journal.chunks()
    assert digest_of(chunks) == digest_of(journal.chunks())
    altered = [chunks[:-1], chunks[::-1], [chunks[0].void("gone"), *chunks[1:]]]
    assert len({digest_of(each) for each in [chunks, *altered]}) == 4
