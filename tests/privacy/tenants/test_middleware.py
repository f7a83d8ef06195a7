"""Which host is answered by whom."""

import threading

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_urlconf, reverse

from privacy.tenants import middleware
from privacy.tenants.context import current_organisation, public_context
from privacy.tenants.middleware import OrganisationMiddleware
from privacy.tenants.models import Domain, Organisation
from tests.closing import set_state


def get(host: str, path: str = "/", **headers) -> HttpResponse:
    return Client(headers={"host": host, **headers}).get(path)


@pytest.fixture
def seen(alpha):
    """Calls the middleware for a host: what the view saw of schema, role and urlconf, or the status it got instead."""

    def ask(host: str):
        def view(request):
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_schema(), current_user")
                return HttpResponse(repr((cursor.fetchone(), request.urlconf, request.tenant and request.tenant.slug)))

        response = OrganisationMiddleware(view)(RequestFactory().get("/", headers={"host": host}))
        return response.content.decode() if response.status_code == 200 else response.status_code

    return ask


@pytest.mark.parametrize("host", ["beta.localhost", "BETA.localhost:8000", "beta.localhost."])
def test_a_host_is_answered_in_the_schema_and_role_of_its_owner(seen, host):
    database = connection.settings_dict["NAME"]
    assert seen(host) == repr((("beta", f"{database}_beta"), "config.urls_tenant", "beta"))


def test_public_hosts_are_answered_in_the_public_schema(seen, settings):
    assert len(settings.PUBLIC_HOSTS) == 1 + len(settings.SAMPLE_SITES)
    for host in settings.PUBLIC_HOSTS:
        assert seen(host).startswith("(('public', ")
        assert seen(host).endswith("'config.urls_public', None)")


@pytest.mark.parametrize(
    "host", ["nobody.localhost", "alpha.localhost.evil.example", "evil.example", "[::1]:80", "127.0.0.1", "alpha", ""]
)
def test_a_host_that_nobody_owns_gets_an_empty_404_that_names_nothing(alpha, host):
    response = get(host)
    assert (response.status_code, response.content) == (404, b"")
    assert not response.cookies
    assert get("alpha.localhost").status_code == 200


def test_a_host_that_is_no_host_name_gets_the_same_404(seen):
    assert seen("al pha.localhost") == 404
    assert seen("alpha.localhost/../x") == 404


def test_the_forwarded_host_is_not_believed(alpha):
    assert get("nobody.localhost", **{"x-forwarded-host": "alpha.localhost"}).status_code == 404


def test_an_organisation_that_lags_behind_the_code_is_closed_for_a_moment(alpha):
    with public_context():
        Organisation.objects.filter(pk=alpha.pk).update(schema_version="0" * 64)
    response = get("alpha.localhost")
    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert get("beta.localhost").status_code == 200


def test_an_organisation_that_is_being_destroyed_is_answered_for_like_an_unknown_one(alpha):
    set_state(alpha, Organisation.State.DESTROYING)
    response, unknown = get("alpha.localhost"), get("nobody.localhost")
    assert (response.status_code, response.content) == (unknown.status_code, unknown.content) == (404, b"")
    assert response.headers == unknown.headers
    assert get("beta.localhost").status_code == 200


def test_a_second_host_name_leads_to_the_same_organisation(alpha, seen):
    with public_context():
        Domain.objects.create(tenant=alpha, domain="privacy.alpha.example.com", is_primary=False)
    assert "'alpha'" in seen("privacy.alpha.example.com")


def test_after_the_answer_the_thread_is_where_it_was(alpha, settings):
    for host in ("beta.localhost", settings.PUBLIC_HOSTS[0], "nobody.localhost"):
        get(host)
        assert current_organisation() == alpha
        assert get_urlconf() is None
    assert reverse("officer:index") == "/officer/"


def test_after_a_view_that_fails_the_thread_is_where_it_was(alpha):
    def view(request):
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        OrganisationMiddleware(view)(RequestFactory().get("/", headers={"host": "beta.localhost"}))
    assert current_organisation() == alpha


def test_health_answers_on_any_host_and_leaves_the_organisation_as_it_was(alpha):
    for host in ("alpha.localhost", "nobody.localhost"):
        assert (get(host, "/healthz").status_code, get(host, "/healthz").content) == (200, b"ok")
        assert (get(host, "/readyz").status_code, get(host, "/readyz").content) == (200, b"ready")
    assert current_organisation() == alpha


@pytest.mark.parametrize("error", [OperationalError("secret of the server"), InterfaceError("closed")])
def test_without_the_database_the_process_lives_and_is_not_ready(alpha, monkeypatch, error):
    class Broken:
        def cursor(self):
            raise error

    monkeypatch.setattr(middleware, "connection", Broken())
    response = get("alpha.localhost", "/readyz")
    assert (response.status_code, response.content) == (503, b"database unreachable")
    assert get("alpha.localhost", "/healthz").status_code == 200


def test_two_hosts_asked_at_once_each_see_their_own(seen, alpha):
    """Threads have connections of their own; what one thread serves never shows in another."""
    answers = {"alpha.localhost": set(), "beta.localhost": set()}

    def ask(host: str):
        try:
            for _ in range(20):
                answers[host].add(seen(host))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[host]) for host in answers for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    database = connection.settings_dict["NAME"]
    assert answers == {
        f"{name}.localhost": {repr(((name, f"{database}_{name}"), "config.urls_tenant", name))}
        for name in ("alpha", "beta")
    }
