import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consent.models import ConsentRecord, CurrentConsent, IdempotentCall
from consent.receipts import receipt
from privacy.ledger.signing import read_signed
from privacy.register.models import Purpose
from privacy.subjects.models import Subject
from privacy.tenants.context import owner_context
from tests.config_api.conftest import decision


def _problem(answer, status):
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert {"type", "title", "detail"} <= problem.keys()
    return problem


def test_a_decision_is_answered_with_its_signed_receipt(caller):
    answer = caller.post("consents/", decision(occurred_at="2020-01-01T00:00:00Z", evidence={"page": "/signup"}))
    assert answer.status_code == 201
    body, record = answer.json(), ConsentRecord.objects.get()
    assert (body["id"], body["subject"]) == (str(record.pk), str(record.subject_id))
    assert (body["purpose"], body["decision"]) == ("newsletter", "given")
    assert body["receipt"] == json.loads(json.dumps(receipt(record).fields))
    assert read_signed(body["jws"], kind="consent-receipt") == body["receipt"]
    assert answer["Location"] == f"/api/v1/consents/{record.pk}/receipt/"
    assert (record.actor_kind, record.actor_id) == ("api_key", caller.key.split(".")[0])


def test_a_receipt_can_be_fetched_again(caller):
    recorded = caller.post("consents/", decision()).json()
    answer = caller.get(f"consents/{recorded['id']}/receipt/")
    assert answer.status_code == 200
    assert answer.json() == {"receipt": recorded["receipt"], "jws": recorded["jws"]}


def test_a_receipt_stays_what_it_was_when_the_register_changes(caller, purposes):
    headers = {"idempotency-key": "k-1"}
    recorded = caller.post("consents/", decision(), **headers).json()
    Purpose.objects.filter(code="newsletter").update(retention="for ever", description="We sell your data.")
    purposes["newsletter"].recipients.clear()
    answer = caller.get(f"consents/{recorded['id']}/receipt/").json()
    assert answer == {"receipt": recorded["receipt"], "jws": recorded["jws"]}
    assert caller.post("consents/", decision(), **headers).json() == recorded
    anew = caller.post("consents/", decision()).json()["receipt"]["record"]["pii_processing"][0]
    assert (anew["retention_period"], anew["recipient_third_parties"]) == ("for ever", [])


def test_a_receipt_that_does_not_exist_is_a_problem(caller):
    _problem(caller.get(f"consents/{uuid.uuid4()}/receipt/"), 404)
    _problem(caller.get("consents/nothing/receipt/"), 404)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (
            "subject",
            [None, "ama@example.com", {}, {"name": "Ama"}, {"email": "a@example.com", "phone": "+233560320128"}],
        ),
        (
            "subject",
            [{"email": "no address"}, {"email": 7}, {"phone": "12"}, {"customer_id": ""}, {"email": "a\0@b.ch"}],
        ),
        (
            "subject",
            [{"customer_id": "\ud800"}, {"email": "a\udfff@b.ch"}, {"phone": "+233560320128\ud800"}],
        ),
        ("purpose", [None, 5, "", "x" * 61, "no such", "nothing", "billing", "selling", ["newsletter"]]),
        ("decision", [None, "yes", 1, True, ["given"]]),
        ("method", [None, "telepathy", {}]),
        ("notice_version", [5, "", "x" * 21, "1999-01", "\ud800"]),
        ("wording_version", ["1", 0, -1, 1.5, True, 2**40, 99]),
        ("language", [5, "", "english", "fr", "EN"]),
        ("evidence", ["text", [1], {"x": "y" * 4096}]),
        ("evidence", [{"n": 2**53}, {"a": [{"n": -(2**60)}]}, {"x": "\ud800"}, {"\ud800": 1}, {"a": ["\udfff"]}]),
        ("occurred_at", [5, "yesterday", "2026-11-22T09:30:00", "2026-13-01T00:00:00Z", "2999-01-01T00:00:00Z"]),
    ],
)
def test_each_invalid_field_is_named_and_not_repeated(caller, field, values):
    for value in values:
        if value is None:
            body = decision()
            del body[field]
        else:
            body = decision(**{field: value})
        problem = _problem(caller.post("consents/", body), 400)
        assert list(problem["errors"]) == [field], value
        assert "ama@" not in json.dumps(problem)
    assert not ConsentRecord.objects.exists()
    assert caller.post("consents/", decision()).status_code == 201


def test_all_fields_at_fault_are_named_at_once(caller):
    problem = _problem(caller.post("consents/", {"purpose": 1, "language": "x"}), 400)
    assert set(problem["errors"]) == {"subject", "purpose", "decision", "method", "language"}


def test_a_field_nobody_knows_is_refused_without_repeating_it(caller):
    problem = _problem(caller.post("consents/", decision(**{"ama@example.com": 1})), 400)
    assert list(problem["errors"]) == ["non_field_errors"]
    assert "ama@example.com" not in json.dumps(problem)


