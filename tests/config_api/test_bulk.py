import json
import signal
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from consent.api import views
from consent.models import ConsentRecord, CurrentConsent, Evidence
from privacy.ledger import sealed
from privacy.ledger.models import LedgerEntry
from privacy.ledger.verification import verify_organisation
from privacy.register.models import Notice
from privacy.subjects.models import Identifier, Subject
from tests.config_api.conftest import decision


def _person(name, **fields):
    return decision(subject={"email": f"{name}@example.com"}, **fields)


@pytest.mark.parametrize("wrap", [lambda records: records, lambda records: {"records": records}])
def test_the_valid_are_stored_and_the_others_say_why_not(caller, wrap):
    answer = caller.post(
        "consents/bulk/",
        wrap(
            [_person("ama"), _person("kofi", decision="yes"), _person("esi", purpose="selling"), "text", _person("yaw")]
        ),
    )
    assert answer.status_code == 200
    body = answer.json()
    assert (body["stored"], body["refused"]) == (2, 3)
    assert [item["status"] for item in body["results"]] == ["stored", "refused", "refused", "refused", "stored"]
    assert [list(item["errors"]) for item in body["results"][1:4]] == [["decision"], ["purpose"], ["non_field_errors"]]
    stored = {str(record.pk): record.subject.identifiers.get().value for record in ConsentRecord.objects.all()}
    assert [stored[body["results"][place]["id"]] for place in (0, 4)] == ["ama@example.com", "yaw@example.com"]


def test_a_call_may_be_as_large_as_the_view_says(caller):
    """Larger than what Django reads into memory by itself."""
    answer = caller.post("consents/bulk/", [_person(f"p{n}", evidence={"text": "x" * 4000}) for n in range(800)])
    assert (answer.status_code, answer.json()["stored"]) == (200, 800)


@pytest.mark.parametrize("count", [1, 3])
def test_bulk_and_single_captures_write_the_same(caller, count):
    Notice.objects.update(published_at=datetime(2025, 12, 1, tzinfo=UTC))
    fields = {"evidence": {"page": 1}, "occurred_at": "2026-01-01T00:00:00Z", "notice_version": "2026-01"}
    caller.post("consents/bulk/", [_person(f"bulk{number}", **fields) for number in range(count)])
    caller.post("consents/", _person("single", **fields))
    *many, single = ConsentRecord.objects.order_by("recorded_at", "id")
    names = set(ConsentRecord.sealed_fields) - {"subject_id"}
    for record in many:
        assert {name: getattr(record, name) for name in names} == {name: getattr(single, name) for name in names}
    assert len(many) == count
    assert Evidence.objects.count() == CurrentConsent.objects.count() == count + 1


@contextmanager
def _at_most(seconds):
    """Fail instead of waiting for ever."""

    def stop(number, frame):
        raise TimeoutError(f"still not done after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_call_of_a_fresh_process_may_be_a_bulk_one(caller, count):
    sealed._cluster_of.cache_clear()
    with _at_most(20):
        answer = caller.post("consents/bulk/", [_person(f"p{number}") for number in range(count)])
    assert (answer.status_code, answer.json()["stored"]) == (200, count)
    assert ConsentRecord.objects.count() == count


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("subject", {"subject": {"customer_id": "\ud800"}}),
        ("notice_version", {"notice_version": "\ud800"}),
        ("evidence", {"evidence": {"n": 2**60}}),
        ("evidence", {"evidence": {"page": "\ud800"}}),
    ],
)
def test_a_value_that_cannot_be_sealed_is_refused_and_its_neighbours_are_stored(caller, field, fields):
    exact = {"evidence": {"n": 2**53 - 1, "page": "\U0001f600"}}
    answer = caller.post("consents/bulk/", [_person("ama", **exact), decision(**fields), _person("kofi")])
    assert answer.status_code == 200
    assert [item["status"] for item in answer.json()["results"]] == ["stored", "refused", "stored"]
    assert list(answer.json()["results"][1]["errors"]) == [field]
    assert Evidence.objects.get().content == exact["evidence"]


def test_bulk_records_are_sealed_like_others(caller):
    caller.post("consents/bulk/", [_person("ama"), _person("kofi"), _person("ama", decision="withdrawn")])
    verdict = verify_organisation()
    assert verdict.breaches == ()
    assert ConsentRecord.objects.count() == 3


def test_the_last_decision_in_the_list_stands(caller):
    caller.post(
        "consents/bulk/", [_person("ama", decision=said) for said in ("given", "withdrawn", "given", "refused")]
    )
    assert CurrentConsent.objects.get().decision == "refused"
    assert ConsentRecord.objects.count() == 4
    assert CurrentConsent.objects.get().record == ConsentRecord.objects.order_by("-recorded_at", "-id").first()


