import pytest
import yaml

from consent.api import parsing
from consent.api.serializers import ConsentSerializer
from privacy.ledger.signing import public_keys


@pytest.fixture
def description(visitor):
    answer = visitor.get("/api/v1/schema/")
    assert answer.status_code == 200
    return yaml.safe_load(answer.content)


def test_every_call_is_described_with_its_key(description):
    calls = {(path, method): call for path, methods in description["paths"].items() for method, call in methods.items()}
    assert set(calls) >= {
        ("/api/v1/consents/", "post"),
        ("/api/v1/consents/bulk/", "post"),
        ("/api/v1/consents/lookup/", "post"),
        ("/api/v1/consents/terms/", "get"),
        ("/api/v1/consents/{record_id}/receipt/", "get"),
        ("/api/v1/restrictions/lookup/", "post"),
        ("/api/v1/restrictions/changes/", "get"),
    }
    assert all(call["security"] == [{"ApiKey": []}] for path, call in calls.items() if "schema" not in path[0])
    assert description["components"]["securitySchemes"]["ApiKey"]["name"] == "Authorization"


def test_the_description_names_the_fields_that_are_read():
    described = {name: field.required for name, field in ConsentSerializer().fields.items()}
    assert described == {name: required for name, (_read, required) in parsing._FIELDS.items()}


def test_the_page_of_the_api_works_from_our_own_files(visitor):
    page = visitor.get("/api/v1/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/" in page
    assert "//cdn" not in page
    script = visitor.get("/api/v1/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in script.content.decode()


def test_an_address_that_is_no_call_is_a_problem(visitor):
    for path in ("/api/v1/", "/api/v1/nothing/", "/api/v1/consents/x/y/z"):
        answer = visitor.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), path


def test_the_public_key_is_published(visitor):
    answer = visitor.get("/.well-known/jwks.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/jwk-set+json")
    assert answer.json() == public_keys()
    assert "d" not in answer.json()["keys"][0]
