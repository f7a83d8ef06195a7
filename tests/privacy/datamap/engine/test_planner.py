"""What a plan says, and which plans are refused, with what words."""

import datetime as dt
import json

import pytest

from privacy.datamap.engine.errors import InvalidSpec, PlanRefused
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action, KeptField, Plan
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Held, Identifier, OlderThan, RootKeys, SubjectKeys
from privacy.datamap.engine.spec import Condition, DatasetSpec, Identity, Join
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.shop import DELETE_ALL, THEIRS, mask_person

CUTOFF = dt.date(2026, 1, 15)


def keys_of(*people: int) -> SubjectKeys:
    return SubjectKeys((RootKeys("person", tuple((str(each),) for each in people)),))


def refusals(source, shop, *instructions, selection=None, datasets=None) -> dict[str, str]:
    with pytest.raises(PlanRefused) as refused:
        make_plan(source, datasets or shop.datasets, instructions, selection=selection or keys_of(1))
    return {
        problem.where.removeprefix(shop.schema + "."): f"{problem.what} {problem.remedy}"
        for problem in refused.value.problems
    }


def mask(column, strategy, **params):
    return Instruction("person", Action.MASK, (ColumnMask(column, strategy, params),))


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("email", " PERSON2@Example.COM ", ("2",)),
        ("phone", "+233 (555) 000-003", ("3",)),
        ("customer_id", "1", ("1",)),
        ("customer_id", "1; DROP TABLE person", None),
        ("email", "nobody@example.com", None),
        ("passport", "person1@example.com", None),
    ],
)
def test_a_person_is_found_by_any_identifier_of_the_right_kind(source, shop, kind, value, found):
    shop.fill(people=3)
    shop.fill(people=3, organisation=THEIRS, first=11)
    keys = resolve_subject(source, shop.datasets, [Identifier(kind, value)])
    assert keys == SubjectKeys((RootKeys("person", (found,)),) if found else ())


def test_a_person_of_another_scope_is_not_found(source, shop):
    shop.fill(people=1, organisation=THEIRS, first=11)
    assert resolve_subject(source, shop.datasets, [Identifier("email", "person11@example.com")]) == SubjectKeys(())


def test_the_cutoff_itself_is_not_older(source, shop):
    shop.fill(people=4)
    for person, left in ((1, "2026-01-14"), (2, "2026-01-15"), (3, "2026-01-16"), (4, None)):
        shop.run("UPDATE person SET left_on = %s WHERE id = %s", left, person)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=OlderThan("left_on", CUTOFF))
    assert plan.steps[0].expected_count == 1
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2)).done
    journal.close()
    assert shop.rows("SELECT id FROM person WHERE name IS NULL") == [(1,)]


@pytest.mark.parametrize(("cutoff", "count"), [("11:59:59", 0), ("12:00:00", 0), ("12:00:01", 2)])
def test_a_cutoff_reached_through_a_path_is_exact_to_the_second(source, shop, cutoff, count):
    shop.fill(people=1)
    path = (Join(("purchase_id",), "purchase", ("id",)),)
    moment = dt.datetime.fromisoformat(f"2026-01-15T{cutoff}+00:00")
    selection = OlderThan("bought_at", moment, path=path)
    plan = make_plan(source, shop.datasets, [Instruction("line", Action.DELETE)], selection=selection)
    assert plan.steps[0].expected_count == count


def test_conditions_narrow_the_rows_reached_and_the_rows_themselves(source, shop):
    shop.fill(people=3)
    shop.run("UPDATE person SET status = 'cancelled' WHERE id IN (1, 2)")
    path = (Join(("person_id",), "person", ("id",)),)
    cancelled = (Condition("status", "=", "cancelled"),)
    also = (Condition("address", "in", ["Street 2", "Street 3"]),)
    selection = OlderThan("left_on", dt.date(2026, 2, 1), path=path, where=cancelled, also=also)
    masks = (ColumnMask("bought_at", Strategy.NULL),)
    plan = make_plan(source, shop.datasets, [Instruction("purchase", Action.MASK, masks)], selection=selection)
    assert plan.steps[0].expected_count == 1


