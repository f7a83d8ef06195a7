"""Addresses on the public host."""

from django.urls import URLPattern, URLResolver, path

from privacy.portal.views import start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
]

handler400 = "privacy.portal.errors.bad_request"
handler403 = "privacy.portal.errors.permission_denied"
handler404 = "privacy.portal.errors.page_not_found"
handler500 = "privacy.portal.errors.server_error"
