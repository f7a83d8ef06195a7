"""Addresses of the organisation's own portal, for letters."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from privacy.tenants.context import current_organisation, public_context
from privacy.tenants.models import Domain


def portal_url(path: str = "/", *, host: str | None = None) -> str:
    """A page of the current organisation's portal, with scheme and host, as people see it.

    Args:
        path: begins with a slash.
        host: one of the organisation's own host names, where the caller knows it; looked up when absent.
    """
    host = host or _primary_host()
    installation = urlsplit(settings.PUBLIC_BASE_URL)
    port = f":{installation.port}" if installation.port else ""
    return urlunsplit((installation.scheme, f"{host}{port}", path, "", ""))


def _primary_host() -> str:
    organisation = current_organisation()
    with public_context():
        domain = (
            Domain.objects.filter(tenant=organisation).order_by("-is_primary", "id").values_list("domain", flat=True)
        )
        return domain[:1].get()
