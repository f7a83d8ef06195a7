"""Addresses on the public host."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from config.admin_sites import operator_site
from privacy.ledger.views import installation_jwks
from privacy.portal.views import start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("platform/", operator_site.urls),
    path(".well-known/jwks.json", installation_jwks, name="jwks"),
]
if apps.is_installed("demo"):
    urlpatterns.append(path("", include("demo.urls")))
if apps.is_installed("demo"):
    urlpatterns += [path("", include("demo.urls"))]

handler400 = "privacy.portal.errors.bad_request"
handler403 = "privacy.portal.errors.permission_denied"
handler404 = "privacy.portal.errors.page_not_found"
handler500 = "privacy.portal.errors.server_error"
