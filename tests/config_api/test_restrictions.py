"""Systems of the organisation learn what they must not use data for."""

import json
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consent.models import ConsentRecord
from privacy.ledger.actors import SYSTEM
from privacy.officers.models import Scope
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.api.cursor import CursorInvalid, read_cursor, write_cursor
from privacy.register.restrictions.models import RestrictionChange
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import organisation_context
from tests.config_api.conftest import Caller, decision, make_key

AMA = "ama@example.com"


@pytest.fixture
def reader(purposes):
    return Caller(make_key(Scope.RESTRICTIONS_READ))


@pytest.fixture
def ama(purposes):
    return find_or_add_subject(kind="email", value=AMA)


def _lift(placed):
    lift_restriction(restriction=placed, reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)


def _changes(caller, **query):
    answer = caller.get("restrictions/changes/" + ("?" + "&".join(f"{k}={v}" for k, v in query.items())) * bool(query))
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_system_asks_about_one_person(reader, ama, purposes):
    placed = place_restriction(subject=ama, kind="marketing", purpose=purposes["newsletter"], actor=SYSTEM)
    answer = reader.post("restrictions/lookup/", {"subject": {"email": " AMA@example.com"}})
    assert answer.status_code == 200
    free = {"restricted": False, "restriction": None}
    since = placed.in_force_from.isoformat()
    assert answer.json() == {
        "subject": str(ama.pk),
        "restricted": False,
        "restrictions": [
            {
                "id": str(placed.pk), "kind": "marketing", "scope": "purpose", "purpose": "newsletter",
                "category": None, "since": since, "until": None,
            }
        ],
        "purposes": [
            {"purpose": "billing", **free},
            {"purpose": "newsletter", "restricted": True, "restriction": {"kind": "marketing", "since": since}},
            {"purpose": "surveys", **free},
        ],
    }  # fmt: skip
    _lift(placed)
    after = reader.post("restrictions/lookup/", {"subject": {"email": AMA}}).json()
    assert (after["restrictions"], {each["restricted"] for each in after["purposes"]}) == ([], {False})


def test_a_restriction_of_everything_is_said_as_such(reader, ama):
    place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    place_restriction(subject=ama, kind="objection", category="financial", actor=SYSTEM)
    said = reader.post("restrictions/lookup/", {"subject": {"email": AMA}}).json()
    assert said["restricted"] is True
    assert sorted((each["scope"], each["category"]) for each in said["restrictions"]) == [
        ("category", "financial"), ("everything", None),
    ]  # fmt: skip
    assert {each["restricted"] for each in said["purposes"]} == {True}


def test_who_is_not_known_has_nothing_restricted(reader):
    said = reader.post("restrictions/lookup/", {"subject": {"email": "nobody@example.com"}}).json()
    assert (said["subject"], said["restricted"], said["restrictions"]) == (None, False, [])


@pytest.mark.parametrize("subject", [None, {}, {"email": "no address"}, {"name": "Ama"}, AMA])
def test_a_call_that_names_nobody_is_refused_and_not_repeated(reader, subject):
    answer = reader.post("restrictions/lookup/", {"subject": subject})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["subject"])
    assert AMA not in answer.content.decode()


@pytest.mark.parametrize("scope", [Scope.CONSENTS_READ, Scope.CONSENTS_WRITE])
def test_a_key_needs_the_scope(purposes, scope):
    caller = Caller(make_key(scope))
    assert caller.post("restrictions/lookup/", {"subject": {"email": AMA}}).status_code == 403
    assert caller.get("restrictions/changes/").status_code == 403
    assert Caller(make_key(Scope.RESTRICTIONS_READ)).get("restrictions/changes/").status_code == 200


def test_changes_are_told_in_order_once_and_again_for_the_same_cursor(reader, ama, purposes):
    start = _changes(reader)
    assert (start["changes"], start["more"]) == ([], False)
    placed = place_restriction(subject=ama, kind="objection", purpose=purposes["surveys"], actor=SYSTEM)
    _lift(placed)
    place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    first = _changes(reader, after=start["cursor"], page_size=2)
    assert [(each["what"], each["restriction"]["purpose"]) for each in first["changes"]] == [
        ("placed", "surveys"), ("lifted", "surveys"),
    ]  # fmt: skip
    assert (first["more"], _changes(reader, after=start["cursor"], page_size=2)) == (True, first)
    second = _changes(reader, after=first["cursor"])
    assert [(each["what"], each["restriction"]["scope"]) for each in second["changes"]] == [("placed", "everything")]
    assert _changes(reader, after=second["cursor"]) == {"changes": [], "cursor": second["cursor"], "more": False}