@pytest.mark.parametrize(
    ("newest", "bought", "due"),
    [
        (True, ["2026-01-13", "2026-01-14"], [(1,)]),
        (True, ["2026-01-14", "2026-01-15"], []),
        (True, ["2026-01-14", None], []),
        (True, ["2026-01-15", "2026-01-16"], []),
        (True, [], []),
        (False, ["2026-01-14", "2026-01-15"], [(1,)]),
    ],
)
def test_where_the_newest_of_several_dates_counts_one_late_or_unknown_date_keeps_the_row(
    source, shop, newest, bought, due
):
    shop.fill(people=2, purchases=0)
    for number, day in enumerate([*bought]):
        shop.run("INSERT INTO purchase VALUES (%s, 7, 1, %s, NULL)", number, day)
    down = (Join(("id",), "purchase", ("person_id",)),)
    selection = OlderThan("bought_at", CUTOFF, path=down, newest=newest)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=selection)
    assert plan.steps[0].expected_count == len(due)
    assert Plan.from_data(plan.to_data()) == plan
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2)).done
    journal.close()
    assert shop.rows("SELECT id FROM person WHERE name IS NULL") == due


def test_held_people_are_counted_apart(source, shop):
    shop.fill(people=3)
    held = Held(identifiers=(Identifier("email", "person2@example.com"),))
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=keys_of(1, 2, 3), held=held)
    assert [(step.key, step.expected_count, step.held_count) for step in plan.steps] == [
        ("line", 4, 2),
        ("purchase", 2, 1),
        ("person", 2, 1),
    ]


def test_rows_kept_are_counted_with_their_reasons_and_never_touched(source, shop):
    shop.fill(people=2)
    kept = Instruction("purchase", Action.KEEP, kept=(KeptField("address", "tax records, six years"),))
    plan = make_plan(source, shop.datasets, [kept], selection=keys_of(1, 2))
    assert [(step.action, step.expected_count) for step in plan.steps] == [(Action.KEEP, 2)]
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld()).rows == {}
    journal.close()


def test_a_plan_survives_storage_and_its_hash_sees_every_change(source, shop):
    shop.fill(people=2)
    plan = make_plan(source, shop.datasets, [mask_person()], selection=keys_of(1, 2))
    assert Plan.from_data(json.loads(json.dumps(plan.to_data()))) == plan
    others = [
        make_plan(source, shop.datasets, [mask_person()], selection=keys_of(1)),
        make_plan(source, shop.datasets, [mask("name", Strategy.NULL)], selection=keys_of(1, 2)),
        make_plan(source, shop.datasets, DELETE_ALL, selection=keys_of(1, 2)),
    ]
    assert len({each.hash for each in (plan, *others)}) == 4
    assert make_plan(source, shop.datasets, [mask_person()], selection=keys_of(2, 1)).hash == plan.hash


def test_the_plan_for_showing_holds_no_key_but_their_digest(source, shop):
    shop.fill(people=1)
    shop.run("UPDATE purchase SET address = 'x'")
    shop.run("INSERT INTO person (id, organisation_id) VALUES (987654321, 7)")
    plan = make_plan(source, shop.datasets, [mask_person()], selection=keys_of(987654321))
    assert "987654321" in json.dumps(plan.to_data())
    assert "987654321" not in json.dumps(plan.public_data())
    assert plan.steps[0].selection.roots[0].digest() in json.dumps(plan.public_data())


@pytest.mark.parametrize(
    ("instruction", "where", "words"),
    [
        (mask("city", Strategy.NULL), "person.city", "does not allow NULL"),
        (mask("organisation_id", Strategy.CONSTANT, value=9), "person.organisation_id", "scope"),
        (mask("id", Strategy.GENERALISE_NUMBER, size=10), "person.id", "primary key"),
        (mask("email", Strategy.CONSTANT, value="x"), "person.email", "unique index"),
        (mask("postcode", Strategy.EMAIL), "person.postcode", "it needs 38"),
        (mask("postcode", Strategy.CONSTANT, value="far too long a value"), "person.postcode", "does not fit"),
        (mask("born", Strategy.CONSTANT, value="not a date"), "person.born", "does not fit"),
        (mask("balance", Strategy.CONSTANT, value="0.001"), "person.balance", "does not fit"),
        (mask("born", Strategy.TOKEN), "person.born", "does not work on date"),
    ],
)
def test_an_impossible_mask_is_refused_by_table_and_column(source, shop, instruction, where, words):
    shop.fill(people=1)
    found = refusals(source, shop, instruction)
    assert list(found) == [where]
    assert words in found[where]


def test_every_problem_is_listed_not_only_the_first(source, shop):
    masks = (ColumnMask("city", Strategy.NULL), ColumnMask("born", Strategy.PHONE))
    assert set(refusals(source, shop, Instruction("person", Action.MASK, masks))) == {"person.city", "person.born"}


