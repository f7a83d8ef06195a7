"""Keys of the organisation's own systems."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from privacy.officers.api_keys import ApiKeyAuthentication, HasScope, actor_of
from privacy.officers.models import ApiKey, Scope
from privacy.tenants.context import organisation_context

WRITE, READ = Scope.CONSENTS_WRITE.value, Scope.CONSENTS_READ.value


def asked_with(header: str | None) -> Request:
    return Request(APIRequestFactory().get("/", **({"HTTP_AUTHORIZATION": header} if header is not None else {})))


def authenticated(header: str | None):
    return ApiKeyAuthentication().authenticate(asked_with(header))


@pytest.fixture
def key(alpha):
    return ApiKey.objects.create_key(name="shop", scopes=[WRITE])


def test_a_key_opens_for_the_system_it_was_made_for(key):
    stored, plain = key
    assert authenticated(f"Api-Key {plain}") == (None, stored)
    assert authenticated(f"api-key {plain} ") == (None, stored)


def test_only_the_hash_of_a_key_is_kept(key):
    stored, plain = key
    secret = plain.partition(".")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(k)::text FROM officers_apikey k")
        (row,) = cursor.fetchone()
    assert secret not in row
    assert stored.prefix in row


def test_without_a_key_nobody_is_anybody(key):
    assert authenticated(None) is None
    assert authenticated(f"Bearer {key[1]}") is None


@pytest.mark.parametrize("wrong", ["", "x", "x.y", "é", "\0", "a" * 10_000])
def test_what_is_no_key_is_refused_without_repeating_it(key, wrong):
    with pytest.raises(AuthenticationFailed) as caught:
        authenticated(f"Api-Key {wrong}")
    assert str(caught.value.detail) == "This API key is not valid. Ask the Privacy Officer for a new one."


def test_the_right_prefix_with_a_wrong_secret_is_refused(key):
    stored, plain = key
    with pytest.raises(AuthenticationFailed):
        authenticated(f"Api-Key {plain[:-1]}{'a' if plain[-1] != 'a' else 'b'}")
    with pytest.raises(AuthenticationFailed):
        authenticated(f"Api-Key {stored.prefix}.")


def test_a_revoked_key_is_refused(key):
    stored, plain = key
    stored.revoked = True
    stored.save()
    with pytest.raises(AuthenticationFailed):
        authenticated(f"Api-Key {plain}")


def test_a_key_is_refused_from_the_moment_it_expires(key):
    stored, plain = key
    stored.expiry_date = timezone.now() + timedelta(seconds=30)
    stored.save()
    assert authenticated(f"Api-Key {plain}") is not None
    stored.expiry_date = timezone.now() - timedelta(milliseconds=1)
    stored.save()
    with pytest.raises(AuthenticationFailed, match="expired"):
        authenticated(f"Api-Key {plain}")


def test_a_key_of_one_organisation_is_nothing_in_another(key, beta):
    with organisation_context(beta), pytest.raises(AuthenticationFailed):
        authenticated(f"Api-Key {key[1]}")
    assert authenticated(f"Api-Key {key[1]}") is not None


@pytest.mark.parametrize(
    ("scopes", "needed", "allowed"),
    [
        ([WRITE], WRITE, True),
        ([WRITE, READ], READ, True),
        ([WRITE], READ, False),
        ([], WRITE, False),
        ([WRITE], None, False),
        ([WRITE], "consents", False),
        ([WRITE], lambda request: WRITE, True),
        ([WRITE], lambda request: READ, False),
    ],
)
def test_a_call_needs_its_scope(alpha, scopes, needed, allowed):
    stored, _plain = ApiKey.objects.create_key(name="shop", scopes=scopes)
    request = asked_with(None)
    request.auth = stored
    assert HasScope().has_permission(request, SimpleNamespace(required_scope=needed)) is allowed


def test_a_view_that_names_no_scope_is_refused_to_everybody(key):
    request = asked_with(None)
    request.auth = key[0]
    assert not HasScope().has_permission(request, SimpleNamespace())
    request.auth = None
    assert not HasScope().has_permission(request, SimpleNamespace(required_scope=WRITE))


def test_the_ledger_knows_a_key_by_its_prefix(key):
    request = asked_with(None)
    request.auth = key[0]
    actor = actor_of(request)
    assert (actor.kind, actor.id) == ("api_key", key[0].prefix)
    assert key[1].partition(".")[2] not in repr(actor)
