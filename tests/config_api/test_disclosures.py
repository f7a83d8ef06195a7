"""The disclosure calls: one, many, repeated, refused; described as they are."""

import pytest
import yaml

from privacy.officers.models import Scope
from privacy.register.api import parsing
from privacy.register.api.serializers import DisclosureSerializer
from privacy.register.models import Disclosure
from privacy.subjects.models import Subject
from tests.config_api.conftest import Caller, make_key
from tests.privacy.register.disclosures.conftest import make_register


@pytest.fixture
def caller(alpha):
    make_register()
    return Caller(make_key(Scope.DISCLOSURES_WRITE))


def disclosure(**fields):
    stated = {
        "subject": {"email": "ama@example.com"},
        "recipient": "Cloud Ltd",
        "disclosed_on": "2025-06-01",
        "categories": ["contact"],
        "purpose": "hosting",
        "means": "system",
    }
    return {name: value for name, value in (stated | fields).items() if value is not None}


def test_one_disclosure_is_recorded_and_its_person_added(caller):
    answer = caller.post("disclosures/", disclosure(reference="D-1", note="By night."))
    assert answer.status_code == 201
    row = Disclosure.objects.get()
    assert answer.json() == {
        "id": str(row.pk),
        "subject": str(Subject.objects.get().pk),
        "recipient": "Cloud Ltd",
        "purpose": "hosting",
        "disclosed_on": "2025-06-01",
        "entered_at": row.entered_at.isoformat(),
    }
    assert (row.way, row.actor_kind, row.actor_id, row.note.text) == (
        "api", "api_key", caller.key.partition(".")[0], "By night.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"subject": {"email": "nobody"}}, {"subject": {"email"}}),
        ({"subject": {"email": "a@example.com", "phone": "+233560320128"}}, {"subject"}),
        ({"subject": None, "purpose": None}, {"subject", "purpose"}),
        ({"disclosed_on": "1.6.2025"}, {"disclosed_on"}),
        ({"disclosed_on": "2025-02-30"}, {"disclosed_on"}),
        ({"disclosed_on": "2999-01-01"}, {"disclosed_on"}),
        ({"categories": "contact"}, {"categories"}),
        ({"categories": ["\ud800"]}, {"categories"}),
        ({"categories": []}, {"categories"}),
        ({"recipient": "Nobody Inc"}, {"recipient"}),
        ({"purpose": "sale"}, {"purpose"}),
        ({"purpose": "audit"}, {"purpose"}),
        ({"is_secret": "yes"}, {"is_secret"}),
        ({"ground": "law"}, {"authority"}),
        ({"note": "x" * 2001}, {"note"}),
        ({"colour": "red"}, {"non_field_errors"}),
    ],
)
@pytest.mark.parametrize("key", [None, "k-1"])
def test_what_does_not_stand_is_a_problem_that_names_the_fields(caller, fields, errors, key):
    answer = caller.post("disclosures/", disclosure(**fields), **({"idempotency-key": key} if key else {}))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert set(answer.json()["errors"]) == set(errors)
    assert Disclosure.objects.count() == 0


def test_the_same_key_records_once_and_another_body_under_it_is_a_conflict(caller):
    first = caller.post("disclosures/", disclosure(), **{"idempotency-key": "k-1"})
    again = caller.post("disclosures/", disclosure(), **{"idempotency-key": "k-1"})
    assert (again.status_code, again.json()) == (201, first.json())
    other = caller.post("disclosures/", disclosure(disclosed_on="2025-06-02"), **{"idempotency-key": "k-1"})
    assert (other.status_code, other.json()["title"]) == (409, "The call contradicts an earlier one")
    assert caller.post("disclosures/", disclosure(), **{"idempotency-key": "k-2"}).status_code == 201
    assert caller.post("disclosures/", disclosure(), **{"idempotency-key": "x" * 256}).status_code == 400
    assert Disclosure.objects.count() == 2


@pytest.mark.parametrize("wrap", [lambda records: records, lambda records: {"records": records}])
def test_of_many_the_valid_are_stored_and_the_others_say_why_not(caller, wrap):
    records = [
        disclosure(reference="D-1"), disclosure(purpose="sale"), "text", disclosure(reference="D-1"),
        disclosure(subject={"customer_id": "K 7"}),
    ]  # fmt: skip
    body = caller.post("disclosures/bulk/", wrap(records)).json()
    assert {name: body[name] for name in ("stored", "known", "refused")} == {"stored": 2, "known": 1, "refused": 2}
    assert [item["status"] for item in body["results"]] == ["stored", "refused", "refused", "known", "stored"]
    assert [list(item["errors"]) for item in body["results"][1:3]] == [["purpose"], ["non_field_errors"]]
    assert body["results"][3]["id"] == body["results"][0]["id"]
    again = caller.post("disclosures/bulk/", wrap(records[:1])).json()
    assert (again["stored"], again["known"]) == (0, 1)
    assert Disclosure.objects.count() == 2


@pytest.mark.parametrize("body", [[], {"records": []}, {"records": "x"}, 7, [{}] * 10_001])
def test_a_list_of_none_or_of_too_many_is_refused(caller, body):
    answer = caller.post("disclosures/bulk/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["records"])


def test_only_a_key_with_the_scope_may_write(caller):
    other = Caller(make_key(Scope.CONSENTS_WRITE))
    nobody = Caller(None)
    for path, body in (("disclosures/", disclosure()), ("disclosures/bulk/", [disclosure()])):
        assert other.post(path, body).status_code == 403
        assert nobody.post(path, body).status_code == 401
        assert Disclosure.objects.count() == 0
    assert caller.post("disclosures/bulk/", [disclosure()]).status_code == 200


def test_the_description_names_the_calls_and_the_fields_that_are_read(visitor):
    description = yaml.safe_load(visitor.get("/api/v1/schema/").content)
    for path in ("/api/v1/disclosures/", "/api/v1/disclosures/bulk/"):
        assert description["paths"][path]["post"]["security"] == [{"ApiKey": []}]
    described = {name: field.required for name, field in DisclosureSerializer().fields.items()}
    assert described == {name: required for name, (_read, required) in parsing._FIELDS.items()}