@pytest.mark.parametrize("body", ["", "[]", "3", "{", '"x"', "nul", '{"decision": NaN}', b"\xff\xfe", "[" * 60_000])
def test_what_is_no_json_object_is_a_problem(caller, body):
    _problem(caller.post("consents/", body), 400)


def test_a_body_that_is_too_large_is_refused(caller):
    _problem(caller.post("consents/", decision(evidence={"x": "y" * 70_000})), 413)
    _problem(caller.post("consents/", decision(evidence={"x": "y" * 3_000_000})), 413)
    _problem(caller.post("consents/bulk/", " " * (16 * 1024 * 1024 + 1)), 413)


def test_a_time_that_some_time_zones_cannot_tell_is_refused(caller):
    for time in ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1899-12-31T23:59:59Z"):
        assert list(_problem(caller.post("consents/", decision(occurred_at=time)), 400)["errors"]) == ["occurred_at"]
    said_no = decision(occurred_at="1900-01-01T00:00:00Z", decision="refused")
    assert caller.post("consents/", said_no).status_code == 201


def test_a_consent_from_before_anybody_was_asked_is_a_mistyped_year_and_an_old_paper_is_not(caller):
    for time in ("1900-01-01T00:00:00Z", "1969-12-31T23:59:59Z"):
        body = decision(occurred_at=time)
        assert list(_problem(caller.post("consents/", body), 400)["errors"]) == ["occurred_at"]
        (item,) = caller.post("consents/bulk/", [body]).json()["results"]
        assert list(item["errors"]) == ["occurred_at"]
    assert caller.post("consents/", decision(occurred_at="1970-01-01T00:00:00Z")).status_code == 201


@pytest.mark.parametrize("change", [{"is_prohibited": True}, {"lawful_basis": "legitimate_interests"}])
@pytest.mark.parametrize("many", [False, True])
def test_a_no_is_recorded_of_whoever_agreed_to_what_nobody_can_agree_to_any_more(caller, purposes, change, many):
    shown = caller.get("consents/terms/?purpose=newsletter").json()["shown"]
    assert caller.post("consents/", decision()).status_code == 201
    Purpose.objects.filter(code="newsletter").update(**change)
    mine, other = decision(decision="refused"), decision(decision="refused", subject={"email": "kofi@example.com"})
    bodies = [mine | {"shown": shown}, mine, other, decision()]
    if many:
        results = caller.post("consents/bulk/", bodies[:1] + bodies[2:]).json()["results"]
        found = [each.get("errors", {}) for each in results]
    else:  # what was said no to once is no consent that stands
        found = [caller.post("consents/", body).json().get("errors", {}) for body in (*bodies[:1], *bodies[2:])]
    assert [list(errors) for errors in found] == [[], ["purpose"], ["purpose"]]
    assert CurrentConsent.objects.get().decision == "refused"
    assert (ConsentRecord.objects.count(), Subject.objects.count()) == (2, 1)


def test_other_formats_and_methods_are_problems(caller):
    answer = caller.client.post("/api/v1/consents/", "a=b", content_type="text/plain", headers=caller._headers())
    _problem(answer, 415)
    answer = caller.get("consents/")
    _problem(answer, 405)
    assert answer["Allow"] == "POST, OPTIONS"


