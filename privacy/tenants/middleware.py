"""Chooses the organisation by host name. A host that nobody owns gets a 404 that names nothing."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django.urls import set_urlconf
from django.utils.translation import gettext as _

from privacy.tenants.context import public_context
from privacy.tenants.db import connection
from privacy.tenants.models import Domain, Organisation
from privacy.tenants.rows import rows
from privacy.tenants.schema_version import expected_version

GetResponse = Callable[[HttpRequest], HttpResponse]


class OrganisationMiddleware:
    """Puts the request into the schema of the organisation that owns the host, or into the public schema."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        previous = connection.tenant
        connection.set_schema_to_public()
        try:
            return self._answer(request)
        finally:
            connection.set_tenant(previous)
            set_urlconf(None)  # what this thread does next belongs to no host

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            host = request.get_host().rpartition("]")[2].split(":")[0].lower().rstrip(".")
        except DisallowedHost:
            return HttpResponseNotFound(content_type="text/plain")
        if host in settings.PUBLIC_HOSTS:
            return self._serve(request, settings.PUBLIC_SCHEMA_URLCONF, None)
        organisation = _owner_of(host)
        if organisation is None or not organisation.has_pages:
            return HttpResponseNotFound(content_type="text/plain")
        if organisation.schema_version != expected_version():
            return self._unavailable(organisation)
        connection.set_tenant(organisation)
        return self._serve(request, settings.ROOT_URLCONF, organisation)

    def _serve(self, request: HttpRequest, urlconf: str, organisation: Organisation | None) -> HttpResponse:
        request.urlconf = urlconf
        request.tenant = organisation  # type: ignore[attr-defined]
        set_urlconf(urlconf)
        return self.get_response(request)

    def _unavailable(self, organisation: Organisation) -> HttpResponse:
        page = {
            "name": organisation.name,
            "heading": _("This portal is closed for a moment"),
            "words": _("It is being looked after. Nothing is lost. Please try again in a few minutes."),
        }
        response = HttpResponse(render_to_string("portal/error_bare.html", page), status=503)
        response["Retry-After"] = "120"
        return response


_BY_HOST = f"""JOIN {Domain._meta.db_table} domain ON domain.tenant_id = {Organisation._meta.db_table}.id
               WHERE domain.domain = %s"""


def _owner_of(host: str) -> Organisation | None:
    found = rows(Organisation, _BY_HOST, [host])
    return found[0] if found else None


class HealthMiddleware:
    """Answers `/healthz` (the process lives) and `/readyz` (it reaches its database) on any host."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/readyz":
            return self._readiness()
        return self.get_response(request)

    def _readiness(self) -> HttpResponse:
        try:
            with public_context(), connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return HttpResponse("database unreachable", status=503, content_type="text/plain")
        return HttpResponse("ready", content_type="text/plain")
