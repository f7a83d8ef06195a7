"""Rows that go only when somebody outside the source says so, in every product, with windows of two rows."""

import datetime as dt

import pytest

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.executor import RunState, run
from privacy.datamap.engine.journal import ChunkState, Permission
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.screening import Screen, Screened
from privacy.datamap.engine.selection import NOBODY_HELD, Held, Identifier, OlderThan
from privacy.datamap.engine.spec import Join
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import OURS, THEIRS, mask_person
from tests.privacy.datamap.engine.test_crashes import SEAMS, Crash, CrashingJournal

TWO = Limits.fixed(2)
LEFT = OlderThan("left_on", dt.date(2026, 6, 1))
TO_PERSON = Join(("person_id",), "person", ("id",))
TO_PURCHASE = Join(("purchase_id",), "purchase", ("id",))
DELETE_OLD = (
    Instruction("person", Action.DELETE, selection=LEFT),
    Instruction("purchase", Action.DELETE, selection=OlderThan("left_on", LEFT.cutoff, (TO_PERSON,))),
    Instruction("line", Action.DELETE, selection=OlderThan("left_on", LEFT.cutoff, (TO_PURCHASE, TO_PERSON))),
)


class Told:
    """A gate that knows some people by their number, and remembers what it was asked."""

    root = "person"

    def __init__(self, *people: int) -> None:
        self._people = {(str(each),) for each in people}
        self.asked: list[int] = []
        self.taken: set[str] = set()
        self.events: set[object] = set()

    def free(self, events, *, taking):
        self.asked.append(len(events))
        self.events |= set(events.values())
        found = [key for key in events if key in self._people]
        if taking:
            self.taken |= {key[0] for key in found}
        return found


@pytest.fixture
def journal():
    made = FileJournal(":memory:")
    yield made
    made.close()


def left(shop, table: str = "person") -> list[int]:
    column = "purchase_id" if table == "line" else "id"
    query = f"SELECT DISTINCT {column} FROM {table} WHERE organisation_id = %s ORDER BY 1"
    return [number for (number,) in shop.rows(query, OURS)]


@pytest.mark.parametrize("people", [(), (3,), (1, 2, 5), (1, 2, 3, 4, 5)])
def test_exactly_the_rows_that_are_let_through_go_and_the_run_is_done(source, shop, journal, people):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, DELETE_OLD)
    gate = Told(*people)
    progress = run(source, plan, journal, SettledWorld(), limits=TWO, gate=gate)
    assert (progress.state, progress.rows) == (
        RunState.DONE, {"line": 2 * len(people), "purchase": len(people), "person": len(people)},
    )  # fmt: skip
    stays = [number for number in range(1, 6) if number not in people]
    assert (left(shop), left(shop, "purchase")) == (stays, [number * 100 for number in stays])
    assert left(shop, "line") == [number * 100 for number in stays]
    assert gate.taken == {str(number) for number in people}
    assert gate.events == {dt.date(2026, 1, 15)}


def test_the_gate_is_asked_about_one_window_at_a_time(source, shop, journal):
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=LEFT)
    gate = Told(2, 4, 5)
    assert run(source, plan, journal, SettledWorld(), limits=TWO, gate=gate).rows == {"person": 3}
    assert max(gate.asked[:3]) == 2
    assert [chunk.rows for chunk in journal.chunks()] == [1, 1, 1]


def test_calls_without_any_time_go_on_behind_windows_in_which_nothing_may_go(source, shop, journal):
    shop.fill(people=7)
    plan, gate, calls = make_plan(source, shop.datasets, [mask_person()], selection=LEFT), Told(7), []
    while not calls or not calls[-1].done:
        calls.append(run(source, plan, journal, SettledWorld(), limits=TWO, gate=gate, budget_seconds=0))
        assert len(calls) < 20
    assert [(call.state, call.rows_now) for call in calls] == [(RunState.OUT_OF_TIME, 0)] * 3 + [(RunState.DONE, 1)]
    assert [(chunk.state, chunk.reached, chunk.rows) for chunk in journal.chunks()] == [
        (ChunkState.VOID, ("2",), 0), (ChunkState.VOID, ("4",), 0), (ChunkState.VOID, ("6",), 0),
        (ChunkState.COMPLETED, ("7",), 1),
    ]  # fmt: skip


def test_counting_says_how_many_may_go_and_how_many_wait_in_windows(source, shop):
    shop.fill(people=5, purchases=2)
    plan = make_plan(source, shop.datasets, DELETE_OLD)
    gate = Told(1, 4)
    screen = Screen(source, predicates_of(plan, source), gate, rows_at_once=2)
    with source.connect() as connection:
        found = {step.key: screen.count(connection, step, NOBODY_HELD) for step in plan.steps}
        after = [each.upper for each in screen.windows(connection, plan.steps[-1], NOBODY_HELD, after=("2",))]
    assert found == {"line": Screened((), 8, 12), "purchase": Screened((), 4, 6), "person": Screened((), 2, 3)}
    assert (max(gate.asked), gate.taken, after) == (2, set(), [("4",), ("5",)])


def test_people_under_a_hold_are_neither_asked_about_nor_waiting(source, shop, journal):
    shop.fill(people=3)
    plan = make_plan(source, shop.datasets, DELETE_OLD)
    world = SettledWorld(lambda step, asked: Permission(True, "", Held((Identifier("email", "person1@example.com"),))))
    progress = run(source, plan, journal, world, limits=TWO, gate=Told(1, 2))
    assert (progress.state, progress.rows["person"], left(shop)) == (RunState.DONE, 1, [1, 3])


def test_rows_of_another_scope_are_never_asked_about(source, shop, journal):
    shop.fill(people=2)
    shop.fill(people=2, organisation=THEIRS, first=11)
    before = shop.snapshot("person", THEIRS)
    plan = make_plan(source, shop.datasets, DELETE_OLD)
    assert run(source, plan, journal, SettledWorld(), limits=TWO, gate=Told(1, 2, 11, 12)).rows["person"] == 2
    assert (left(shop), shop.snapshot("person", THEIRS)) == ([], before)


@pytest.mark.parametrize("seam", SEAMS)
def test_after_a_crash_the_record_ends_with_the_true_number_of_rows_let_through(source, shop, tmp_path, seam):
    method, wrote = SEAMS[seam]
    shop.fill(people=5)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=LEFT)
    dying = CrashingJournal(tmp_path / "journal", method=method, time=1, wrote=wrote)
    with pytest.raises(Crash):
        run(source, plan, dying, SettledWorld(), limits=TWO, gate=Told(1, 2, 4))
    dying.close()
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan, journal, SettledWorld(), limits=TWO, gate=Told(1, 2, 4))
    assert (progress.done, progress.rows) == (True, {"person": 3})
    assert shop.rows("SELECT id FROM person WHERE name IS NULL ORDER BY 1") == [(1,), (2,), (4,)]
    journal.close()


def test_a_step_that_does_not_lead_to_the_rows_that_are_asked_about_is_refused(source, shop, journal):
    shop.fill(people=1)
    bought = OlderThan("bought_at", dt.datetime(2026, 6, 1, tzinfo=dt.UTC), (TO_PURCHASE,))
    plan = make_plan(source, shop.datasets, [Instruction("line", Action.DELETE, selection=bought)])
    with pytest.raises(InvalidSpec, match="does not lead to 'person'"):
        run(source, plan, journal, SettledWorld(), limits=TWO, gate=Told(1))
    assert left(shop, "line") == [100]
