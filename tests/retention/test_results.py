"""What rows are in law after a run: as weak as their weakest column, what is left of them, and where they lead."""

from dataclasses import replace

import pytest

from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action, KeptField, Plan, Step
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.spec import DatasetSpec, Identity, Join
from privacy.datamap.models import DataCategory, Dataset, Field
from privacy.ledger.actors import SYSTEM
from retention.certificate.document import check_file
from retention.enums import Result, RunState
from retention.results import results_of
from retention.services import start_rule_run
from tests.retention.test_rule_runs import NOON, _rule
from tests.sources import work

NOBODY = SubjectKeys(())
PERSON = DatasetSpec("person", "crm", "person", ("id",), identities=(Identity("email", "email"),))
TO_PERSON = Join(("person_id",), "person", ("id",))
NOTE = DatasetSpec("note", "crm", "note", ("id",), paths=((TO_PERSON,),))
LINE = DatasetSpec("line", "crm", "line", ("id",), paths=((Join(("note_id",), "note", ("id",)), TO_PERSON),))


def step(dataset: str, action: str, *masks: tuple[str, str], kept: tuple[str, ...] = ()) -> Step:
    return Step(
        dataset, dataset, Action(action), NOBODY,
        masks=tuple(ColumnMask(column, Strategy(strategy)) for column, strategy in masks),
        kept=tuple(KeptField(column, "") for column in kept),
    )  # fmt: skip


def results(*steps: Step, personal: tuple[str, ...] = ()) -> dict[str, Result]:
    return results_of(Plan((PERSON, NOTE, LINE), steps), personal=personal)


EMPTY_PERSON = step("person", "mask", ("email", "email"), ("name", "null"))


@pytest.mark.parametrize(
    ("person", "result"),
    [
        (step("person", "delete"), Result.DELETED),
        (EMPTY_PERSON, Result.ANONYMOUS),
        (step("person", "mask", ("email", "email"), kept=("name",)), Result.KEPT_IN_PART),
        (step("person", "mask", ("email", "token"), ("name", "null")), Result.PSEUDONYMOUS),
        (step("person", "mask", ("email", "token"), kept=("name",)), Result.PSEUDONYMOUS),
    ],
)
def test_rows_are_as_weak_as_their_weakest_column(person, result):
    assert results(person) == {"person": result}


def test_rows_that_stay_have_no_result():
    assert results(step("person", "keep")) == {}


@pytest.mark.parametrize(
    ("person", "result"),
    [
        ((), Result.KEPT_IN_PART),
        ((step("person", "keep"),), Result.KEPT_IN_PART),
        ((step("person", "mask", ("email", "email"), kept=("name",)),), Result.KEPT_IN_PART),
        ((step("person", "mask", ("email", "token")),), Result.PSEUDONYMOUS),
        ((EMPTY_PERSON,), Result.ANONYMOUS),
        ((step("person", "delete"),), Result.ANONYMOUS),
    ],
)
@pytest.mark.parametrize("dataset", ["note", "line"])
def test_rows_that_lead_to_a_person_are_as_weak_as_what_is_left_there(dataset, person, result):
    assert results(step(dataset, "mask", ("text", "null")), *person)[dataset] == result


@pytest.mark.parametrize("dataset", ["note", "line"])
@pytest.mark.parametrize(
    ("left", "result"),
    [
        (("mask", ("text", "null")), Result.ANONYMOUS),
        (("delete",), Result.ANONYMOUS),
        (("mask", ("text", "token")), Result.PSEUDONYMOUS),
        (("mask", ("text", "generalise_date")), Result.GENERALISED),
    ],
)
def test_a_person_is_as_weak_as_what_is_left_in_rows_that_lead_there(dataset, left, result):
    action, *masks = left
    parameters = {"to": "year"}
    masked = tuple(
        ColumnMask(column, Strategy(strategy), parameters if strategy == "generalise_date" else {})
        for column, strategy in masks
    )
    following = Step(dataset, dataset, Action(action), NOBODY, masks=masked)
    assert results(EMPTY_PERSON, following)["person"] == result


@pytest.mark.parametrize("dataset", ["note", "line"])
@pytest.mark.parametrize(
    ("kept", "result"), [(("name",), Result.KEPT_IN_PART), ((), Result.ANONYMOUS)], ids=["kept", "nothing kept"]
)
def test_a_column_kept_in_rows_that_lead_to_a_person_is_kept_of_the_person(dataset, kept, result):
    assert results(EMPTY_PERSON, step(dataset, "mask", ("text", "null"), kept=kept))["person"] == result


@pytest.mark.parametrize("dataset", ["note", "line"])
@pytest.mark.parametrize(("newer", "result"), [(0, Result.ANONYMOUS), (1, Result.KEPT_IN_PART)])
def test_rows_that_lead_to_newer_ones_are_not_called_anonymous(dataset, newer, result):
    rest = replace(step(dataset, "mask", ("text", "null")), newer_count=newer)
    assert results(EMPTY_PERSON, rest)["person"] == result


