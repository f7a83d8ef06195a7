"""What SQLite's own functions cannot do, computed by this process for each row: hashes, moments, networks, buckets.

SQLite runs inside of us, so such a function is a call and nothing to install in the source. All of them are pure; texts
arrive as bytes, because a text in a file need not be valid UTF-8. The file's own triggers and views cannot call them
(PRAGMA trusted_schema=OFF).
"""

import hashlib
import math
import re
import sqlite3
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_interface

from privacy.datamap.engine.dialects.sqlite_values import is_day, native_key, read_moment, written_moment
from privacy.datamap.engine.masks import TOKEN_CHECK_DIGITS, TOKEN_PREFIX

Stored = int | float | str | bytes | None

MOST_EXACT_FLOAT = 1e15  # beyond, a float has no digits to round: all one bucket
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - what a text becomes that is no IP address at all
PART_V4, PART_V6 = 8, 16  # bits
MIDNIGHT = " 00:00:00.000000"


def install(connection: sqlite3.Connection) -> None:
    """Give a connection these functions."""
    for name, arguments, function in (
        ("privacy_desk_hash", -1, _hash),
        ("privacy_desk_token", 5, _token),
        ("privacy_desk_is_token", 3, _is_token),
        ("privacy_desk_lower", 1, _lower),
        ("privacy_desk_digits", 1, _digits),
        ("privacy_desk_moment", 1, _moment),
        ("privacy_desk_first", 3, _first),
        ("privacy_desk_bucket", 2, _bucket),
        ("privacy_desk_network", 2, _network),
        ("privacy_desk_key", 2, _key),
        ("privacy_desk_bound", 2, _bound),
        ("privacy_desk_value", 2, native_key),
        ("char_length", 1, _length),
    ):
        connection.create_function(name, arguments, function, deterministic=True)


_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_V4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")


def _text(value: Stored) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _hash(secret: bytes, *parts: bytes | None) -> str:
    """64 hexadecimal digits; each part with its length before it, so that ('a,b', 'c') and ('a', 'b,c') differ."""
    running = hashlib.sha256(secret)
    for part in parts:
        running.update(b"-:" if part is None else b"%d:%b" % (len(part), part))
    return running.hexdigest()


def _token(value: bytes | None, inner: bytes, outer: bytes, check: bytes, digits: int) -> str | None:
    """HMAC-SHA256 of the value (RFC 2104 by two hashes), followed by a keyed check. A token stays as it is."""
    if value is None:
        return None
    if _is_token(value, check, digits):
        return _text(value)
    body = hashlib.sha256(outer + hashlib.sha256(inner + value).digest()).hexdigest()[:digits]
    return TOKEN_PREFIX + body + _check(body.encode(), check)


def _is_token(value: bytes | None, check: bytes, digits: int) -> int:
    """Only the key's holder can compute the digits behind a body: nobody can choose a name that passes as erased."""
    prefix = TOKEN_PREFIX.encode()
    if value is None or not value.startswith(prefix):
        return 0
    end = len(prefix) + digits
    return int(value[end:] == _check(value[len(prefix) : end], check).encode())


def _check(body: bytes, secret: bytes) -> str:
    return hashlib.sha256(secret + body).hexdigest()[:TOKEN_CHECK_DIGITS]


def _lower(value: bytes | None) -> str | None:
    return None if value is None else _text(value).lower()


def _digits(value: bytes | None) -> str | None:
    return None if value is None else re.sub(r"[^0-9+]", "", _text(value))


def _moment(value: Stored) -> str | None:
    return _moment_of(value) if isinstance(value, str) else None


@lru_cache(maxsize=16_384)  # a column of dates holds few of them, many times; a whole table is read four times in a run
def _moment_of(text: str) -> str | None:
    if is_day(text):
        return text + MIDNIGHT
    moment = read_moment(text)
    return None if moment is None else written_moment(moment)


def _first(value: Stored, to: str, unknown: str | None) -> str | None:
    """The first day of the month, year or decade, written as the value is; what is no date becomes `unknown`."""
    if isinstance(value, str) and is_day(value):
        return _first_day(int(value[:4]), int(value[5:7]), to)
    moment = read_moment(value) if isinstance(value, str) else None
    if moment is None or not isinstance(value, str):
        return unknown
    day = _first_day(moment.year, moment.month, to)
    if len(value) == len(day):
        return day
    zone = "+00:00" if re.search(r"(Z|[+-]\d\d(:?\d\d)?)$", value[len(day) :]) else ""
    return f"{day}{value[len(day)]}00:00:00{zone}"


def _first_day(year: int, month: int, to: str) -> str:
    first = max(1, year // 10 * 10) if to == "decade" else year
    return f"{first:04}-{month if to == 'month' else 1:02}-01"


def _bucket(value: Stored, size: int) -> int | float | None:
    """Towards zero, because rounding down could leave the range of the type. What is no number becomes 0."""
    if value is None:
        return None
    if isinstance(value, int):
        return (abs(value) // size * size) * (1 if value > 0 else -1)
    if not isinstance(value, float):
        return 0
    if abs(value) >= MOST_EXACT_FLOAT:
        return math.copysign(MOST_EXACT_FLOAT, value)
    return value - math.fmod(value, size)


def _network(value: bytes | None, parts: int) -> str | None:
    """/24 of an IPv4 address, /48 of an IPv6 one with three parts; a network wider than that stays as wide as it is."""
    if value is None:
        return None
    text = _text(value)
    try:
        if "/" in text:
            given = ip_interface(text)
            most = min(given.network.prefixlen, parts * (PART_V4 if given.version == 4 else PART_V6))
            return str(ip_interface(f"{given.ip}/{most}").network)
        return _network_of(text, parts)
    except ValueError:
        return NO_ADDRESS


def _network_of(text: str, parts: int) -> str:
    if _V4.fullmatch(text):  # what most are, told in a shorter way than by `ipaddress`
        return ".".join([*text.split(".")[:parts], *["0"] * (4 - parts)])
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return f"::ffff:{_network_of(str(address.ipv4_mapped), parts)}"
        dropped = 128 - parts * PART_V6
        return str(IPv6Address(int(address) >> dropped << dropped))
    octets = str(address).split(".")
    return ".".join([*octets[:parts], *["0"] * (len(octets) - parts)])


def _key(value: Stored, kind: str) -> str | None:
    """A value as text from which native_key makes the same value. kind: the affinity of its column."""
    if value is None:
        return None
    if kind == "BLOB":
        return _named(value)
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, bytes):
        raise ValueError("a key holds bytes where text or a number is declared")
    return str(value)


def _named(value: int | float | str | bytes) -> str:
    """With its class before it: a column without a type tells 1 from '1'."""
    if isinstance(value, int):
        return f"i:{value}"
    if isinstance(value, float):
        return f"r:{value.hex()}"
    return f"t:{value}" if isinstance(value, str) else f"b:{value.hex()}"


def _bound(value: Stored, kind: str) -> str:
    """The same for the bound of a window, which cannot be NULL: SQLite allows that in a key, and nothing equals it."""
    text = _key(value, kind)
    if text is None:
        raise ValueError("a key is NULL")
    return text


def _length(value: Stored) -> int | None:
    return None if value is None else len(_text(value))
