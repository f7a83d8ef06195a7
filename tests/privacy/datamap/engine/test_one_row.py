"""One row, asked what the conditions of a plan say about it: the same as when the plan is carried out."""

import datetime as dt

import pytest

from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.one_row import OneRow
from privacy.datamap.engine.plan import Action, Plan
from privacy.datamap.engine.planner import Instruction, draft_plan, make_plan
from privacy.datamap.engine.selection import NOBODY_HELD, Held, Identifier, OlderThan
from tests.privacy.datamap.engine.test_protecting import EDGE, TO_PURCHASE, _books, _carry_out, dated

__all__ = ["dated"]
SINCE = OlderThan("bought_at", EDGE)
EMPTIED = [
    Instruction("purchase", Action.MASK, (ColumnMask("address", Strategy.NULL),), selection=SINCE),
    Instruction("line", Action.DELETE, selection=OlderThan("bought_at", EDGE, path=TO_PURCHASE)),
]
PURCHASES = (100, 200, 300, 400, 500)


@pytest.fixture
def asking(source, dated):
    """Makes a question about a row of a dataset by the step of a plan over it."""
    plan = draft_plan(source, dated.datasets, EMPTIED)
    with source.connect() as connection:

        def ask(dataset: str, *key: object, held: Held = NOBODY_HELD, by: Plan = plan):
            row = OneRow(source, connection, by, dataset, tuple(map(str, key)))
            return row.of_step(by, next(step for step in by.steps if step.dataset == dataset), held)

        yield ask


def test_what_is_said_of_each_row_is_what_happens_to_it(source, dated, asking):
    lines = [(purchase, number) for purchase in PURCHASES for number in (1, 2)]
    said = {purchase for purchase in PURCHASES if asking("purchase", purchase).matching}
    said_of_lines = {key for key in lines if asking("line", *key).matching}
    _carry_out(source, make_plan(source, dated.datasets, EMPTIED))
    assert said == {key for (key,) in dated.rows("SELECT id FROM purchase WHERE address IS NULL")}
    left = set(dated.rows("SELECT purchase_id, number FROM line"))
    assert said_of_lines == {key for key in lines if key not in left}
    assert (said, len(said_of_lines)) == ({100, 500}, 4)
    assert [asking("purchase", key).done for key in (100, 200)] == [True, False]


def test_the_date_is_told_and_an_unknown_one_is_not_guessed(asking):
    told = [asking("purchase", key) for key in (100, 400)]
    assert told[0].event.date() == dt.date(2026, 1, 14)
    assert [(each.event, each.meant, each.selected) for each in told[1:]] == [(None, True, False)]
    assert asking("line", 300, 1).event.date() == dt.date(2026, 1, 16)


def test_whose_row_it_is_decides_whether_a_hold_spares_it(asking):
    held = Held(identifiers=(Identifier("email", "PERSON1@example.com"),))
    assert [asking("purchase", key, held=held).held for key in (100, 500)] == [True, False]
    assert [asking("purchase", key, held=held).matching for key in (100, 500)] == [False, True]


def test_what_protects_a_row_is_told_with_its_date(source, dated):
    plan = draft_plan(source, dated.datasets, [])
    with source.connect() as connection:

        def kept(key: int):
            (told,) = OneRow(source, connection, plan, "purchase", (str(key),)).of_protections(plan, _books())
            return told.protects, told.event and told.event.date()

        assert {key: kept(key) for key in (100, 300, 400)} == {
            100: (False, None),
            300: (True, dt.date(2026, 1, 16)),
            400: (True, None),
        }


def test_a_row_is_found_by_its_whole_key_inside_its_scope_only(source, dated):
    dated.fill(people=1, organisation=8, first=9)
    plan = draft_plan(source, dated.datasets, [])
    with source.connect() as connection:
        found = {
            (dataset, key): OneRow(source, connection, plan, dataset, key).exists()
            for dataset, key in (
                ("purchase", ("100",)), ("line", ("100", "2")), ("line", ("100", "3")), ("purchase", ("900",)),
                ("purchase", ("100x",)), ("purchase", ("NaN",)), ("purchase", ("9" * 30,)), ("purchase", ("1.5",)),
            )
        }  # fmt: skip
    assert [key for key, is_there in found.items() if is_there] == [("purchase", ("100",)), ("line", ("100", "2"))]