def test_a_column_on_the_way_to_the_person_or_behind_the_selection_cannot_be_masked(source, shop):
    shop.run("ALTER TABLE purchase DROP CONSTRAINT purchase_person_id_fkey")
    shop.allow_null("purchase", "person_id", "integer")
    way = Instruction("purchase", Action.MASK, (ColumnMask("person_id", Strategy.NULL),))
    assert "path from a row to its person" in refusals(source, shop, way)["purchase.person_id"]
    behind = refusals(source, shop, mask("left_on", Strategy.NULL), selection=OlderThan("left_on", CUTOFF))
    assert "decides which rows" in behind["person.left_on"]


def test_a_cascade_to_a_table_outside_the_plan_is_refused(source, shop):
    shop.run("CREATE TABLE diary (id int PRIMARY KEY, person_id int REFERENCES person (id) ON DELETE CASCADE)")
    shop.run("CREATE INDEX diary_person ON diary (person_id)")
    assert "ON DELETE CASCADE" in refusals(source, shop, *DELETE_ALL)["diary"]


def test_rows_that_others_still_refer_to_are_refused_before_anything_is_deleted(source, shop):
    shop.fill(people=2)
    assert "still refers to 2 of its rows" in refusals(source, shop, DELETE_ALL[0], selection=keys_of(1, 2))["person"]


def test_a_cascade_never_reaches_rows_of_another_scope(source, shop):
    shop.run("ALTER TABLE purchase DROP CONSTRAINT purchase_person_id_fkey")
    shop.run("ALTER TABLE purchase ADD FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE")
    shop.fill(people=2)
    shop.run("INSERT INTO purchase VALUES (900, %s, 1, now(), 'theirs, of our person')", THEIRS)
    plan = make_plan(source, shop.datasets, DELETE_ALL, selection=keys_of(1, 2))
    journal = FileJournal(":memory:")
    progress = run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2))
    journal.close()
    assert (progress.done, progress.rows["person"]) == (False, 1)
    assert shop.rows("SELECT address FROM purchase") == [("theirs, of our person",)]


def test_tables_in_a_ring_cannot_be_deleted_but_can_be_masked(source, shop):
    shop.run("ALTER TABLE person ADD favourite int, ADD FOREIGN KEY (favourite) REFERENCES purchase (id)")
    shop.run("CREATE INDEX person_favourite ON person (favourite)")
    with pytest.raises(PlanRefused, match="in a ring"):
        make_plan(source, shop.datasets, DELETE_ALL, selection=keys_of(1))
    address = Instruction("purchase", Action.MASK, (ColumnMask("address", Strategy.NULL),))
    plan = make_plan(source, shop.datasets, [mask_person(), address], selection=keys_of(1))
    assert {step.key for step in plan.steps} == {"person", "purchase"}


def test_a_table_that_refers_to_itself_is_deleted_layer_by_layer(source, shop):
    shop.run("CREATE TABLE post (id int PRIMARY KEY, author text, reply_to int REFERENCES post (id))")
    shop.run("CREATE INDEX post_reply_to ON post (reply_to)")
    shop.run("INSERT INTO post VALUES (1, 'a@example.com', NULL), (2, 'a@example.com', 1), (3, 'a@example.com', 2)")
    post = DatasetSpec("post", shop.schema, "post", ("id",), identities=(Identity("author", "email"),))
    keys = resolve_subject(source, [post], [Identifier("email", "a@example.com")])
    plan = make_plan(source, [post], [Instruction("post", Action.DELETE)], selection=keys)
    journal = FileJournal(":memory:")
    progress = run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2))
    journal.close()
    assert (progress.done, progress.rows) == (True, {"post": 3})


def test_a_wrong_data_map_is_told_what_is_wrong(source, shop):
    wrong = DatasetSpec("line", shop.schema, "line", ("purchase_id",), shop.scope)
    with pytest.raises(InvalidSpec, match=r"has the primary key \(purchase_id, number\)"):
        make_plan(source, [wrong], [Instruction("line", Action.DELETE)], selection=keys_of(1))
    with pytest.raises(InvalidSpec, match="no column 'colour'"):
        make_plan(source, shop.datasets, [mask("colour", Strategy.NULL)], selection=keys_of(1))
    with pytest.raises(InvalidSpec, match="does not exist in the source"):
        make_plan(
            source,
            [DatasetSpec("x", shop.schema, "x", ("id",))],
            [Instruction("x", Action.DELETE)],
            selection=keys_of(1),
        )
