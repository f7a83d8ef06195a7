"""Operators sign in on the public host only; a session is worth something only where it was made."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy.officers.models import Officer
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.models import Operator
from tests.conftest import PASSWORD


@pytest.fixture
def operator(alpha):
    with public_context():
        return Operator.objects.create(
            email="Operator@Example.com", full_name="Op Erator", password=make_password(PASSWORD)
        )


@pytest.fixture
def public_host(settings):
    return settings.PUBLIC_HOSTS[0]


def signed_in(operator, host) -> Client:
    client = Client(headers={"host": host})
    with public_context():
        client.force_login(operator, backend="privacy.tenants.operators.OperatorBackend")
    return client


def test_an_operator_signs_in_in_the_public_schema_only(operator):
    with public_context():
        assert authenticate(username="operator@example.COM", password=PASSWORD) == operator
        assert authenticate(username="operator@example.com", password=PASSWORD + "x") is None
        assert authenticate(username="nobody@example.com", password=PASSWORD) is None
        assert authenticate(username="", password="") is None
    assert authenticate(username="operator@example.com", password=PASSWORD) is None


def test_an_operator_who_was_switched_off_does_not_sign_in(operator):
    with public_context():
        Operator.objects.update(is_active=False)
        assert authenticate(username="operator@example.com", password=PASSWORD) is None


def test_an_officer_does_not_sign_in_in_the_public_schema(officer):
    assert authenticate(username=officer.email, password=PASSWORD) == officer
    with public_context():
        assert authenticate(username=officer.email, password=PASSWORD) is None


def test_two_spellings_of_an_address_are_one_account(operator):
    with public_context():
        assert Operator.objects.get_by_natural_key("OPERATOR@example.com") == operator
        assert Operator.objects.get().email == "operator@example.com"


def test_an_unknown_operator_costs_the_same_hashing(operator, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or real(self, password, salt)
    )
    counts = []
    with public_context():
        for name in ("operator@example.com", "nobody@example.com"):
            hashed.clear()
            with CaptureQueriesContext(connection) as captured:
                authenticate(username=name, password="wrong password")
            counts.append((len(hashed), len(captured)))
    assert counts[0] == counts[1] == (1, 1)


def test_operators_may_act_on_the_installation_and_on_nothing_of_organisations(operator):
    assert operator.has_perm("tenants.view_organisation")
    assert not operator.has_perm("requests.view_subjectrequest")
    assert not operator.has_perm("officers.view_officer")
    operator.is_active = False
    assert not operator.has_perm("tenants.view_organisation")


def test_an_operators_session_opens_the_platform_and_no_organisation(operator, public_host):
    client = signed_in(operator, public_host)
    assert replayed(client, "alpha.localhost", "/officer/") == 302
    assert replayed(client, public_host, "/platform/") == 200
    assert Client(headers={"host": public_host}).get("/platform/").status_code == 302


def test_the_platform_is_not_on_organisations_hosts(operator, public_host):
    client = signed_in(operator, public_host)
    assert replayed(client, "alpha.localhost", "/platform/") == 404
    assert replayed(client, public_host, "/officer/") == 404


def replayed(client: Client, host: str, path: str) -> int:
    """The status of a page for somebody who has the session cookie and sends it where a browser would not."""
    other = Client(headers={"host": host})
    other.cookies["sessionid"] = client.cookies["sessionid"].value
    return other.get(path).status_code


def test_an_officers_session_is_nothing_on_another_host(officer_client, public_host):
    assert replayed(officer_client, "beta.localhost", "/officer/") == 302
    assert replayed(officer_client, public_host, "/platform/") == 302
    assert replayed(officer_client, "alpha.localhost", "/officer/") == 200


def test_a_session_row_copied_to_another_organisation_does_not_open_it(officer_client, officer, beta):
    """Somebody who can write one schema's sessions: the same key, the same officer's number, another password hash."""
    session = Session.objects.get(pk=officer_client.session.session_key)
    with organisation_context(beta):
        Session.objects.create(
            session_key=session.session_key, session_data=session.session_data, expire_date=session.expire_date
        )
        Officer.objects.filter(pk=officer.pk).delete()
        Officer.objects.create_user(
            email="twin@beta.example.com", password="another password!", full_name="Twin", role="privacy_officer",
            pk=officer.pk,
        )  # fmt: skip
    assert replayed(officer_client, "beta.localhost", "/officer/") == 302
    with organisation_context(beta):
        assert not Session.objects.filter(pk=session.pk).exists()  # it was found, did not fit, and was thrown away


def test_cookies_belong_to_one_host(settings):
    assert (settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN) == (None, None)