@pytest.mark.parametrize("dataset", ["note", "line"])
@pytest.mark.parametrize(("rows", "result"), [(0, Result.ANONYMOUS), (1, Result.KEPT_IN_PART)])
def test_rows_that_stay_as_they_are_weaken_the_person_to_whom_they_lead(dataset, rows, result):
    stays = replace(step(dataset, "keep"), expected_count=rows)
    assert results(EMPTY_PERSON, stays) == {"person": result}


@pytest.mark.parametrize(
    ("personal", "result"), [((), Result.ANONYMOUS), (("note",), Result.KEPT_IN_PART), (("line",), Result.KEPT_IN_PART)]
)
def test_a_dataset_of_which_nothing_is_asked_weakens_the_person_when_it_holds_personal_data(personal, result):
    assert results(EMPTY_PERSON, personal=personal) == {"person": result}


def test_rows_of_the_same_person_are_as_weak_as_each_other():
    note, line = step("note", "mask", ("text", "token")), step("line", "mask", ("text", "null"))
    other = DatasetSpec("other", "crm", "other", ("id",), paths=((TO_PERSON,),))
    plan = Plan((PERSON, NOTE, other), (EMPTY_PERSON, note, step("other", "mask", ("text", "null"))))
    assert set(results_of(plan).values()) == {Result.PSEUDONYMOUS}
    assert set(results(EMPTY_PERSON, line).values()) == {Result.ANONYMOUS}


def test_a_ring_of_datasets_that_name_people_comes_to_an_end():
    friend = DatasetSpec(
        "friend", "crm", "friend", ("id",), identities=(Identity("email", "email"),),
        paths=((Join(("other_id",), "friend", ("id",)),),),
    )  # fmt: skip
    assert results_of(Plan((friend,), (step("friend", "mask", ("email", "email")),))) == {"friend": Result.ANONYMOUS}


def certified(rule) -> dict[str, dict]:
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    return {each["table"]: each for each in check_file(run.certificate.document)["tables"]}


def test_a_rule_over_one_kind_of_data_never_makes_anonymous_what_it_leaves(offixpro):
    tables = certified(_rule("customer", category=DataCategory.CONTACT))
    contact = tables["crm.contact"]
    assert contact["rows"] > 0
    assert "full_name" in {each["column"] for each in contact["kept"]}
    assert contact["result"]["class"] != Result.ANONYMOUS


@pytest.mark.parametrize(
    ("category", "left"), [(DataCategory.BUSINESS, Result.ANONYMOUS), (DataCategory.FREE_TEXT, Result.KEPT_IN_PART)]
)
def test_a_rule_does_not_make_anonymous_whom_rows_that_it_leaves_still_describe(offixpro, category, left):
    """One rule over users alone: what their sign-ins, of which it says nothing, still hold decides."""
    user = _users_of_whom_nothing_else_is_known()
    events = Dataset.objects.get(table_name="login_event")
    events.fields.update(category=category)
    Dataset.objects.filter(pk=events.pk).update(parent=user)
    assert certified(_rule("crm_user"))["crm.crm_user"]["result"]["class"] == left


def _users_of_whom_nothing_else_is_known() -> Dataset:
    """The dataset of users, in which only name and addresses are about them, and to which no other leads."""
    user = Dataset.objects.get(table_name="crm_user")
    user.fields.exclude(column__in=user.primary_key).update(category=DataCategory.BUSINESS)
    user.fields.filter(column__in=["full_name", "email", "phone"]).update(category=DataCategory.IDENTITY)
    user.fields.filter(on_retention__startswith="generalise").update(on_retention="keep")
    Dataset.objects.filter(source=user.source).update(parent=None)
    return user


@pytest.mark.parametrize("reason", ["", "Key, not personal by itself."])
@pytest.mark.parametrize(
    ("category", "result"),
    [
        (DataCategory.KEY, Result.ANONYMOUS),
        (DataCategory.BUSINESS, Result.ANONYMOUS),
        (DataCategory.UNCLASSIFIED, Result.KEPT_IN_PART),
        (DataCategory.TECHNICAL, Result.KEPT_IN_PART),
    ],
)
def test_the_reason_for_which_a_column_is_kept_does_not_decide_what_rows_are_in_law(offixpro, category, result, reason):
    user = _users_of_whom_nothing_else_is_known()
    user.fields.filter(column="operated_by").update(category=category, keep_reason=reason)
    assert certified(_rule("crm_user"))["crm.crm_user"]["result"]["class"] == result


@pytest.mark.parametrize("category", [DataCategory.UNCLASSIFIED, DataCategory.TECHNICAL])
def test_a_column_of_which_a_rule_says_nothing_takes_its_name_from_the_rows(offixpro, category):
    contact = Dataset.objects.get(table_name="contact")
    column = Field.objects.filter(dataset=contact, category=DataCategory.KEY).exclude(
        column__in=contact.primary_key
    ).first()  # fmt: skip
    assert column is not None
    Field.objects.filter(pk=column.pk).update(category=category, keep_reason="")
    table = certified(_rule("contact"))["crm.contact"]
    assert {each["column"]: each["reason"] for each in table["kept"]}[column.column] == (
        "left as it is; no reason was given"
    )
    assert table["result"]["class"] != Result.ANONYMOUS
