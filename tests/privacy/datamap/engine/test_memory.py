"""A run of many rows takes no more memory than a run of few: rows stay where they are."""

import datetime as dt

import pytest

from privacy.datamap.engine.executor import run
from privacy.datamap.engine.journal import Permission
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action, Step
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.selection import OlderThan
from tests.memory import measured
from tests.privacy.datamap.engine.doubles import ALLOWED, FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import OURS, mask_person

FEW, MANY, WINDOW = 500, 10_000, 250
SMALL = 100_000  # bytes: eleven for each row that the second run has more
ACTS = {"mask": mask_person(), "delete": Instruction("person", Action.DELETE)}


def fill(shop, people: int) -> None:
    shop.run("DELETE FROM person")
    shop.run(
        "INSERT INTO person (id, organisation_id, email, name, left_on)"
        f" SELECT n, {OURS}, {shop.as_text('n')}, 'Ama Mensah', '2020-01-15' FROM {shop.numbers(people)}"
    )


def peak_of_a_run(source, shop, act: str, people: int, *, hoards: bool = False) -> int:
    """The most bytes held while a run changes so many rows. hoards: somebody keeps a list of all their keys."""
    fill(shop, people)
    plan = make_plan(source, [shop.person], [ACTS[act]], selection=OlderThan("left_on", dt.date(2026, 1, 1)))
    journal, hoard = FileJournal(":memory:"), []
    with measured() as peak:

        def answer(_step: Step, _asked: int) -> Permission:
            peak.collect()
            if hoards and not hoard:
                hoard.extend(shop.rows("SELECT id FROM person"))
            return ALLOWED

        progress = run(source, plan, journal, SettledWorld(answer), limits=Limits.fixed(WINDOW))
    assert (progress.done, progress.rows) == (True, {"person": people})
    assert len(journal.chunks()) == people // WINDOW
    journal.close()
    return peak.bytes


@pytest.mark.parametrize("act", ACTS)
def test_twenty_times_as_many_rows_take_no_more_memory(source, shop, act):
    peak_of_a_run(source, shop, act, FEW)  # what is made once and kept, such as compiled statements
    assert peak_of_a_run(source, shop, act, MANY) < peak_of_a_run(source, shop, act, FEW) + SMALL


def test_a_list_of_the_keys_alone_would_be_seen(source, shop):
    peak_of_a_run(source, shop, "delete", FEW)
    assert peak_of_a_run(source, shop, "delete", MANY, hoards=True) > peak_of_a_run(source, shop, "delete", FEW) + SMALL
