"""One large step, several workers: every row is touched once, whoever dies when, and the record is one and true.

The source itself counts: a trigger notes every row that is changed.
"""

import threading
from collections import Counter

import pytest

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.executor import RunState, run
from privacy.datamap.engine.journal import ChunkState, Permission
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.part_run import run_part
from privacy.datamap.engine.planner import make_plan, resolve_subject
from privacy.datamap.engine.selection import NOBODY_HELD, Identifier
from privacy.datamap.engine.settling import settle
from privacy.datamap.engine.sharing import Part, cut
from privacy.datamap.engine.statements import StepStatements
from privacy.datamap.engine.step_runner import PassEnd
from tests.privacy.datamap.engine.doubles import FileJournal, FileSharing, SettledWorld
from tests.privacy.datamap.engine.shop import DELETE_ALL, mask_person
from tests.privacy.datamap.engine.test_crashes import SEAMS, Crash, CrashingJournal

TWO = Limits.fixed(2)
MASK_EVERYONE = (mask_person(),)
PEOPLE = 9


def plan_for(source, shop, instructions=MASK_EVERYONE, people=PEOPLE):
    identifiers = [Identifier("email", f"person{each}@example.com") for each in range(1, people + 1)]
    keys = resolve_subject(source, shop.datasets, identifiers)
    return make_plan(source, shop.datasets, instructions, selection=keys)


def begin(source, plan, path, into=2, world=None):
    """The run's own worker: cuts, waits, and passes over the whole when the parts are done."""
    journal = FileJournal(path)
    progress = run(
        source, plan, journal, world or SettledWorld(), limits=TWO, sharing=FileSharing(journal, into=into)
    )  # fmt: skip
    journal.close()
    return progress


def parts(path, step="person"):
    journal = FileJournal(path)
    found = journal.parts(step)
    journal.close()
    return found


def work_on(source, plan, path, part, step="person", world=None):
    journal = FileJournal(path, part=part.number)
    result = run_part(source, plan, step, part, journal, world or SettledWorld(), limits=TWO)
    journal.close()
    return result


def rows_by_part(path, step="person"):
    journal = FileJournal(path)
    counted: Counter[int] = Counter()
    for chunk in journal.chunks(step):
        counted[chunk.part] += chunk.rows
    journal.close()
    return dict(counted)


def touches(shop):
    return dict(shop.rows("SELECT id, count(*) FROM touched GROUP BY id"))


EACH_ONCE = dict.fromkeys(range(1, PEOPLE + 1), 1)


def statements_of(source, plan, key):
    step = next(step for step in plan.steps if step.key == key)
    return step, StepStatements(predicates_of(plan, source), source.dialect, step)


@pytest.mark.parametrize(("into", "expected"), [(1, [9]), (2, [5, 4]), (4, [3, 3, 3]), (20, [1] * 9)])
def test_ranges_follow_each_other_without_gap_or_overlap(source, shop, into, expected):
    shop.fill(people=PEOPLE)
    step, statements = statements_of(source, plan_for(source, shop), "person")
    with source.connect() as connection:
        found = cut(connection, statements, step, into=into, held=NOBODY_HELD)
    sizes = [part.expected for part in found]
    assert [size for size in sizes if size] == expected
    assert [part.number for part in found] == list(range(1, len(found) + 1))
    assert (found[0].lower, found[-1].upper) == (None, None)
    assert [part.lower for part in found[1:]] == [part.upper for part in found[:-1]]


def test_ranges_of_a_composite_key_are_compared_as_whole_rows(source, shop):
    shop.fill(people=3, lines=3)
    plan = plan_for(source, shop, DELETE_ALL, people=3)
    step, statements = statements_of(source, plan, "line")
    with source.connect() as connection:
        found = cut(connection, statements, step, into=2, held=NOBODY_HELD)
    assert found == (Part(1, None, ("200", "2"), 5), Part(2, ("200", "2"), None, 4))


def test_a_step_that_shrank_since_it_was_counted_is_cut_into_fewer_parts(source, shop):
    shop.fill(people=PEOPLE, purchases=0)
    step, statements = statements_of(source, plan_for(source, shop), "person")
    shop.run("DELETE FROM person WHERE id > 2")
    with source.connect() as connection:
        found = cut(connection, statements, step, into=3, held=NOBODY_HELD)
    assert [(part.number, part.lower, part.upper) for part in found] == [(1, None, None)]


