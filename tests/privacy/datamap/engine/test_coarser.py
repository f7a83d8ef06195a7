"""Small groups of anonymised rows are made coarser, pass by pass, and nobody else's row is ever touched."""

import datetime as dt
import json

import pytest

from privacy.datamap.engine.coarser import Coarser, coarser
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action, Plan
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.selection import NOBODY_HELD, Held, OlderThan, Protection, RootKeys
from privacy.datamap.engine.small_groups import count_small_groups, next_pass
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import OURS, THEIRS
from tests.privacy.datamap.engine.test_crashes import SEAMS, Crash, CrashingJournal

TWO = Limits.fixed(2)
DUE = OlderThan("left_on", dt.date(2026, 6, 1))
QUASI = ("born", "postcode")


def date(to):
    return ColumnMask("born", Strategy.GENERALISE_DATE, {"to": to})


def postcode(keep):
    return ColumnMask("postcode", Strategy.GENERALISE_POSTCODE, {"keep": keep})


MASKS = (ColumnMask("name", Strategy.NULL), date("month"), postcode(3))
STEPS = {"born": [date("year"), date("decade"), ColumnMask("born", Strategy.NULL)], "postcode": [postcode(1)]}


def plan_for(source, shop, *, smallest=2, steps=STEPS, unless=()):
    coarse = coarser(QUASI, smallest, MASKS, steps)
    asked = Instruction("person", Action.MASK, MASKS, selection=DUE, unless=unless, coarser=coarse)
    return make_plan(source, shop.datasets, [asked])


def put(shop, people):
    """People by their id: born, postcode. Those above 90 are customers still, those above 100 another's."""
    for number, (born, code) in people.items():
        shop.fill(people=1, purchases=0, first=number, organisation=THEIRS if number > 100 else OURS)
        shop.run("UPDATE person SET born = %s, postcode = %s WHERE id = %s", born, code, number)
    shop.run("UPDATE person SET left_on = NULL WHERE id > 90 AND id < 100")


def work(source, plan, path, *, held=NOBODY_HELD, most=100, limits=TWO):
    """The plan, then every pass to its end; (level, rows) of each."""
    journal, done = FileJournal(path), []
    assert run(source, plan, journal, SettledWorld(), limits=limits).done
    while (found := next_pass(source, plan, plan.steps[0], key=f"#{len(done)}", held=held, most=most)) is not None:
        frozen = Plan.from_data(json.loads(json.dumps(found.plan.to_data())))
        assert frozen == found.plan
        assert run(source, frozen, journal, SettledWorld(), limits=limits).done
        done.append((found.level, journal.step(f"#{len(done)}").rows))
    journal.close()
    return done


def people(shop):
    found = shop.rows("SELECT id, born, postcode FROM person ORDER BY id")
    return {key: (None if born is None else str(born), code) for key, born, code in found}


PEOPLE = {
    1: ("1980-05-17", "K1A 0B6"), 2: ("1980-05-02", "K1A 9Z9"),  # a group of two once they are masked
    3: ("1981-02-03", "M5V 1J2"), 4: ("1981-11-30", "M4B 1B3"),  # of one year, and of one letter
    5: ("1991-01-01", "V6B 4Y8"), 6: ("1999-12-31", "V5K 0A1"),  # of one decade
    7: ("1955-05-05", "X0A 0H0"),  # like nobody, even without the date
    8: (None, None), 9: (None, None),  # nothing is known of either: NULL is a value like any other
    91: ("1955-05-05", "X0A 0H0"), 101: ("1955-05-05", "X0A 0H0"),
}  # fmt: skip


def test_rows_of_small_groups_are_made_coarser_level_by_level_until_their_group_is_large_enough(source, shop, tmp_path):
    put(shop, PEOPLE)
    before = {key: PEOPLE[key] for key in (91, 101)}
    plan = plan_for(source, shop)
    assert work(source, plan, tmp_path / "journal") == [(1, 5), (2, 3), (3, 1)]
    assert people(shop) == before | {
        1: ("1980-05-01", "K1A"), 2: ("1980-05-01", "K1A"), 3: ("1981-01-01", "M"), 4: ("1981-01-01", "M"),
        5: ("1990-01-01", "V"), 6: ("1990-01-01", "V"), 7: (None, "X"), 8: (None, None), 9: (None, None),
    }  # fmt: skip
    left = count_small_groups(source, plan, plan.steps[0], QUASI, smallest=2)
    assert (left.groups, left.rows) == (1, 1)


def test_the_plan_itself_finds_nothing_left_after_the_passes_and_a_second_run_changes_nothing(source, shop, tmp_path):
    put(shop, PEOPLE)
    work(source, plan_for(source, shop), tmp_path / "journal")
    once = people(shop)
    again = plan_for(source, shop)
    assert [step.expected_count for step in again.steps] == [0]
    assert work(source, again, tmp_path / "again") == []
    assert people(shop) == once


def test_more_rows_than_fit_one_pass_take_several_of_the_same_level(source, shop, tmp_path):
    put(shop, PEOPLE)
    done = work(source, plan_for(source, shop), tmp_path / "journal", most=2)
    assert [level for level, _ in done] == sorted(level for level, _ in done)
    assert max(rows for _, rows in done) == 2
    others = people(shop)
    assert [others[key] for key in (3, 4, 5, 6, 7)] == [
        ("1981-01-01", "M"), ("1981-01-01", "M"), ("1990-01-01", "V"), ("1990-01-01", "V"), (None, "X"),
    ]  # fmt: skip


