"""A way leads to a person's own rows and to nobody else's, however kindly a source compares."""

import pytest

from privacy.datamap.engine.errors import PlanRefused
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.spec import DatasetSpec, Identity, Join
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only

NULL_NOTE = (ColumnMask("note", Strategy.NULL),)


def _erase(source, shop, email):
    """Empty the notes of somebody's visits; how many there were."""
    customer = DatasetSpec("customer", shop.schema, "customer", ("code",), identities=(Identity("email", "email"),))
    way = (Join(("customer_code",), "customer", ("code",)),)
    visit = DatasetSpec("visit", shop.schema, "visit", ("id",), paths=(way,))
    keys = resolve_subject(source, [customer, visit], [Identifier("email", email)])
    instructions = [Instruction("customer", Action.KEEP), Instruction("visit", Action.MASK, masks=NULL_NOTE)]
    plan = make_plan(source, [customer, visit], instructions, selection=keys)
    journal = FileJournal(":memory:")
    progress = run(source, plan, journal, SettledWorld())
    journal.close()
    assert progress.done
    return progress.rows.get("visit", 0)


def _notes(shop):
    return [note for (note,) in shop.rows("SELECT note FROM visit ORDER BY id")]


def _tables(shop, code, customer_code):
    shop.run(f"CREATE TABLE customer (code {code} PRIMARY KEY, email varchar(80))")
    shop.run(f"CREATE TABLE visit (id integer PRIMARY KEY, customer_code {customer_code}, note varchar(80))")


@only("sqlite")
@pytest.mark.parametrize("kind", ["STRING", "NUM", "integer", "date", "uuid"])
def test_a_column_that_makes_numbers_of_texts_is_not_joined_with_a_text(source, shop, kind):
    _tables(shop, "text", kind)
    shop.run("INSERT INTO customer VALUES ('012', 'zero@example.com'), ('12', 'twelve@example.com')")
    shop.run("INSERT INTO visit VALUES (1, '12', 'of twelve')")
    with pytest.raises(PlanRefused, match="different values would count as equal"):
        _erase(source, shop, "zero@example.com")
    assert _notes(shop) == ["of twelve"]


@only("sqlite")
@pytest.mark.parametrize(("code", "customer_code"), [("STRING", "STRING"), ("NUM", "integer"), ("text", "varchar(9)")])
def test_columns_that_make_the_same_of_texts_are_joined(source, shop, code, customer_code):
    _tables(shop, code, customer_code)
    shop.run("INSERT INTO customer VALUES ('13', 'zero@example.com'), ('12', 'twelve@example.com')")
    shop.run("INSERT INTO visit VALUES (1, '12', 'of twelve'), (2, '13', 'of the other')")
    assert _erase(source, shop, "twelve@example.com") == 1
    assert _notes(shop) == [None, "of the other"]


@only("sqlite")
@pytest.mark.parametrize("kind", ["STRING", "NUM", "uuid"])
def test_a_customer_number_with_zeros_is_not_the_number_that_was_made_of_another(source, shop, kind):
    shop.run(f"CREATE TABLE thing (id integer PRIMARY KEY, number {kind})")
    shop.run("INSERT INTO thing VALUES (1, '12'), (2, 'C-12')")
    thing = DatasetSpec("thing", shop.schema, "thing", ("id",), identities=(Identity("number", "customer_id"),))
    sought = ("012", "12.0", "12", "C-12") if kind != "uuid" else ("012", "12.0")
    found = [
        resolve_subject(source, [thing], [Identifier("customer_id", number)]).keys_of("thing") for number in sought
    ]
    assert found == [(), (), (("1",),), (("2",),)][: len(sought)]
