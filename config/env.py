"""The only reader of the process environment. Every setting that a person can change enters the portal here.

A value that production cannot do without is never guessed: its absence raises ImproperlyConfigured with the name of
the variable and the way to make one. In demo and tests absent secrets are generated once (config/generated_secrets.py).

An empty value counts as absent. Every variable may also be given as a file: NAME_FILE=/run/secrets/name.
`.env.example` explains each variable; a test keeps the two lists equal.
"""

import base64
import binascii
import os
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured
from environs import EnvError, FileAwareEnv

from config import generated_secrets
from config.email_url import MailServer, parse_email_url

PROJECT = Path(__file__).resolve().parent.parent


class Variable(StrEnum):
    """Every variable the portal reads. `.env.example` explains each."""

    DATABASE_URL = "DATABASE_URL"
    REDIS_URL = "REDIS_URL"
    SECRET_KEY = "SECRET_KEY"  # noqa: S105 - a name, not a secret
    PRIVACY_DESK_KEYS = "PRIVACY_DESK_KEYS"
    PRIVACY_DESK_INDEX_KEY = "PRIVACY_DESK_INDEX_KEY"
    PRIVACY_DESK_LEDGER_KEY = "PRIVACY_DESK_LEDGER_KEY"
    PRIVACY_DESK_SIGNING_KEY = "PRIVACY_DESK_SIGNING_KEY"
    PRIVACY_DESK_DATA_DIR = "PRIVACY_DESK_DATA_DIR"
    PUBLIC_HOST = "PUBLIC_HOST"
    PUBLIC_SCHEME = "PUBLIC_SCHEME"
    PUBLIC_PORT = "PUBLIC_PORT"
    PORT = "PORT"
    LISTEN_ADDRESS = "LISTEN_ADDRESS"
    TRUSTED_PROXIES = "TRUSTED_PROXIES"
    SQLITE_SOURCE_DIRECTORIES = "SQLITE_SOURCE_DIRECTORIES"
    CLAMD_ADDRESS = "CLAMD_ADDRESS"
    EMAIL_URL = "EMAIL_URL"
    EMAIL_FROM = "EMAIL_FROM"
    DEBUG = "DEBUG"
    LOG_LEVEL = "LOG_LEVEL"
    WEB_PROCESSES = "WEB_PROCESSES"
    WEB_THREADS = "WEB_THREADS"
    WORKER_PROCESSES = "WORKER_PROCESSES"
    PRIVACY_DESK_REQUIRE_BROWSER = "PRIVACY_DESK_REQUIRE_BROWSER"
    PRIVACY_DESK_REQUIRE_MARIADB = "PRIVACY_DESK_REQUIRE_MARIADB"
    PRIVACY_DESK_REQUIRE_SAMPLES = "PRIVACY_DESK_REQUIRE_SAMPLES"


class Mode(StrEnum):
    """What the process is for. Production unless a settings module says otherwise."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


_reader = FileAwareEnv(strip_whitespace=True)
_mode = Mode.PRODUCTION


def use_mode(mode: Mode) -> None:
    """Say what this process is for; the first line of every settings module and of the supervisor.

    In demo and production the file `.env` of the project is read (the process environment wins over it). Tests never
    read it: what a developer keeps there must not change what a test sees.
    """
    global _mode, _reader
    _mode, _reader = mode, FileAwareEnv(strip_whitespace=True)
    if mode is not Mode.TEST:
        _reader.read_env(PROJECT / ".env", recurse=False)


def mode() -> Mode:
    """What the process is for."""
    return _mode


# --- servers ---------------------------------------------------------------------------------------------------------


def database_url() -> str | None:
    """Where PostgreSQL is, as a libpq URL. None in demo and tests when the embedded server is to be used.

    Raises ImproperlyConfigured in production when absent.
    """
    return _server_url(Variable.DATABASE_URL, "postgresql://privacy_desk:password@db.example:5432/privacy_desk")


def redis_url() -> str | None:
    """Where Redis is. None in demo and tests when the embedded server is to be used.

    Raises ImproperlyConfigured in production when absent.
    """
    return _server_url(Variable.REDIS_URL, "redis://:password@redis.example:6379/0")


# --- secrets ---------------------------------------------------------------------------------------------------------


def secret_key() -> str:
    """Django's own secret: sessions, form tokens, mailed links. At least 50 characters."""
    value = _secret(Variable.SECRET_KEY)
    if len(value) < 50:
        _refuse(Variable.SECRET_KEY, "is shorter than 50 characters")
    return value


def data_keys() -> dict[str, bytes]:
    """The keyring that personal data in our own database is encrypted with: key id to 32 bytes, the current one first.

    New values are encrypted with the first key; older keys stay listed until nothing is encrypted with them.
    """
    name = Variable.PRIVACY_DESK_KEYS
    keys: dict[str, bytes] = {}
    for item in _secret(name).split(","):
        key_id, separator, encoded = item.strip().partition(":")
        if not separator or not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", key_id):
            _refuse(name, "must read id:base64key,id2:base64key2 with ids of 1 to 16 letters, digits, _ or -")
        if key_id in keys:
            _refuse(name, f"names the key id {key_id!r} twice")
        keys[key_id] = _key_bytes(name, encoded)
    if len(set(keys.values())) < len(keys):
        _refuse(name, "gives the same key under two ids")
    return keys