def test_two_workers_at_once_change_every_row_once_and_the_record_says_who_did_what(source, shop, tmp_path):
    shop.fill(people=PEOPLE)
    shop.count_touches()
    plan, path = plan_for(source, shop), tmp_path / "journal"
    assert begin(source, plan, path).state is RunState.SHARED
    threads = [threading.Thread(target=work_on, args=(source, plan, path, part)) for part in parts(path)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows_by_part(path) == {1: 5, 2: 4}
    assert touches(shop) == EACH_ONCE
    progress = begin(source, plan, path)
    assert (progress.state, progress.rows, progress.rows_now) == (RunState.DONE, {"person": PEOPLE}, 0)
    assert touches(shop) == EACH_ONCE


def test_the_run_waits_until_the_last_part_is_at_its_end(source, shop, tmp_path):
    shop.fill(people=PEOPLE)
    plan, path = plan_for(source, shop), tmp_path / "journal"
    assert begin(source, plan, path).state is RunState.SHARED
    one, two = parts(path)
    assert work_on(source, plan, path, one).end is PassEnd.FINISHED
    waiting = begin(source, plan, path)
    assert (waiting.state, waiting.rows) == (RunState.SHARED, {"person": 5})
    assert work_on(source, plan, path, two).end is PassEnd.FINISHED
    assert begin(source, plan, path).done


def test_parts_of_a_table_with_a_composite_key_leave_their_neighbours_alone(source, shop, tmp_path):
    shop.fill(people=3, lines=3)
    plan, path = plan_for(source, shop, DELETE_ALL, people=3), tmp_path / "journal"
    for step in ("line", "purchase", "person"):
        assert begin(source, plan, path).state is RunState.SHARED
        one, two = parts(path, step)
        work_on(source, plan, path, one, step)
        if step == "line":
            assert shop.rows("SELECT purchase_id, number FROM line ORDER BY 1, 2") == [
                (200, 3), (300, 1), (300, 2), (300, 3)
            ]  # fmt: skip
        work_on(source, plan, path, two, step)
    progress = begin(source, plan, path)
    assert (progress.done, progress.rows) == (True, {"line": 9, "purchase": 3, "person": 3})
    assert [rows_by_part(path, step) for step in ("line", "purchase", "person")] == [
        {1: 5, 2: 4}, {1: 2, 2: 1}, {1: 2, 2: 1}
    ]  # fmt: skip


def test_rows_that_come_while_the_parts_work_are_done_by_the_pass_over_the_whole(source, shop, tmp_path):
    shop.fill(people=PEOPLE, purchases=2)
    plan, path = plan_for(source, shop, DELETE_ALL), tmp_path / "journal"
    assert begin(source, plan, path).state is RunState.SHARED
    for part in parts(path, "line"):
        work_on(source, plan, path, part, "line")
    shop.run("INSERT INTO line VALUES (100, 77, 7, 'late')")
    assert begin(source, plan, path).state is RunState.SHARED  # at the purchases
    assert rows_by_part(path, "line") == {0: 1, 1: 18, 2: 18}
    assert shop.rows("SELECT count(*) FROM line") == [(0,)]


MOMENTS = [
    (seam, time)
    for seam, (method, _) in SEAMS.items()
    for time in ((1, 2) if method in ("intend", "prepare") else (1,))
]


@pytest.mark.parametrize(("seam", "time"), MOMENTS)
def test_after_a_crash_in_a_part_another_worker_ends_it_and_no_row_is_touched_twice(
    source, shop, tmp_path, seam, time
):  # fmt: skip
    method, wrote = SEAMS[seam]
    shop.fill(people=PEOPLE)
    shop.count_touches()
    plan, path = plan_for(source, shop), tmp_path / "journal"
    assert begin(source, plan, path).state is RunState.SHARED
    one, two = parts(path)
    dying = CrashingJournal(path, method=method, time=time, wrote=wrote, part=one.number)
    with pytest.raises(Crash):
        run_part(source, plan, "person", one, dying, SettledWorld(), limits=TWO)
    recorded = dying.step("person").rows
    dying.close()
    assert recorded <= len(touches(shop))
    work_on(source, plan, path, two)
    work_on(source, plan, path, one)
    progress = begin(source, plan, path)
    assert (progress.done, progress.rows) == (True, {"person": PEOPLE})
    assert rows_by_part(path) == {1: 5, 2: 4}
    assert touches(shop) == EACH_ONCE


@pytest.mark.parametrize("seam", ["after prepare, before the commit", "before the intent", "after the intent"])
def test_what_a_dead_part_left_is_settled_by_the_run_when_nobody_takes_it_over(source, shop, tmp_path, seam):
    method, wrote = SEAMS[seam]
    shop.fill(people=PEOPLE)
    shop.count_touches()
    plan, path = plan_for(source, shop), tmp_path / "journal"
    assert begin(source, plan, path).state is RunState.SHARED
    one, two = parts(path)
    dying = CrashingJournal(path, method=method, time=2, wrote=wrote, part=one.number)
    with pytest.raises(Crash):
        run_part(source, plan, "person", one, dying, SettledWorld(), limits=TWO)
    dying.close_step("person", round=1)  # left to the run
    dying.close()
    work_on(source, plan, path, two)
    progress = begin(source, plan, path)
    assert (progress.done, progress.rows, touches(shop)) == (True, {"person": PEOPLE}, EACH_ONCE)
    assert sum(rows_by_part(path).values()) == PEOPLE


def test_the_record_of_a_run_called_off_is_exact_for_its_parts_too(source, shop, tmp_path):
    shop.fill(people=PEOPLE)
    plan, path = plan_for(source, shop), tmp_path / "journal"
    assert begin(source, plan, path).state is RunState.SHARED
    one, _two = parts(path)
    dying = CrashingJournal(path, method="intend", time=2, wrote=False, part=one.number)
    with pytest.raises(Crash):  # committed in the source, not yet so in the record
        run_part(source, plan, "person", one, dying, SettledWorld(), limits=TWO)
    dying.close()
    journal = FileJournal(path)
    assert (journal.step("person").rows, settle(source, plan, journal)) == (0, 1)
    assert (journal.step("person").rows, rows_by_part(path)) == (2, {1: 2})
    assert {chunk.state for chunk in journal.chunks()} == {ChunkState.COMPLETED}
    journal.close()


def test_a_part_stops_before_its_next_chunk_when_the_world_says_so_and_goes_on_later(source, shop, tmp_path):
    shop.fill(people=PEOPLE)
    shop.count_touches()
    plan, path = plan_for(source, shop), tmp_path / "journal"
    assert begin(source, plan, path).state is RunState.SHARED
    one, two = parts(path)
    once = SettledWorld(lambda _step, asked: Permission(asked <= 1, "A hold."))
    stopped = work_on(source, plan, path, one, world=once)
    assert (stopped.end, stopped.reason, stopped.rows) == (PassEnd.STOPPED, "A hold.", 2)
    refusing = SettledWorld(lambda _step, _asked: Permission(proceed=False, reason="A hold."))
    held = begin(source, plan, path, world=refusing)
    assert (held.state, held.reason, held.rows) == (RunState.STOPPED, "A hold.", {"person": 2})
    for part in (one, two):
        assert work_on(source, plan, path, part).end is PassEnd.FINISHED
    assert begin(source, plan, path).done
    assert touches(shop) == EACH_ONCE


def test_a_step_is_not_cut_while_the_world_forbids_it(source, shop, tmp_path):
    shop.fill(people=PEOPLE)
    plan, path = plan_for(source, shop), tmp_path / "journal"
    refusing = SettledWorld(lambda _step, _asked: Permission(proceed=False, reason="A hold."))
    assert begin(source, plan, path, world=refusing).state is RunState.STOPPED
    assert parts(path) == []
    assert begin(source, plan, path).state is RunState.SHARED
    assert len(parts(path)) == 2


def test_a_small_step_is_not_cut(source, shop, tmp_path):
    shop.fill(people=1)
    plan, path = plan_for(source, shop, people=1), tmp_path / "journal"
    assert begin(source, plan, path).done
    assert parts(path) == []


def test_a_part_smaller_than_a_window_is_one_chunk_and_stays_within_its_bounds(source, shop, tmp_path):
    shop.fill(people=PEOPLE)
    plan, path = plan_for(source, shop), tmp_path / "journal"
    assert begin(source, plan, path).state is RunState.SHARED
    one, _two = parts(path)
    journal = FileJournal(path, part=one.number)
    result = run_part(source, plan, "person", one, journal, SettledWorld(), limits=Limits())
    assert (result.end, result.rows) == (PassEnd.FINISHED, 5)
    assert [(chunk.part, chunk.rows, chunk.upper) for chunk in journal.chunks()] == [(1, 5, one.upper)]
    assert shop.rows("SELECT id FROM person WHERE name IS NOT NULL ORDER BY id") == [(6,), (7,), (8,), (9,)]
    journal.close()
