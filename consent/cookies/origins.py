"""Origins of web sites (RFC 6454): scheme, host and port, compared exactly.

Danger: a pattern, or a comparison by the end of the name, lets somebody else's site speak for the organisation.
Rule: an origin is one exact text, written as browsers write it; only https, because a page that came over plain http
may have been written by anybody on the way.
"""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from consent.cookies.errors import OriginInvalid

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_USUAL_PORTS = {"https": 443, "http": 80}
_LONGEST = 253


def read_origin(text: str) -> str:
    """An origin as browsers send it.

    Args:
        text: as a person typed it: `https://www.example.com`, perhaps with a slash at the end.

    Raises:
        OriginInvalid: it has a path, no host, or is not https.
    """
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        raise OriginInvalid(_("Write it like https://www.example.com.")) from None
    host = parts.hostname or ""
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise OriginInvalid(_("Write the address of the site alone, like https://www.example.com, without a page."))
    if not _HOST.fullmatch(host) or len(host) > _LONGEST:
        raise OriginInvalid(_("Write it like https://www.example.com. A name with other letters goes in as xn--…."))
    if parts.scheme != "https" and not _is_for_trying(parts.scheme, host):
        raise OriginInvalid(_("It has to begin with https://."))
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _USUAL_PORTS[parts.scheme] else "")


def _is_for_trying(scheme: str, host: str) -> bool:
    """A server on the visitor's own machine, in the demo and in tests."""
    own_machine = host in ("localhost", "127.0.0.1") or host.endswith(".localhost")
    return settings.PLAIN_LOCAL_ORIGINS_ALLOWED and scheme == "http" and own_machine
