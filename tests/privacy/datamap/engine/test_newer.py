"""Rows that came about too late to be meant outlive a plan, whenever they come."""

import datetime as dt
from dataclasses import replace

import pytest

from privacy.datamap.engine.errors import PlanNoLongerMatches, PlanRefused
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action, Plan
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.protecting import Protected, protected_by
from privacy.datamap.engine.selection import Identifier, OlderThan, Protection
from privacy.datamap.engine.spec import Join
from privacy.datamap.engine.verify import verify
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.test_planner import keys_of

DAY = dt.date(2026, 1, 15)
EDGE = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)
TO_PURCHASE = (Join(("purchase_id",), "purchase", ("id",)),)
NEWER = Protection("after", OlderThan("bought_at", EDGE), newer=True)
NEWER_LINES = Protection("after", OlderThan("bought_at", EDGE, path=TO_PURCHASE), newer=True)


@pytest.fixture
def dated(shop):
    """Person 1 bought a second before the edge, 2 on it, 3 after it, 4 nobody knows when, 5 both before and after."""
    shop.fill(people=5)
    moments = {100: "2026-01-14 23:59:59", 200: "2026-01-15 00:00:00", 300: "2026-01-15 00:00:01", 400: None}
    for purchase, moment in (moments | {500: "2026-01-01 00:00:00"}).items():
        shop.run("UPDATE purchase SET bought_at = %s WHERE id = %s", moment, purchase)
    shop.run("INSERT INTO purchase VALUES (501, 7, 5, '2026-01-20', 'Street 5')")
    shop.run("INSERT INTO line VALUES (501, 1, 7, 'a')")
    return shop


def _delete_all() -> list[Instruction]:
    return [
        Instruction("person", Action.DELETE),
        Instruction("purchase", Action.DELETE, unless=(NEWER,)),
        Instruction("line", Action.DELETE, unless=(NEWER_LINES,)),
    ]


def _plan(source, shop, instructions=None) -> Plan:
    return make_plan(source, shop.datasets, instructions or _delete_all(), selection=keys_of(1, 2, 3, 4, 5))


def _carry_out(source, plan: Plan) -> dict[str, int]:
    journal = FileJournal(":memory:")
    progress = run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2))
    journal.close()
    assert progress.done
    return dict(progress.rows)


def test_rows_on_the_edge_and_later_stay_with_what_they_lead_to_and_an_unknown_date_keeps_nothing(source, dated):
    plan = _plan(source, dated)
    assert {step.key: (step.expected_count, step.protected_count, step.newer_count) for step in plan.steps} == {
        "line": (6, 5, 5),
        "purchase": (3, 3, 3),
        "person": (2, 3, 3),
    }
    assert Plan.from_data(plan.to_data()) == plan
    assert _carry_out(source, plan) == {"line": 6, "purchase": 3, "person": 2}
    assert dated.rows("SELECT id FROM purchase ORDER BY 1") == [(200,), (300,), (501,)]
    assert dated.rows("SELECT DISTINCT purchase_id FROM line ORDER BY 1") == [(200,), (300,), (501,)]
    assert dated.rows("SELECT id FROM person ORDER BY 1") == [(2,), (3,), (5,)]
    assert verify(source, plan).complete


def test_a_parent_is_masked_though_a_newer_row_hangs_on_it(source, dated):
    masks = (ColumnMask("name", Strategy.NULL),)
    instructions = [Instruction("person", Action.MASK, masks), *_delete_all()[1:]]
    _carry_out(source, _plan(source, dated, instructions))
    assert dated.rows("SELECT count(*) FROM person WHERE name IS NULL") == [(5,)]
    assert dated.rows("SELECT id FROM purchase ORDER BY 1") == [(200,), (300,), (501,)]


def test_days_are_compared_as_days(source, dated):
    for person, day in ((1, "2026-01-14"), (2, "2026-01-15"), (3, "2026-01-16"), (4, None), (5, "2025-12-31")):
        dated.run("UPDATE person SET left_on = %s WHERE id = %s", day, person)
    unless = (Protection("after", OlderThan("left_on", DAY), newer=True),)
    instruction = Instruction("person", Action.MASK, (ColumnMask("name", Strategy.NULL),), unless=unless)
    plan = _plan(source, dated, [instruction])
    assert [(step.expected_count, step.newer_count) for step in plan.steps] == [(3, 2)]
    _carry_out(source, plan)
    assert dated.rows("SELECT id FROM person WHERE name IS NULL ORDER BY 1") == [(1,), (4,), (5,)]


