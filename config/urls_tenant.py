"""Addresses on an organisation's host."""

from django.urls import URLPattern, URLResolver, include, path

from config.admin_sites import officer_site
from privacy.ledger.views import jwks

urlpatterns: list[URLPattern | URLResolver] = [
    path("officer/", officer_site.urls),
    path("api/v1/", include("config.urls_api")),
    path(".well-known/jwks.json", jwks, name="jwks"),
    path("", include("requests.urls")),
    path("", include("consent.urls")),
    path("", include("consent.cookies.urls")),
    path("", include("privacy.register.urls")),
    path("", include("privacy.errands.urls")),
    path("", include("privacy.portal.urls")),
]

handler400 = "privacy.portal.errors.bad_request"
handler403 = "privacy.portal.errors.permission_denied"
handler404 = "privacy.portal.errors.page_not_found"
handler500 = "privacy.portal.errors.server_error"
