from datetime import timedelta

import pytest
from django.utils import timezone

from consent.models import ConsentRecord
from privacy.officers.models import ApiKey, Scope
from privacy.tenants.context import organisation_context
from tests.config_api.conftest import Caller, decision, make_key

CALLS = [
    ("consents/", decision(), Scope.CONSENTS_WRITE),
    ("consents/bulk/", [decision()], Scope.CONSENTS_WRITE),
    ("consents/lookup/", {"subject": {"email": "ama@example.com"}}, Scope.CONSENTS_READ),
]


@pytest.mark.parametrize(("path", "body", "scope"), CALLS)
def test_each_call_needs_its_scope(purposes, path, body, scope):
    other = {Scope.CONSENTS_WRITE: Scope.CONSENTS_READ, Scope.CONSENTS_READ: Scope.CONSENTS_WRITE}[scope]
    for scopes in ([], [other]):
        answer = Caller(make_key(*scopes)).post(path, body)
        assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert not ConsentRecord.objects.exists()
    assert Caller(make_key(scope)).post(path, body).status_code in (200, 201)


def test_reading_a_receipt_needs_its_scope(caller):
    path = f"consents/{caller.post('consents/', decision()).json()['id']}/receipt/"
    assert Caller(make_key(Scope.CONSENTS_WRITE)).get(path).status_code == 403
    assert Caller(make_key(Scope.CONSENTS_READ)).get(path).status_code == 200


@pytest.mark.parametrize("spoil", [lambda key: None, lambda key: "", lambda key: key[:-1] + "~", lambda key: "x.y"])
@pytest.mark.parametrize(("path", "body", "scope"), CALLS)
def test_without_a_good_key_nothing_is_answered(caller, spoil, path, body, scope):
    answer = Caller(spoil(caller.key)).post(path, body)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Api-Key"
    assert not ConsentRecord.objects.exists()


def test_a_key_that_cannot_even_be_looked_for_is_refused(caller):
    assert Caller("a\0b.c").post("consents/", decision()).status_code == 401


def test_a_key_of_another_organisation_is_refused(caller, beta):
    with organisation_context(beta):
        foreign = make_key(Scope.CONSENTS_WRITE)
    assert Caller(foreign).post("consents/", decision()).status_code == 401
    assert Caller(caller.key, host="beta.localhost").post("consents/", decision()).status_code == 401
    assert caller.post("consents/", decision()).status_code == 201


def test_another_organisations_records_are_not_found(caller, beta):
    recorded = caller.post("consents/", decision()).json()["id"]
    with organisation_context(beta):
        foreign = make_key(Scope.CONSENTS_READ)
    assert Caller(foreign, host="beta.localhost").get(f"consents/{recorded}/receipt/").status_code == 404
    assert caller.get(f"consents/{recorded}/receipt/").status_code == 200


@pytest.mark.parametrize("change", [{"revoked": True}, {"expiry_date": timezone.now() - timedelta(minutes=1)}])
def test_a_revoked_or_expired_key_is_refused(caller, change):
    assert caller.post("consents/", decision()).status_code == 201
    ApiKey.objects.update(**change)
    assert caller.post("consents/", decision()).status_code == 401


def test_the_old_word_bearer_is_no_key(caller):
    answer = caller.client.post(
        "/api/v1/consents/",
        decision(),
        content_type="application/json",
        headers={"host": "alpha.localhost", "authorization": f"Bearer {caller.key}"},
    )
    assert answer.status_code == 401
