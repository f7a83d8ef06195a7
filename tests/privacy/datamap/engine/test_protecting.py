"""Rows that the law wants kept outlive a plan, together with whatever they lead to."""

import datetime as dt

import pytest

from privacy.datamap.engine.errors import PlanRefused
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action, Plan
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.protecting import Protected, protected_by
from privacy.datamap.engine.selection import OlderThan, Protection
from privacy.datamap.engine.spec import Condition, Join
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import mask_person
from tests.privacy.datamap.engine.test_planner import keys_of

EDGE = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)
TO_PURCHASE = (Join(("purchase_id",), "purchase", ("id",)),)


def _books(path=(), **more) -> tuple[Protection, ...]:
    return (Protection("books", OlderThan("bought_at", EDGE, path=path, **more)),)


def _delete_all(**more) -> list[Instruction]:
    return [
        Instruction("person", Action.DELETE),
        Instruction("purchase", Action.DELETE, unless=_books(**more)),
        Instruction("line", Action.DELETE),
    ]


def _carry_out(source, plan: Plan) -> None:
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2)).done
    journal.close()


@pytest.fixture
def dated(shop):
    """Person 1 bought before the edge, 2 on it, 3 after it, 4 nobody knows when, 5 both before and after."""
    shop.fill(people=5)
    for purchase, day in ((100, "2026-01-14"), (200, "2026-01-15"), (300, "2026-01-16"), (400, None), (500, None)):
        shop.run("UPDATE purchase SET bought_at = %s WHERE id = %s", day and f"{day} 00:00+00", purchase)
    shop.run("UPDATE purchase SET bought_at = '2026-01-01' WHERE id = 500")
    shop.run("INSERT INTO purchase VALUES (501, 7, 5, '2026-01-20', 'Street 5')")
    return shop


def test_what_a_protected_row_refers_to_is_kept_with_it_and_the_rest_goes(source, dated):
    plan = make_plan(source, dated.datasets, _delete_all(), selection=keys_of(1, 2, 3, 4, 5))
    assert {step.key: (step.expected_count, step.protected_count) for step in plan.steps} == {
        "line": (10, 0),
        "purchase": (2, 4),
        "person": (1, 4),
    }
    assert Plan.from_data(plan.to_data()) == plan
    _carry_out(source, plan)
    assert dated.rows("SELECT id FROM purchase ORDER BY 1") == [(200,), (300,), (400,), (501,)]
    assert dated.rows("SELECT id FROM person ORDER BY 1") == [(2,), (3,), (4,), (5,)]
    assert dated.rows("SELECT count(*) FROM line") == [(0,)]


def test_rows_protected_by_the_date_of_another_row_keep_that_row(source, dated):
    instructions = [
        Instruction("person", Action.DELETE),
        Instruction("purchase", Action.DELETE),
        Instruction("line", Action.DELETE, unless=_books(TO_PURCHASE)),
    ]
    _carry_out(source, make_plan(source, dated.datasets, instructions, selection=keys_of(1, 2, 3, 4, 5)))
    assert dated.rows("SELECT DISTINCT purchase_id FROM line ORDER BY 1") == [(200,), (300,), (400,)]
    assert dated.rows("SELECT id FROM purchase ORDER BY 1") == [(200,), (300,), (400,)]
    assert dated.rows("SELECT id FROM person ORDER BY 1") == [(2,), (3,), (4,)]


def test_conditions_narrow_what_is_protected_and_an_empty_column_meets_none(source, dated):
    dated.run("UPDATE purchase SET address = NULL WHERE id = 200")
    where = (Condition("address", "in", ["Street 2", "Street 3"]),)
    plan = make_plan(source, dated.datasets, _delete_all(where=where), selection=keys_of(1, 2, 3, 4, 5))
    assert {step.key: step.protected_count for step in plan.steps} == {"line": 0, "purchase": 1, "person": 1}


def test_a_masking_step_keeps_protected_rows_whole(source, dated):
    unless = (Protection("left", OlderThan("left_on", dt.date(2026, 1, 15))),)
    dated.run("UPDATE person SET left_on = '2026-01-14' WHERE id <= 2")
    before = dated.rows("SELECT * FROM person WHERE id > 2 ORDER BY 1")
    masks = tuple(mask for mask in mask_person().masks if mask.column != "left_on")
    instruction = Instruction("person", Action.MASK, masks, unless=unless)
    plan = make_plan(source, dated.datasets, [instruction], selection=keys_of(1, 2, 3, 4, 5))
    assert [(step.expected_count, step.protected_count) for step in plan.steps] == [(2, 3)]
    _carry_out(source, plan)
    assert dated.rows("SELECT * FROM person WHERE id > 2 ORDER BY 1") == before
    assert dated.rows("SELECT id FROM person WHERE name IS NULL ORDER BY 1") == [(1,), (2,)]


def test_a_mask_on_the_date_that_protects_other_rows_is_refused(source, dated):
    coarser = Instruction("purchase", Action.MASK, (ColumnMask("bought_at", Strategy.GENERALISE_DATE, {"to": "year"}),))
    lines = Instruction("line", Action.DELETE, unless=_books(TO_PURCHASE))
    assert len(make_plan(source, dated.datasets, [coarser], selection=keys_of(1)).steps) == 1
    with pytest.raises(PlanRefused, match="decides which rows the law wants kept"):
        make_plan(source, dated.datasets, [coarser, lines], selection=keys_of(1))


def test_a_row_makes_its_own_date_coarser_only_when_it_protects_no_more(source, dated):
    masks = (ColumnMask("left_on", Strategy.GENERALISE_DATE, {"to": "year"}),)
    unless = (Protection("left", OlderThan("left_on", dt.date(2026, 1, 15))),)
    dated.run("UPDATE person SET left_on = '2026-01-14' WHERE id = 1")
    instruction = Instruction("person", Action.MASK, masks, unless=unless)
    _carry_out(source, make_plan(source, dated.datasets, [instruction], selection=keys_of(1, 2)))
    assert dated.rows("SELECT left_on FROM person WHERE id < 3 ORDER BY id") == [
        (dt.date(2026, 1, 1),),
        (dt.date(2026, 1, 15),),
    ]
    hidden = Instruction("person", Action.MASK, (ColumnMask("left_on", Strategy.NULL),), unless=unless)
    with pytest.raises(PlanRefused, match="decides which rows the law wants kept"):
        make_plan(source, dated.datasets, [hidden], selection=keys_of(1))


def test_the_newest_protecting_event_is_told_unless_one_is_unknown(source, dated):
    def newest(*people: int) -> tuple[Protected, Protected]:
        plan = make_plan(source, dated.datasets, _delete_all(), selection=keys_of(*people))
        purchase, person = (next(step for step in plan.steps if step.key == key) for key in ("purchase", "person"))
        return tuple(protected_by(source, plan, step, step.unless[0]) for step in (purchase, person))

    late = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)
    assert newest(2, 3) == (Protected(2, dt.datetime(2026, 1, 16, tzinfo=dt.UTC)),) * 2
    assert newest(5) == (Protected(1, late),) * 2
    assert newest(3, 4) == (Protected(2, None),) * 2
    assert newest(1) == (Protected(0, None),) * 2
