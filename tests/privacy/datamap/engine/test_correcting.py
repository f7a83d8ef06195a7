"""One value of one person's rows is replaced by another: all of them or none, exactly once."""

import pytest

from privacy.datamap.engine.correcting import (
    Correction,
    CorrectionStopped,
    Stand,
    carry_out,
    correctable_columns,
    fits,
    new_transaction_id,
    present_rows,
    stand_of,
)
from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.errors import SourceRefused
from privacy.datamap.engine.plan import Action, Plan
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.source import SourceConnection
from tests.privacy.datamap.engine.products import only
from tests.privacy.datamap.engine.shop import OURS, THEIRS

KEEPING = [Instruction(name, Action.KEEP) for name in ("person", "purchase", "line")]
NAME = Correction("person", "name", (("2",),), "Name 2", "Ñame O'Two")


class Killed(BaseException):
    """A worker that is gone."""


@pytest.fixture
def plan(source, shop) -> Plan:
    shop.fill(people=3, purchases=2)
    shop.fill(people=1, organisation=THEIRS, first=11)
    keys = resolve_subject(source, shop.datasets, [Identifier("email", "person2@example.com")])
    return make_plan(source, shop.datasets, KEEPING, selection=keys)


def do(source, plan, correction=NAME) -> int:
    return carry_out(source, plan, correction, transaction_id=new_transaction_id(source))


def others(shop) -> list[list[tuple]]:
    return [shop.snapshot(table, each) for table in ("purchase", "line") for each in (OURS, THEIRS)] + [
        shop.snapshot("person", THEIRS),
        shop.rows("SELECT * FROM person WHERE organisation_id = %s AND id <> 2 ORDER BY id", OURS),
    ]


def test_what_the_persons_rows_hold_is_read_and_nobody_elses(source, plan):
    person = plan.dataset("person")
    names = [each.name for each in correctable_columns(person)]
    assert {"email", "name", "phone", "born", "balance", "city"} <= set(names)
    assert not {"id", "organisation_id"} & set(names)
    assert "person_id" not in [each.name for each in correctable_columns(plan.dataset("purchase"))]
    (row,) = present_rows(source, plan, "person", ["name", "born"], at_most=5)
    assert (row.key, row.values[0], row.values[1][:10]) == (("2",), "Name 2", "1980-05-17")
    addresses = present_rows(source, plan, "purchase", ["address"], at_most=5)
    assert [(each.key, each.values) for each in addresses] == [(("200",), ("Street 2",)), (("201",), ("Street 2",))]
    assert present_rows(source, plan, "purchase", ["address"], at_most=1) is None


def test_one_value_changes_and_nothing_else_in_the_source(source, shop, plan):
    before = others(shop)
    assert stand_of(source, plan, NAME) is Stand.OPEN
    assert do(source, plan) == 1
    assert stand_of(source, plan, NAME) is Stand.DONE
    assert shop.rows("SELECT name, email FROM person WHERE id = 2") == [("Ñame O'Two", "Person2@example.com")]
    assert others(shop) == before


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [
        ("born", "1980-05-17", "1981-06-18"),
        ("balance", "1234.56", "99.10"),
        ("email", "Person2@example.com", "b@x.org"),
    ],
)
def test_dates_numbers_and_the_address_by_which_the_person_was_found(source, shop, plan, column, old, new):
    (row,) = present_rows(source, plan, "person", [column], at_most=5)
    assert row.values[0].startswith(old)
    change = Correction("person", column, (row.key,), row.values[0], new)
    assert (fits(source, plan, change), do(source, plan, change)) == (True, 1)
    assert stand_of(source, plan, change) is Stand.DONE
    (again,) = present_rows(source, plan, "person", [column], at_most=5)
    assert again.values[0].startswith(new.rstrip("0"))


def test_an_empty_value_is_filled_and_rows_that_hang_from_the_person_change_together(source, shop, plan):
    shop.run("UPDATE person SET phone = NULL WHERE id = 2")
    assert do(source, plan, Correction("person", "phone", (("2",),), None, "+233200000000")) == 1
    street = Correction("purchase", "address", (("200",), ("201",)), "Street 2", "4 Palm Street")
    assert do(source, plan, street) == 2
    assert shop.rows("SELECT DISTINCT address FROM purchase WHERE person_id = 2") == [("4 Palm Street",)]