def test_a_call_repeated_under_its_key_records_once_and_answers_the_same(caller):
    answers = [caller.post("consents/", decision(), **{"idempotency-key": "k-1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert ConsentRecord.objects.count() == 1
    caller.post("consents/", decision(), **{"idempotency-key": "k-2"})
    assert ConsentRecord.objects.count() == 2


def test_a_key_used_for_another_body_is_a_conflict(caller):
    caller.post("consents/", decision(), **{"idempotency-key": "k-1"})
    _problem(caller.post("consents/", decision(decision="withdrawn"), **{"idempotency-key": "k-1"}), 409)
    assert CurrentConsent.objects.get().decision == "given"


def test_a_refused_call_does_not_use_its_key_up(caller):
    _problem(caller.post("consents/", decision(purpose="selling"), **{"idempotency-key": "k-1"}), 400)
    assert caller.post("consents/", decision(), **{"idempotency-key": "k-1"}).status_code == 201


def test_an_idempotency_key_has_a_sane_length(caller):
    for key in ("", "x" * 256):
        problem = _problem(caller.post("consents/", decision(), **{"idempotency-key": key}), 400)
        assert list(problem["errors"]) == ["Idempotency-Key"]
    assert not IdempotentCall.objects.exists()


def test_the_present_state_is_looked_up_per_purpose(caller):
    free = {
        "expires_at": None, "restricted": False, "restriction": None, "lawful_basis": "consent", "prohibited": False,
    }  # fmt: skip
    recorded = caller.post("consents/", decision()).json()
    answer = caller.post("consents/lookup/", {"subject": {"email": "AMA@example.com "}})
    assert answer.status_code == 200
    assert answer.json() == {
        "subject": recorded["subject"],
        "consents": [
            {
                "purpose": "newsletter",
                "decision": "given",
                "since": recorded["recorded_at"],
                "id": recorded["id"],
                **free,
            },
            {"purpose": "surveys", "decision": None, "since": None, "id": None, **free},
        ],
    }


def test_a_look_up_marks_what_became_prohibited_and_what_rests_on_something_else(caller):
    for code in ("newsletter", "surveys"):
        caller.post("consents/", decision(purpose=code))
    Purpose.objects.filter(code="newsletter").update(is_prohibited=True)
    Purpose.objects.filter(code="surveys").update(lawful_basis="contract")
    told = caller.post("consents/lookup/", {"subject": {"email": "ama@example.com"}}).json()["consents"]
    assert [(each["decision"], each["lawful_basis"], each["prohibited"]) for each in told] == [
        ("given", "consent", True),
        ("given", "contract", False),
    ]


def test_somebody_unknown_has_decided_nothing(caller):
    answer = caller.post("consents/lookup/", {"subject": {"phone": "+233560320128"}}).json()
    assert answer["subject"] is None
    assert [state["decision"] for state in answer["consents"]] == [None, None]


@pytest.mark.parametrize(
    "body", [{}, [], {"subject": "x"}, {"subject": {"email": "x"}}, {"subject": {"customer_id": "\ud800"}}]
)
def test_a_lookup_of_nobody_names_the_field(caller, body):
    assert list(_problem(caller.post("consents/lookup/", body), 400)["errors"]) == ["subject"]


def test_an_unexpected_fault_is_a_problem_that_says_nothing_about_it(caller, monkeypatch, caplog):
    def fail(*, statement, actor):
        raise RuntimeError(statement.identifier)

    monkeypatch.setattr("consent.api.views.record_statement", fail)
    problem = _problem(caller.post("consents/", decision()), 500)
    assert "ama@" not in json.dumps(problem) + caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize(
    ("accept", "form", "kind"),
    [
        ("application/json", "json", "application/json"),
        ("application/ld+json", "jsonld", "application/ld+json"),
        ("application/jose", "jose", "application/jose"),
        ("application/pdf", "pdf", "application/pdf"),
    ],
)
def test_a_receipt_comes_in_the_form_that_is_asked_for(caller, accept, form, kind):
    path = f"consents/{caller.post('consents/', decision()).json()['id']}/receipt/"
    by_header, by_name = caller.get(path, headers={"Accept": accept}), caller.get(f"{path}?format={form}")
    assert (by_header.status_code, by_header["Content-Type"]) == (200, kind)
    assert by_header.content == by_name.content
    _problem(caller.get(f"consents/{uuid.uuid4()}/receipt/?format={form}"), 404)


def test_kantara_and_signed_linked_data_come_by_name(caller):
    path = f"consents/{caller.post('consents/', decision()).json()['id']}/receipt/"
    kantara = caller.get(f"{path}?format=kantara").json()
    assert (kantara["receipt"]["version"], "record" in kantara["receipt"]) == ("KI-CR-v1.1.0", False)
    assert read_signed(kantara["jws"], kind="consent-receipt") == kantara["receipt"]
    signed = caller.get(f"{path}?format=jsonld-jose").content.decode()
    assert read_signed(signed, kind="consent-receipt") == json.loads(caller.get(f"{path}?format=jsonld").content)
    assert caller.get(f"{path}?format=xml").status_code == 404


@pytest.mark.parametrize("said", ["refused", "withdrawn"])
def test_who_said_no_has_every_receipt_but_kantaras_which_would_read_as_a_consent(caller, said):
    path = f"consents/{caller.post('consents/', decision(decision=said)).json()['id']}/receipt/"
    problem = _problem(caller.get(f"{path}?format=kantara"), 406)
    assert problem["detail"].endswith("Use another form.")
    plain = caller.get(f"{path}?format=json").json()["receipt"]
    assert (plain["record"]["events"][0]["event_state"], "services" in plain) == (said, False)


@pytest.mark.parametrize(("days_ago", "status"), [(1, 200), (40, 406)])
def test_a_consent_that_was_over_when_it_was_recorded_has_no_receipt_of_kantaras(caller, purposes, days_ago, status):
    Purpose.objects.filter(code="newsletter").update(valid_days=30)
    told = (timezone.now() - timedelta(days=days_ago)).isoformat()
    path = f"consents/{caller.post('consents/', decision(occurred_at=told)).json()['id']}/receipt/"
    assert caller.get(f"{path}?format=kantara").status_code == status
    assert caller.get(f"{path}?format=json").status_code == 200


def test_a_receipt_over_words_that_were_altered_is_a_problem_that_says_whom_to_tell(caller, alpha):
    path = f"consents/{caller.post('consents/', decision()).json()['id']}/receipt/"
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_wording SET text = 'Other words.'")
    for form in ("json", "jsonld", "jose", "pdf", "kantara"):
        problem = _problem(caller.get(f"{path}?format={form}"), 500)
        assert "Tell the Privacy Officer" in problem["detail"]
    _problem(caller.post("consents/", decision()), 400)
    assert caller.post("consents/", decision(decision="withdrawn")).status_code == 201