def test_rows_that_come_after_the_plan_stop_it_unless_they_are_newer(source, dated):
    plan = _plan(source, dated)
    dated.run("INSERT INTO purchase VALUES (601, 7, 1, '2026-01-15', 'Street 6')")
    dated.run("INSERT INTO line VALUES (601, 1, 7, 'a')")
    dated.run("INSERT INTO purchase VALUES (602, 7, 2, '2026-01-14', 'Street 6')")
    with pytest.raises(PlanNoLongerMatches, match="purchase: 3 rows planned, 4 found"):
        _carry_out(source, plan)
    dated.run("DELETE FROM purchase WHERE id = 602")
    assert _carry_out(source, plan) == {"line": 6, "purchase": 3, "person": 1}
    assert dated.rows("SELECT id FROM purchase ORDER BY 1") == [(200,), (300,), (501,), (601,)]
    assert dated.rows("SELECT id FROM person ORDER BY 1") == [(1,), (2,), (3,), (5,)]  # 1 stays with purchase 601
    assert verify(source, plan).complete


def test_rows_that_went_after_the_plan_stop_it_though_newer_ones_came(source, dated):
    plan = _plan(source, dated)
    dated.run("INSERT INTO purchase VALUES (601, 7, 2, '2026-01-15', 'Street 6')")
    dated.run("DELETE FROM line WHERE purchase_id = 400")
    dated.run("DELETE FROM purchase WHERE id = 400")
    dated.run("DELETE FROM person WHERE id = 4")
    with pytest.raises(PlanNoLongerMatches, match="person: 2 rows planned, 1 found"):
        _carry_out(source, plan)


def test_what_the_law_keeps_is_counted_without_rows_that_are_newer(source, dated):
    law = Protection("books", OlderThan("bought_at", dt.datetime(2026, 1, 14, tzinfo=dt.UTC)))
    purchase = replace(_delete_all()[1], unless=(law, NEWER))
    plan = _plan(source, dated, [purchase, _delete_all()[2]])
    (step,) = (each for each in plan.steps if each.key == "purchase")
    assert (step.expected_count, step.protected_count, step.newer_count) == (1, 5, 3)
    assert protected_by(source, plan, step, law) == Protected(2, None)
    assert protected_by(source, plan, step, NEWER).rows == 3


def test_rows_that_name_somebody_can_be_asked_for_by_what_keeps_them(source, dated):
    dated.run("UPDATE person SET left_on = '2026-01-15' WHERE id = 2")
    (person,) = (each for each in dated.datasets if each.key == "person")
    known = [Identifier("email", email) for (email,) in dated.rows("SELECT email FROM person WHERE id IN (1, 2)")]
    newer = {"person": (Protection("after", OlderThan("left_on", DAY), newer=True),)}
    dated.run("UPDATE person SET left_on = NULL WHERE id = 1")

    def found(**more):
        return [(root.dataset, root.keys) for root in resolve_subject(source, [person], known, **more).roots]

    assert found() == [("person", (("1",), ("2",)))]
    assert found(only=newer) == [("person", (("2",),))]
    assert found(only={}) == []


def test_a_date_that_tells_what_is_newer_is_emptied_or_made_coarser_and_nothing_else(source, dated):
    newer = {"unless": (NEWER,)}
    lines = _delete_all()[2]
    for mask in (
        ColumnMask("bought_at", Strategy.NULL),
        ColumnMask("bought_at", Strategy.GENERALISE_DATE, {"to": "year"}),
    ):
        assert _plan(source, dated, [Instruction("purchase", Action.MASK, (mask,), **newer), lines]).steps
    constant = ColumnMask("bought_at", Strategy.CONSTANT, {"value": "2030-01-01 00:00:00+00"})
    with pytest.raises(PlanRefused, match="decides which rows came about too late to be meant"):
        _plan(source, dated, [Instruction("purchase", Action.MASK, (constant,), **newer), lines])
    hidden = Instruction("purchase", Action.MASK, (ColumnMask("bought_at", Strategy.NULL),), unless=(NEWER,))
    _carry_out(source, _plan(source, dated, [hidden, lines]))
    assert dated.rows("SELECT id FROM purchase WHERE bought_at IS NOT NULL ORDER BY 1") == [(200,), (300,), (501,)]
    assert dated.rows("SELECT DISTINCT purchase_id FROM line ORDER BY 1") == [(200,), (300,), (501,)]


def test_a_plan_without_such_a_protection_is_stored_as_before_there_were_any(source, dated):
    law = replace(NEWER, newer=False)
    kept, newer = (
        _plan(source, dated, [Instruction("purchase", Action.DELETE, unless=(each,)), Instruction("line", "delete")])
        for each in (law, NEWER)
    )
    step = next(step for step in kept.to_data()["steps"] if step["key"] == "purchase")
    assert "newer_count" not in step
    assert [sorted(each) for each in step["unless"]] == [["$type", "name", "since"]]
    step = next(step for step in newer.to_data()["steps"] if step["key"] == "purchase")
    assert (step["newer_count"], [each["newer"] for each in step["unless"]]) == (3, [True])
    assert Plan.from_data(kept.to_data()).hash == kept.hash