def test_what_somebody_else_changed_is_left_alone_even_by_the_case_of_a_letter(source, shop, plan):
    shop.run("UPDATE person SET name = 'NAME 2' WHERE id = 2")
    assert stand_of(source, plan, NAME) is Stand.CHANGED
    with pytest.raises(CorrectionStopped):
        do(source, plan)
    assert shop.rows("SELECT name FROM person WHERE id = 2") == [("NAME 2",)]


def test_where_one_of_two_rows_is_different_none_changes(source, shop, plan):
    shop.run("UPDATE purchase SET address = 'Elsewhere' WHERE id = 201")
    street = Correction("purchase", "address", (("200",), ("201",)), "Street 2", "4 Palm Street")
    assert stand_of(source, plan, street) is Stand.CHANGED
    with pytest.raises(CorrectionStopped):
        do(source, plan, street)
    assert shop.rows("SELECT address FROM purchase WHERE person_id = 2 ORDER BY id") == [("Street 2",), ("Elsewhere",)]


def test_a_row_that_is_somebody_elses_by_now_is_left_alone(source, shop, plan):
    shop.run("UPDATE purchase SET person_id = 3 WHERE id = 201")
    street = Correction("purchase", "address", (("200",), ("201",)), "Street 2", "4 Palm Street")
    with pytest.raises(CorrectionStopped):
        do(source, plan, street)


@pytest.mark.parametrize(("column", "new"), [("phone", "+" * 31), ("born", "yesterday"), ("balance", "a lot")])
def test_what_a_column_would_not_keep_as_it_is_does_not_fit(source, plan, column, new):
    (row,) = present_rows(source, plan, "person", [column], at_most=5)
    assert not fits(source, plan, Correction("person", column, (row.key,), row.values[0], new))


def test_what_the_source_refuses_changes_nothing(source, shop, plan):
    shop.refuse("person", "UPDATE")
    with pytest.raises(SourceRefused):
        do(source, plan)
    shop.allow("person")
    assert stand_of(source, plan, NAME) is Stand.OPEN


@pytest.mark.parametrize("seam", ["change", "lock"])
def test_killed_inside_the_transaction_nothing_has_changed_and_it_goes_on(source, plan, monkeypatch, seam):
    act = getattr(SourceConnection, seam)

    def dies(self, *given):
        act(self, *given)
        raise Killed

    intended = new_transaction_id(source)
    with monkeypatch.context() as patched:
        patched.setattr(SourceConnection, seam, dies)
        with pytest.raises(Killed):
            carry_out(source, plan, NAME, transaction_id=intended)
    assert stand_of(source, plan, NAME, transaction_id=intended) is Stand.OPEN
    assert do(source, plan) == 1
    assert stand_of(source, plan, NAME) is Stand.DONE


@only("mariadb")
def test_a_change_that_waits_for_its_second_phase_is_taken_back_first(source, plan):
    intended = new_transaction_id(source)
    with pytest.raises(Killed):
        _dies_between_the_phases(source, plan, intended)
    assert stand_of(source, plan, NAME, transaction_id=intended) is Stand.OPEN
    assert do(source, plan) == 1


def _dies_between_the_phases(source, plan, intended: str) -> None:
    limits = {"lock_timeout_ms": 1000, "statement_timeout_ms": 1000}
    with source.connect() as connection, connection.transaction(**limits, transaction_id=intended) as writing:
        _write_half(source, plan, connection)
        writing.prepare()
        writing.leave()
        raise Killed


def _write_half(source, plan, connection) -> None:
    predicates = predicates_of(plan, source)
    table = predicates.table("person")
    column = table.dataset.column("name")
    mine = source.dialect.is_one_of(table.key, table.key_columns, NAME.keys)
    assert connection.change(table.update({"name": source.dialect.value("Half", column)}, mine)) == 1


def test_no_value_is_in_what_a_correction_says_of_itself():
    assert "Name 2" not in repr(NAME)
    assert "O'Two" not in repr(NAME)
