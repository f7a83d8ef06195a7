"""A mail server in one line: smtp://host:25, smtp+tls://user:password@host:587, smtps://user:password@host:465."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

DEFAULT_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over, and how the connection is protected."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    start_tls: bool = False
    tls_from_the_start: bool = False

    def as_django_settings(self) -> dict[str, Any]:
        """The settings Django's SMTP backend reads, under Django's names."""
        return {
            "EMAIL_HOST": self.host,
            "EMAIL_PORT": self.port,
            "EMAIL_HOST_USER": self.user,
            "EMAIL_HOST_PASSWORD": self.password,
            "EMAIL_USE_TLS": self.start_tls,
            "EMAIL_USE_SSL": self.tls_from_the_start,
        }


def parse_email_url(url: str) -> MailServer:
    """Read the address of a mail server.

    Raises ValueError, which never repeats the address (it may hold a password), when the scheme is unknown, the host
    is missing or the port is no number.
    """
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError(f"must begin with one of {', '.join(f'{scheme}://' for scheme in DEFAULT_PORTS)}")
    if not parts.hostname:
        raise ValueError("names no host")
    try:
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except ValueError:
        raise ValueError("has a port that is no number below 65536") from None
    return MailServer(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        start_tls=parts.scheme == "smtp+tls",
        tls_from_the_start=parts.scheme == "smtps",
    )