def test_customers_and_others_do_not_make_a_group_larger(source, shop, tmp_path):
    put(shop, {7: PEOPLE[7]} | dict.fromkeys((91, 92, 93, 101, 102), ("1955-05-01", "X0A")))
    assert work(source, plan_for(source, shop), tmp_path / "journal") == [(1, 1), (2, 1), (3, 1)]


def test_rows_of_people_who_are_held_are_left_and_rows_that_the_law_protects_are_no_part_of_it(source, shop, tmp_path):
    put(shop, {key: (f"19{key}5-05-05", "X0A 0H0") for key in (5, 6, 7)})
    shop.run("UPDATE person SET left_on = '2026-05-30' WHERE id = 7")
    protected = (Protection("law", OlderThan("left_on", dt.date(2026, 5, 1))),)
    held = Held(roots=(RootKeys("person", (("6",),)),))
    assert work(source, plan_for(source, shop, unless=protected), tmp_path / "journal", held=held) == [
        (1, 1), (2, 1), (3, 1),
    ]  # fmt: skip
    assert people(shop) == {5: (None, "X"), 6: ("1965-05-01", "X0A"), 7: ("1975-05-05", "X0A 0H0")}


@pytest.mark.parametrize("seam", SEAMS)
def test_after_a_crash_in_a_pass_its_rows_are_counted_once(source, shop, tmp_path, seam):
    put(shop, {key: (f"{1900 + key}-05-05", "X0A 0H0") for key in range(1, 6)})
    plan = plan_for(source, shop)
    journal = FileJournal(tmp_path / "plan")
    assert run(source, plan, journal, SettledWorld(), limits=TWO).done
    journal.close()
    found = next_pass(source, plan, plan.steps[0], key="#1", held=NOBODY_HELD)
    assert (found.level, found.step.expected_count) == (1, 5)
    method, wrote = SEAMS[seam]
    dying = CrashingJournal(tmp_path / "journal", method=method, time=1, wrote=wrote)
    with pytest.raises(Crash):
        run(source, found.plan, dying, SettledWorld(), limits=TWO)
    dying.close()
    journal = FileJournal(tmp_path / "journal")
    progress = run(source, found.plan, journal, SettledWorld(), limits=TWO)
    assert (progress.done, progress.rows) == (True, {"#1": 5})
    assert set(people(shop).values()) == {(f"{1900 + key}-01-01", "X") for key in range(1, 6)}
    journal.close()


def test_the_keys_of_a_pass_are_not_in_what_is_shown_of_its_plan(source, shop, tmp_path):
    put(shop, {7777777: ("1955-05-05", "X0A 0H0"), 2: PEOPLE[2]})
    shop.run("UPDATE person SET organisation_id = %s", OURS)
    plan = plan_for(source, shop)
    journal = FileJournal(tmp_path / "journal")
    assert run(source, plan, journal, SettledWorld(), limits=TWO).done
    journal.close()
    found = next_pass(source, plan, plan.steps[0], key="#1", held=NOBODY_HELD)
    assert "7777777" in json.dumps(found.plan.to_data())
    assert "7777777" not in json.dumps(found.plan.public_data())
    assert found.plan.public_data()["steps"][0]["selection"]["count"] == 2


def number(size):
    return ColumnMask("n", Strategy.GENERALISE_NUMBER, {"size": size})


def address(*parts):
    return [ColumnMask("n", Strategy.GENERALISE_IP, {"keep": each}) for each in parts]


NOTHING, KEPT = ColumnMask("n", Strategy.NULL), ColumnMask("n", Strategy.KEEP)
OTHER = ColumnMask("n", Strategy.CONSTANT, {"value": "other"})


@pytest.mark.parametrize(
    ("first", "steps"),
    [
        (KEPT, [number(10), number(100), NOTHING]), (number(5), [number(10)]), (KEPT, [OTHER, NOTHING]),
        (ColumnMask("n", Strategy.GENERALISE_IP), address(2, 1)), (ColumnMask("n", Strategy.EMAIL), [NOTHING]),
    ],
)  # fmt: skip
def test_steps_that_get_coarser_make_one_level_each(first, steps):
    masks = [] if first is KEPT else [first]
    assert coarser(["n"], 5, masks, {"n": steps}) == Coarser(("n",), 5, tuple((each,) for each in steps))


@pytest.mark.parametrize(
    ("first", "steps"),
    [
        (number(10), [number(25)]), (number(10), [number(10)]), (number(10), [OTHER]), (OTHER, [number(10)]),
        (NOTHING, [NOTHING]), (KEPT, [number(10), OTHER]), (ColumnMask("n", Strategy.EMAIL), [OTHER]),
        (ColumnMask("n", Strategy.GENERALISE_IP), address(3)), (KEPT, [*address(1), *address(2)]),
        (KEPT, [ColumnMask("n", Strategy.TOKEN)]), (KEPT, [KEPT]),
    ],
)  # fmt: skip
def test_a_step_that_is_not_coarser_than_the_one_before_is_refused(first, steps):
    with pytest.raises(InvalidSpec, match="not coarser"):
        coarser(["n"], 5, [first], {"n": steps})


def test_without_further_steps_there_is_nothing_to_do():
    assert coarser(["n"], 5, [number(10)], {"n": []}) is None
