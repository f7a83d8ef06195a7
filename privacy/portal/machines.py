"""Where an HTTP request comes from."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

_ONE_CUSTOMER_BITS = 64  # an IPv6 customer has a whole network of this prefix (RFC 6177)


def machine_of(request: HttpRequest) -> str:
    """The address to count attempts by: as our own proxies saw it, never as the client claims it.

    With n trusted proxies, the n-th entry of X-Forwarded-For from the right was written by the outermost of them.
    """
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = settings.TRUSTED_PROXIES
    claimed = seen[-proxies] if 0 < proxies <= len(seen) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(claimed)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> _ONE_CUSTOMER_BITS << _ONE_CUSTOMER_BITS))
    return str(address)