def index_key() -> bytes:
    """32 bytes that key the lookup index over encrypted identifiers. Changing it loses every lookup."""
    return _key_bytes(Variable.PRIVACY_DESK_INDEX_KEY, _secret(Variable.PRIVACY_DESK_INDEX_KEY))


def ledger_key() -> bytes:
    """32 bytes that key the seals of the ledger. Changing it breaks verification of everything sealed before."""
    return _key_bytes(Variable.PRIVACY_DESK_LEDGER_KEY, _secret(Variable.PRIVACY_DESK_LEDGER_KEY))


def signing_seed() -> bytes:
    """32 bytes: the seed of the Ed25519 key (RFC 8032) that signs receipts and certificates."""
    return _signing_seeds()[0]


def retired_signing_seeds() -> list[bytes]:
    """Seeds that signed before; their public keys stay published, so that what they signed stays checkable."""
    return _signing_seeds()[1:]


def _signing_seeds() -> list[bytes]:
    name = Variable.PRIVACY_DESK_SIGNING_KEY
    return [_key_bytes(name, item.strip()) for item in _secret(name).split(",")]


# --- addresses -------------------------------------------------------------------------------------------------------


def public_host() -> str:
    """The host people type, without scheme and port. Organisations live on subdomains or on domains of their own."""
    default = None if _mode is Mode.PRODUCTION else "localhost"
    return _required(Variable.PUBLIC_HOST, "the host people type, for example privacy.example", default).lower()


def public_scheme() -> str:
    """http or https, as people see it. Production knows only https unless told otherwise."""
    scheme = _text(Variable.PUBLIC_SCHEME) or ("https" if _mode is Mode.PRODUCTION else "http")
    if scheme not in ("http", "https"):
        _refuse(Variable.PUBLIC_SCHEME, "must be http or https")
    return scheme


def port() -> int:
    """The TCP port that the web server listens on."""
    return _number(Variable.PORT, default=8000, lowest=1, highest=65535)


def listen_address() -> str:
    """The network address that the web server listens on. This machine only, unless told otherwise."""
    return _text(Variable.LISTEN_ADDRESS) or "127.0.0.1"


def public_port() -> int | None:
    """The port in addresses that people see, None when it is the scheme's own. In the demo it is PORT."""
    own = {"http": 80, "https": 443}[public_scheme()]
    default = own if _mode is Mode.PRODUCTION else port()
    number = _number(Variable.PUBLIC_PORT, default=default, lowest=1, highest=65535)
    return None if number == own else number


def public_url(host: str | None = None) -> str:
    """The address of a host as people see it, without a slash at the end; of the public host when none is named."""
    suffix = "" if public_port() is None else f":{public_port()}"
    return f"{public_scheme()}://{host or public_host()}{suffix}"


def trusted_proxies() -> int:
    """How many proxies stand in front of the web server, each adding one entry to X-Forwarded-For. None: 0."""
    return _number(Variable.TRUSTED_PROXIES, default=0, lowest=0, highest=9)


# --- everything else -------------------------------------------------------------------------------------------------


def data_dir() -> Path:
    """Where files of this mode live: embedded servers, generated secrets, attachments, mails of the demo.

    Demo and tests have directories of their own below PRIVACY_DESK_DATA_DIR, so that a test never touches the demo.
    """
    return base_dir() if _mode is Mode.PRODUCTION else base_dir() / _mode.value


def base_dir() -> Path:
    """PRIVACY_DESK_DATA_DIR, or `var` in the project."""
    return Path(_text(Variable.PRIVACY_DESK_DATA_DIR) or PROJECT / "var").expanduser().absolute()


def sqlite_source_directories() -> dict[str, list[Path]]:
    """Directories whose SQLite files an organisation may connect as sources, by its slug. None: nobody may."""
    name, allowed = Variable.SQLITE_SOURCE_DIRECTORIES, dict[str, list[Path]]()
    for entry in filter(None, (part.strip() for part in (_text(name) or "").split(","))):
        slug, found, directory = entry.partition("=")
        if not found or not slug.strip() or not Path(directory.strip()).is_absolute():
            _refuse(name, "is not a list of slug=/whole/path, separated by commas")
        allowed.setdefault(slug.strip(), []).append(Path(directory.strip()))
    return allowed


def email_server() -> MailServer | None:
    """The mail server. None in demo and tests when none is named: mails are then kept, not sent."""
    value = _text(Variable.EMAIL_URL)
    if value is None:
        if _mode is Mode.PRODUCTION:
            _refuse(Variable.EMAIL_URL, "is missing; for example smtp+tls://user:password@mail.example:587")
        return None
    try:
        return parse_email_url(value)
    except ValueError as error:
        _refuse(Variable.EMAIL_URL, str(error))


