"""Where the demo's portals and sample sites are."""

from django.conf import settings


def address(host: str) -> str:
    """The installation's own address, with another host name; no slash at the end."""
    return settings.PUBLIC_BASE_URL.replace(settings.PUBLIC_HOSTS[0], host, 1)


def portal_of(slug: str) -> str:
    return address(f"{slug}.{settings.PUBLIC_HOSTS[0]}")


def site_of(slug: str) -> str:
    """The organisation's own web site, an origin of its own."""
    return next(address(host) for host, of in settings.SAMPLE_SITES.items() if of == slug)
