"""Statements about people are put together once for all runs, and hold nothing of anybody."""

import re
from dataclasses import replace

import pytest

from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Identifier, RootKeys, SubjectKeys
from privacy.datamap.engine.source import open_source
from privacy.datamap.engine.spec import Condition
from privacy.datamap.engine.statement_store import STATEMENTS, Given, KeptStatements
from tests.privacy.datamap.engine.conftest import MASK_KEY
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only
from tests.privacy.datamap.engine.shop import THEIRS, mask_person

LABEL = Instruction("line", Action.MASK, (ColumnMask("label", Strategy.NULL),))
EVERYTHING = (mask_person(), Instruction("purchase", Action.MASK, (ColumnMask("address", Strategy.NULL),)), LABEL)


def erase(shop, folder, number, *, mask_key=MASK_KEY, instructions=EVERYTHING, datasets=None):
    """One person, as a process does it that has done others before."""
    datasets = datasets or shop.datasets
    with open_source(shop.url, mask_key=mask_key) as source:
        keys = resolve_subject(source, datasets, [Identifier("email", f"person{number}@example.com")])
        plan = make_plan(source, datasets, instructions, selection=keys)
        journal = FileJournal(folder / f"journal-{number}")
        progress = run(source, plan, journal, SettledWorld())
        journal.close()
    assert progress.done
    return progress.rows


def of_whom(shop) -> list[int]:
    """Who still stands in a line."""
    return [row[0] // 100 for row in shop.rows("SELECT purchase_id FROM line WHERE label IS NOT NULL ORDER BY 1")]


@pytest.fixture
def people(shop):
    shop.fill(people=3, lines=1)
    shop.fill(people=1, organisation=THEIRS, first=9, lines=1)
    return shop


@only("postgresql")
def test_the_next_person_is_erased_by_the_same_statements_and_nobody_else_is_touched(people, tmp_path):
    erase(people, tmp_path, 1)
    before, kept = people.snapshot("line", THEIRS), len(STATEMENTS)
    assert of_whom(people) == [2, 3, 9]
    assert erase(people, tmp_path, 2) == {"person": 1, "purchase": 1, "line": 1}
    assert (of_whom(people), len(STATEMENTS), people.snapshot("line", THEIRS)) == ([3, 9], kept, before)


@only("postgresql")
def test_nothing_of_a_person_is_kept(shop, tmp_path):
    shop.fill(people=1, first=4815162)
    erase(shop, tmp_path, 4815162)
    words = " ".join(f"{each.text} {dict(each.parameters)}" for each in STATEMENTS._known.values())
    assert [len(re.findall(each, words)) for each in ("4815162", "@example.com", "Name 4")] == [0, 0, 0]
    assert shop.schema in words


@only("postgresql")
@pytest.mark.parametrize("other", ["scope", "mask", "mask key", "table"])
def test_whatever_shapes_a_statement_makes_another_one(people, tmp_path, other):
    erase(people, tmp_path, 1)
    kept, changed = len(STATEMENTS), {}
    if other == "scope":
        purchase = replace(people.purchase, scope=(*people.scope, Condition("id", "!=", 200)))
        changed = {"datasets": (people.person, purchase, people.line)}
    if other == "mask":
        constant = ColumnMask("address", Strategy.CONSTANT, {"value": "gone"})
        changed = {"instructions": (mask_person(), Instruction("purchase", Action.MASK, (constant,)), LABEL)}
    if other == "mask key":
        changed = {"mask_key": bytes(range(1, 33))}
    if other == "table":
        people.run("ALTER TABLE purchase ALTER address TYPE varchar(70)")
    rows = erase(people, tmp_path, 2, **changed)
    assert rows["purchase"] == (0 if other == "scope" else 1)
    assert len(STATEMENTS) > kept
    address = people.rows("SELECT address FROM purchase WHERE id = 200")[0][0]
    assert address == {"scope": "Street 2", "mask": "gone"}.get(other)


@only("postgresql")
@pytest.mark.parametrize("keys", [(("101", "1"),), (("101", "1"), ("200", "2"), ("300", "1"))])
def test_rows_named_by_two_columns_are_compared_as_pairs(source, shop, tmp_path, keys):
    shop.fill(people=3, purchases=2)
    selection = SubjectKeys((RootKeys("line", keys),))
    whole = (LABEL, Instruction("purchase", Action.MASK, (ColumnMask("address", Strategy.NULL),)))
    plan = make_plan(source, shop.datasets, whole, selection=selection)
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, plan, journal, SettledWorld())
    journal.close()
    assert (progress.done, progress.rows) == (True, {"line": len(keys), "purchase": 0})
    gone = shop.rows("SELECT purchase_id::text, number::text FROM line WHERE label IS NULL ORDER BY 1, 2")
    assert tuple(gone) == keys


def test_what_was_used_longest_ago_is_forgotten_first():
    statements, made = KeptStatements(most=2), []

    def find(name):
        def make():
            made.append(name)
            return Given(name, {})

        return statements.find(name.encode(), make).text

    assert [find(name) for name in ("one", "two", "one", "three", "one", "two")] == [
        "one", "two", "one", "three", "one", "two",
    ]  # fmt: skip
    assert (made, len(statements)) == (["one", "two", "three", "two"], 2)
