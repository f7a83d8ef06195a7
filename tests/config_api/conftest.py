"""A system of the organisation that calls the API with a key of its own."""

import json
import uuid

import pytest
from django.test import Client

from privacy.officers.models import ApiKey, Scope
from tests.consent.conftest import make_register


class Caller:
    """Calls alpha's API with a key; `key` can be exchanged."""

    def __init__(self, key, host="alpha.localhost"):
        self.key, self.host = key, host
        self.client = Client(raise_request_exception=False)

    def post(self, path, body, **headers):
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers=self._headers() | headers
        )

    def get(self, path, headers=None):
        return self.client.get(f"/api/v1/{path}", headers=self._headers() | (headers or {}))

    def _headers(self):
        return {"host": self.host} | ({"authorization": f"Api-Key {self.key}"} if self.key is not None else {})


def make_key(*scopes):
    """An API key of the organisation that the test is in."""
    return ApiKey.objects.create_key(name=uuid.uuid4().hex[:8], scopes=list(scopes))[1]


@pytest.fixture
def purposes(alpha):
    return make_register()


@pytest.fixture
def caller(purposes):
    return Caller(make_key(Scope.CONSENTS_WRITE, Scope.CONSENTS_READ))


def decision(**fields):
    """A valid body of a call."""
    stated = {
        "subject": {"email": "ama@example.com"},
        "purpose": "newsletter",
        "decision": "given",
        "method": "electronic",
    }
    return stated | fields
