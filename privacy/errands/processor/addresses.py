"""Where a processor may be.

Danger: an address typed by an officer of one organisation is called by the portal's own process, which stands inside
the operator's network: the address could name the operator's own machines.
Rule: https only, by host name; every address that the name stands for has to be public, is looked up anew for each
call, and the call goes to the address that was looked at, so that a name cannot change its mind in between.
`PROCESSOR_PRIVATE_ADDRESSES_ALLOWED` (tests only) lifts the second half.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from privacy.errands.errors import ProcessorNotUsable, ProcessorProblem


def checked_base_url(text: str) -> str:
    """The address in the form in which it is stored: https, a host, no login, no question mark, no slash at the end.

    Raises:
        ProcessorNotUsable: it asks for more or less than that.
    """
    message = _("Write the address like https://processor.example/opendsr/v1, without a login.")
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise ProcessorNotUsable(message) from None
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise ProcessorNotUsable(message)
    if parts.query or parts.fragment:
        raise ProcessorNotUsable(message)
    return f"https://{parts.hostname}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def public_address(host: str, port: int) -> str:
    """One address of a host, all of whose addresses may be called.

    Raises:
        ProcessorProblem: the name stands for nothing, or for a place inside a private network.
    """
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:
        raise ProcessorProblem("processor_unreachable", passing=True) from None
    addresses = sorted(found)
    if getattr(settings, "PROCESSOR_PRIVATE_ADDRESSES_ALLOWED", False):
        return addresses[0]
    if not all(_is_public(each) for each in addresses):
        raise ProcessorProblem("processor_address_private")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (mapped is None or mapped.is_global)