def test_changes_name_a_person_by_what_says_nothing_outside(reader, ama):
    customer = find_or_add_subject(kind="customer_id", value="K-1007")
    for subject in (ama, customer):
        place_restriction(subject=subject, kind="restriction", actor=SYSTEM)
    told = _changes(reader)["changes"]
    assert [(each["subject"], each["customer_ids"]) for each in told] == [
        (str(ama.pk), []), (str(customer.pk), ["K-1007"]),
    ]  # fmt: skip
    assert AMA not in json.dumps(told)


def test_the_number_of_questions_does_not_grow_with_the_changes(reader, ama, purposes, django_assert_max_num_queries):
    for purpose in purposes.values():
        place_restriction(subject=ama, kind="objection", purpose=purpose, actor=SYSTEM)
    with django_assert_max_num_queries(6):
        assert len(_changes(reader)["changes"]) == 4


@pytest.mark.parametrize(
    "query",
    [{"after": "x"}, {"after": "YzE-"}, {"after": "ö"}, {"page_size": 0}, {"page_size": 501}, {"page_size": "ten"}],
)
def test_a_cursor_that_was_never_given_out_is_refused(reader, query):
    answer = reader.get("restrictions/changes/?" + "&".join(f"{key}={value}" for key, value in query.items()))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))


@pytest.mark.parametrize("number", [1, 17, 2**63 - 1])
def test_a_cursor_comes_back_as_it_was(number):
    assert read_cursor(write_cursor(number)) == number
    with pytest.raises(CursorInvalid):
        read_cursor(write_cursor(2**63))


def test_another_organisation_reads_nothing_of_it(reader, ama, beta):
    place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    with organisation_context(beta):
        theirs = Caller(make_key(Scope.RESTRICTIONS_READ), host="beta.localhost")
    assert theirs.post("restrictions/lookup/", {"subject": {"email": AMA}}).json()["subject"] is None
    assert _changes(theirs)["changes"] == []
    assert theirs.client.get("/api/v1/restrictions/changes/", headers={"host": "alpha.localhost", "authorization":
        f"Api-Key {theirs.key}"}).status_code == 401  # fmt: skip
    assert len(_changes(reader)["changes"]) == 1


def test_consent_to_what_was_objected_to_contradicts_and_is_not_recorded(caller, ama, purposes):
    place_restriction(subject=ama, kind="marketing", purpose=purposes["newsletter"], actor=SYSTEM)
    for headers in ({}, {"Idempotency-Key": "one"}, {"Idempotency-Key": "one"}):
        answer = caller.post("consents/", decision(), **headers)
        assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
        assert "objected" in answer.json()["detail"]
    assert not ConsentRecord.objects.exists()
    bulk = caller.post("consents/bulk/", [decision(), decision(purpose="surveys"), decision(purpose="billing")]).json()
    assert [(each["status"], each.get("restricted")) for each in bulk["results"]] == [
        ("refused", True), ("stored", None), ("refused", None),
    ]  # fmt: skip
    assert list(bulk["results"][0]["errors"]) == ["purpose"]


def test_a_lookup_of_consents_tells_of_purposes_that_need_none(caller, ama, purposes):
    Purpose.objects.create(
        code="analytics", title="Analytics", description="Counting.", lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        order=5,
    )  # fmt: skip
    placed = place_restriction(subject=ama, kind="objection", actor=SYSTEM)
    said = caller.post("consents/lookup/", {"subject": {"email": AMA}}).json()["consents"]
    restriction = {"kind": "objection", "since": placed.in_force_from.isoformat()}
    assert [(each["purpose"], each["restricted"], each["restriction"]) for each in said] == [
        (code, True, restriction) for code in ("newsletter", "surveys", "analytics")
    ]


def test_two_who_write_at_once_take_their_numbers_in_the_order_of_their_commits(committed):
    """Else a reader could meet the later number first, and never the earlier one."""
    people = [find_or_add_subject(kind="email", value=f"p{number}@example.com") for number in (1, 2)]
    first_has_written, queued = threading.Event(), []

    def write(number: int, meanwhile: Callable[[], None]) -> None:
        try:
            with organisation_context(committed), transaction.atomic():
                if number:
                    first_has_written.wait(20)
                place_restriction(subject=people[number], kind="restriction", actor=SYSTEM)
                meanwhile()
        finally:
            connection.close()

    def see_the_other_wait() -> None:
        first_has_written.set()
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        for _look in range(200):
            with connection.cursor() as cursor:
                cursor.execute(query)
                if cursor.fetchone()[0]:
                    queued.append(RestrictionChange.objects.count())
                    return
            time.sleep(0.05)

    threads = [
        threading.Thread(target=write, args=(0, see_the_other_wait)),
        threading.Thread(target=write, args=(1, lambda: None)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert queued == [1]
    told = RestrictionChange.objects.order_by("pk").values_list("restriction__subject_id", flat=True)
    assert list(told) == [people[0].pk, people[1].pk]
