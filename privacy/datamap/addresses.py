"""Addresses of sources.

Danger: an address is typed by an officer of one organisation and used by the portal's own process. Through libpq's many
parameters it could name a file, a service entry or a socket on this machine behind which the portal's own database
trusts whoever asks.
Rule: a source is reached over TCP with a host, a login and a database; the only parameter is `sslmode` (PostgreSQL) or
`ssl-mode` (MariaDB, MySQL), which cannot name a file. Sockets are
allowed by `SOURCE_SOCKETS_ALLOWED`, which only the demo and the tests set. The address is never put into a message.
SQLite files have rules of their own (sqlite_files.py).
"""

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from privacy.datamap.errors import AddressRefused
from privacy.datamap.sqlite_files import SCHEME as SQLITE_SCHEME
from privacy.datamap.sqlite_files import checked_file

_SCHEMES = ("postgresql://", "postgres://")
_MYSQL_SCHEMES = ("mysql://", "mariadb://")
_TLS_MODES = frozenset({"DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"})
HIGHEST_PORT = 65_535
_PARAMETERS = frozenset({"user", "password", "host", "port", "dbname", "sslmode"})


def checked_address(address: str) -> str:
    """The address in the form in which it is stored.

    Args:
        address: postgresql://login:password@host:port/database, optionally with ?sslmode=..., or
            mysql://login:password@host:port/database, optionally with ?ssl-mode=..., or
            sqlite:/// and the whole path of a file in a directory that an operator allowed to this organisation.

    Raises:
        AddressRefused: it cannot be read, or asks for more than a source needs.
    """
    text = address.strip()
    if text.startswith(_MYSQL_SCHEMES):
        return _checked_mysql(text)
    if text.startswith("sqlite:"):
        return SQLITE_SCHEME + str(checked_file(text))
    if not text.startswith(_SCHEMES):
        raise AddressRefused(
            _(
                "Begin the address with postgresql://, mysql:// or sqlite:///, for example "
                "postgresql://login:password@host:5432/database."
            )
        )
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(text).items() if value is not None}
    except psycopg.ProgrammingError:
        raise AddressRefused(_("Write the address like postgresql://login:password@host:5432/database.")) from None
    if unknown := sorted(set(parts) - _PARAMETERS):
        raise AddressRefused(_("Leave out of the address: %(names)s.") % {"names": ", ".join(unknown)})
    if not parts.get("dbname") or not parts.get("user"):
        raise AddressRefused(_("The address needs a login and the name of a database."))
    _check_host(parts.get("host", ""))
    _check_port(parts.get("port", ""))
    return _written(parts)


def is_mysql(address: str) -> bool:
    """Whether a checked address is one of MariaDB or MySQL."""
    return address.startswith("mysql://")


def is_sqlite(address: str) -> bool:
    """Whether a checked address is one of an SQLite file."""
    return address.startswith(SQLITE_SCHEME)


def is_elsewhere(address: str, other: str) -> bool:
    """Whether two checked addresses name different servers or databases, whoever logs in there."""
    return _place(address) != _place(other)


def _place(address: str) -> tuple[object, ...]:
    url = make_url(address)
    socket = (url.query.get("host"), url.query.get("port")) if url.host is None else ()
    return url.host, url.port, url.database, socket


def _checked_mysql(text: str) -> str:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise AddressRefused(_("Write the address like mysql://login:password@host:3306/database.")) from None
    if url.get_driver_name() != make_url("mysql://host").get_driver_name():
        raise AddressRefused(_("Write the address like mysql://login:password@host:3306/database."))
    if unknown := sorted(set(url.query) - {"ssl-mode"}):
        raise AddressRefused(_("Leave out of the address: %(names)s.") % {"names": ", ".join(unknown)})
    if "ssl-mode" in url.query and str(url.query["ssl-mode"]).upper() not in _TLS_MODES:
        raise AddressRefused(_("The ssl-mode is one of: %(names)s.") % {"names": ", ".join(sorted(_TLS_MODES))})
    if not url.database or not url.username:
        raise AddressRefused(_("The address needs a login and the name of a database."))
    if not url.host or "," in url.host or not (url.host[0].isalnum() or url.host[0] == ":"):
        raise AddressRefused(_("Name one database server in the address, by its host name or number."))
    return url.set(drivername="mysql").render_as_string(hide_password=False)


def _check_host(host: str) -> None:
    if not host or "," in host:
        raise AddressRefused(_("Name one database server in the address, by its host name or number."))
    if not host[0].isalnum() and host[0] != ":" and not getattr(settings, "SOURCE_SOCKETS_ALLOWED", False):
        raise AddressRefused(_("A source is reached over the network: name the host of the database server."))


def _check_port(port: str) -> None:
    """A password with an @ of its own ends up here as well: what follows it is taken for host and port."""
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) <= HIGHEST_PORT):
        raise AddressRefused(
            _(
                "The port is a number from 1 to 65535. "
                "Write @, : and / of a password as %(at)s, %(colon)s and %(slash)s."
            )
            % {"at": "%40", "colon": "%3A", "slash": "%2F"}
        )


def _written(parts: dict[str, str]) -> str:
    """As SQLAlchemy reads it: a socket directory travels as a parameter."""
    host, query = parts["host"], {"sslmode": parts["sslmode"]} if "sslmode" in parts else {}
    is_socket = not host[0].isalnum() and host[0] != ":"
    url = URL.create(
        "postgresql",
        username=parts["user"],
        password=parts.get("password"),
        host=None if is_socket else host,
        port=int(parts["port"]) if "port" in parts and not is_socket else None,
        database=parts["dbname"],
        query=query | ({"host": host, "port": parts.get("port", "5432")} if is_socket else {}),
    )
    return url.render_as_string(hide_password=False)
