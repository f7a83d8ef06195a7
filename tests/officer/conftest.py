import pytest
from django.test import Client

from privacy.officers.models import Officer, Role
from privacy.tenants.context import public_context
from privacy.tenants.models import Operator


@pytest.fixture
def sign_in():
    """A browser on alpha's host in which the officer is signed in."""

    def sign_in(officer: Officer) -> Client:
        client = Client(headers={"host": "alpha.localhost"})
        client.force_login(officer, backend="privacy.officers.backends.OfficerBackend")
        return client

    return sign_in


@pytest.fixture
def auditor(make_officer) -> Officer:
    return make_officer(Role.AUDITOR)


@pytest.fixture
def handler(make_officer) -> Officer:
    return make_officer(Role.CASE_HANDLER)


@pytest.fixture
def operator(db) -> Operator:
    operator = Operator(email="ops@example.com", full_name="Operator One")
    operator.set_password("correct horse battery staple")
    with public_context():
        operator.save()
    return operator


@pytest.fixture
def operator_client(settings, operator) -> Client:
    """A browser on the public host in which the operator is signed in."""
    client = Client(headers={"host": settings.PUBLIC_HOSTS[0]})
    with public_context():
        client.force_login(operator, backend="privacy.tenants.operators.OperatorBackend")
    return client