def test_known_people_are_found_and_unknown_ones_added_once(caller):
    known = caller.post("consents/", _person("ama")).json()["subject"]
    caller.post("consents/bulk/", [_person("AMA", decision="withdrawn"), _person("kofi"), _person("kofi")])
    assert Subject.objects.count() == Identifier.objects.count() == 2
    assert CurrentConsent.objects.get(subject=known).decision == "withdrawn"


def test_one_ledger_entry_counts_a_whole_call(caller):
    caller.post(
        "consents/bulk/", [_person("ama"), _person("kofi", decision="refused"), _person("esi", purpose="selling")]
    )
    entry = LedgerEntry.objects.get(action="consent.bulk_recorded")
    assert entry.data == {
        "stored": 2,
        "refused": 1,
        "decisions": {"newsletter:given": 1, "newsletter:refused": 1},
    }
    assert "example.com" not in json.dumps(entry.data)


def test_the_number_of_statements_does_not_grow_with_the_call(caller, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        caller.post("consents/bulk/", [_person(f"p{number}") for number in range(300)])
    assert CurrentConsent.objects.count() == 300


def test_a_call_in_which_nothing_stands_stores_nothing(caller):
    body = caller.post("consents/bulk/", [_person("ama", purpose="nothing"), {}]).json()
    assert (body["stored"], body["refused"]) == (0, 2)
    assert not ConsentRecord.objects.exists()
    assert not Subject.objects.exists()


@pytest.mark.parametrize("body", [[], {}, {"records": []}, {"records": "x"}, 3, '"text"'])
def test_what_is_no_list_is_refused(caller, body):
    answer = caller.post("consents/bulk/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["records"])


def test_too_many_at_once_are_refused(caller, monkeypatch):
    monkeypatch.setattr(views, "BULK_LIMIT", 2)
    people = [_person("ama"), _person("kofi"), _person("esi")]
    assert caller.post("consents/bulk/", people).status_code == 400
    assert not ConsentRecord.objects.exists()
    assert caller.post("consents/bulk/", people[:2]).json()["stored"] == 2


def test_a_list_repeated_under_its_key_is_recorded_once_and_answered_the_same(caller):
    said = [_person("ama"), _person("kofi", decision="yes"), _person("esi", evidence={"n": 2**70})]
    first, second = (caller.post("consents/bulk/", said, **{"idempotency-key": "k-1"}) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert (first.json()["stored"], ConsentRecord.objects.count()) == (1, 1)
    caller.post("consents/bulk/", said, **{"idempotency-key": "k-2"})
    assert ConsentRecord.objects.count() == 2


def test_a_repeated_list_does_not_overturn_what_came_in_between(caller):
    said = [_person("ama")]
    caller.post("consents/bulk/", said, **{"idempotency-key": "k-1"})
    caller.post("consents/", _person("ama", decision="withdrawn"))
    caller.post("consents/bulk/", said, **{"idempotency-key": "k-1"})
    assert CurrentConsent.objects.get().decision == "withdrawn"


def test_a_key_of_one_list_serves_no_other_and_no_single_decision(caller):
    caller.post("consents/bulk/", [_person("ama")], **{"idempotency-key": "k-1"})
    for path, body in (("consents/bulk/", [_person("kofi")]), ("consents/", _person("ama"))):
        assert caller.post(path, body, **{"idempotency-key": "k-1"}).status_code == 409
    assert caller.post("consents/bulk/", [_person("ama")], **{"idempotency-key": ""}).status_code == 400
    assert ConsentRecord.objects.count() == 1


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("no", ["withdrawn", "refused"])
def test_a_consent_from_before_a_no_does_not_overturn_it(caller, many, no):
    def tell(**fields):
        if not many:
            answer = caller.post("consents/", _person("ama", **fields))
            return {} if answer.status_code == 201 else answer.json()["errors"]
        return caller.post("consents/bulk/", [_person("ama", **fields)]).json()["results"][0].get("errors", {})

    assert tell(decision=no, occurred_at="2026-03-02T00:00:00Z") == {}
    assert list(tell(occurred_at="2026-03-01T00:00:00Z")) == ["occurred_at"]
    assert CurrentConsent.objects.get().decision == no
    assert ConsentRecord.objects.count() == 1
    # one that is from after it counts, and a no is recorded whenever it is told
    assert tell(occurred_at="2026-03-03T00:00:00Z") == {}
    assert tell(decision=no, occurred_at="2026-01-01T00:00:00Z") == {}
    assert (CurrentConsent.objects.get().decision, ConsentRecord.objects.count()) == ("given", 3)


def test_a_consent_in_a_list_does_not_overturn_the_no_before_it_in_the_list(caller):
    said = [_person("ama", decision="withdrawn"), _person("ama", occurred_at="2026-03-01T00:00:00Z"), _person("kofi")]
    results = caller.post("consents/bulk/", said).json()["results"]
    assert [item["status"] for item in results] == ["stored", "refused", "stored"]
    assert sorted(CurrentConsent.objects.values_list("decision", flat=True)) == ["given", "withdrawn"]