def email_from() -> str:
    """The sender of mails that name no other."""
    default = None if _mode is Mode.PRODUCTION else "Privacy Desk <privacy@localhost>"
    return _required(Variable.EMAIL_FROM, "a sender, for example Privacy Desk <privacy@privacy.example>", default)


def clamd_address() -> str | tuple[str, int] | None:
    """Where ClamAV's daemon listens: the path of a socket, or host and port. None: uploads are not scanned."""
    value = _text(Variable.CLAMD_ADDRESS)
    if value is None:
        return None
    scheme, _separator, rest = value.partition(":")
    if scheme == "unix" and rest.startswith("/"):
        return rest
    host, separator, port = rest.removeprefix("//").rpartition(":")
    if scheme == "tcp" and separator and host and port.isdigit() and 0 < int(port) < 65536:
        return host.strip("[]"), int(port)
    _refuse(Variable.CLAMD_ADDRESS, "must read unix:/whole/path or tcp://host:port")


def debug() -> bool:
    """Django's debug pages. They show settings and data: refused in production."""
    wanted = _flag(Variable.DEBUG)
    if wanted and _mode is Mode.PRODUCTION:
        _refuse(Variable.DEBUG, "cannot be on in production: debug pages show personal data to anybody")
    return wanted


def log_level() -> str:
    """The lowest level that is logged: DEBUG, INFO, WARNING, ERROR or CRITICAL."""
    level = (_text(Variable.LOG_LEVEL) or "INFO").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        _refuse(Variable.LOG_LEVEL, "must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return level


def web_processes() -> int:
    """Web server processes."""
    return _number(Variable.WEB_PROCESSES, default=2, lowest=1, highest=128)


def web_threads() -> int:
    """Threads in each web server process; each may hold one database connection."""
    return _number(Variable.WEB_THREADS, default=4, lowest=1, highest=64)


def worker_processes() -> int:
    """Processes of one worker; each holds one database connection."""
    return _number(Variable.WORKER_PROCESSES, default=2, lowest=1, highest=128)


def require_browser() -> bool:
    """Whether browser tests fail, instead of being skipped, where no browser is found."""
    return _flag(Variable.PRIVACY_DESK_REQUIRE_BROWSER)


def require_mariadb() -> bool:
    """Whether a test of MariaDB without a MariaDB server fails instead of being skipped."""
    return _flag(Variable.PRIVACY_DESK_REQUIRE_MARIADB)


def require_samples() -> bool:
    """Whether tests of sample databases beside the project fail, instead of being skipped, where one is not found."""
    return _flag(Variable.PRIVACY_DESK_REQUIRE_SAMPLES)


def search_path() -> str:
    """Where programs are looked for (PATH)."""
    return os.environ.get("PATH", os.defpath)


def child_environment(**changes: str) -> dict[str, str]:
    """The environment for a process we start: ours, with these changes."""
    return {**os.environ, **changes}


# --- reading ---------------------------------------------------------------------------------------------------------


def _read(name: Variable, parse: Callable[..., Any], default: Any) -> Any:
    try:
        return parse(name.value, default)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"{name.value}: {error}") from None


def _text(name: Variable) -> str | None:
    value = _read(name, _reader.str, None)
    return value.strip() or None if value else None


def _flag(name: Variable) -> bool:
    return _text(name) is not None and bool(_read(name, _reader.bool, False))


def _number(name: Variable, *, default: int, lowest: int, highest: int) -> int:
    number = default if _text(name) is None else int(_read(name, _reader.int, default))
    if not lowest <= number <= highest:
        _refuse(name, f"must be between {lowest} and {highest}")
    return number


def _required(name: Variable, what: str, default: str | None) -> str:
    value = _text(name) or default
    if value is None:
        _refuse(name, f"is missing; set it to {what}")
    return value


def _server_url(name: Variable, example: str) -> str | None:
    value = _text(name)
    if value is None and _mode is Mode.PRODUCTION:
        _refuse(name, f"is missing; for example {example}")
    return value


def _secret(name: Variable) -> str:
    value = _text(name)
    if value is not None:
        return value
    if _mode is Mode.PRODUCTION:
        _refuse(name, "is missing; `python -m config.generated_secrets` prints new ones")
    return generated_secrets.kept_in(data_dir() / "secrets.env")[name.value]


def _key_bytes(name: Variable, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        _refuse(name, "is not base64; `python -m config.generated_secrets` prints new ones")
    if len(key) != 32:
        _refuse(name, f"has {len(key)} bytes, it needs 32; `python -m config.generated_secrets` prints new ones")
    return key


def _refuse(name: Variable, reason: str) -> NoReturn:
    """Raise, naming the variable but never its value: values may be secrets."""
    raise ImproperlyConfigured(f"{name.value} {reason}. See .env.example.")
