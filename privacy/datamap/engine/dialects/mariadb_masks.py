"""Masks as MariaDB expressions: for each strategy the new value, and whether the old value is already such a one.

Every text is compared byte by byte in UTF-8, so that no collation calls a raw value masked. Nothing to install, nothing
that differs per evaluation.

Danger: the driver writes parameters into the statement itself, so the source's general log, slow log and process list
show the sub-keys of keyed masks to its operator. Rule: as everywhere only sub-keys travel, good for one purpose in that
source (mask_key.py); neither they nor the statement ever appear in a message of ours.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Date, LargeBinary, Text, case, cast, false, func, literal, literal_column, null, true
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.dialects.base import MaskedColumn
from privacy.datamap.engine.dialects.mariadb_values import FLOATS, base, key_text, parameter, plain, utf8
from privacy.datamap.engine.mask_key import MaskKey, hmac_pads
from privacy.datamap.engine.masks import (
    EMAIL_DOMAIN,
    ERASED_PREFIX,
    PHONE_DIGITS,
    PHONE_PREFIX,
    TOKEN_CHECK_DIGITS,
    TOKEN_PREFIX,
    Family,
    Strategy,
    address_parts,
    hash_digits,
)
from privacy.datamap.engine.spec import Column

Sql = ColumnElement[Any]
_DATE, _DATETIME = Date(), DATETIME(fsp=6)

MOST_EXACT = {"double": 10**15, "float": 16_000_000}  # beyond, a float has no digits to round: all one bucket
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - what a text becomes that is no IP address at all
EARLIEST_TIMESTAMP = "1970-01-01 00:00:01"  # the second before it means "no time"
MAPPED = "0x00000000000000000000FFFF"  # an IPv4 address inside of an IPv6 one (RFC 4291 section 2.5.5.2)


def mask(target: MaskedColumn, key: MaskKey) -> Sql:
    """The value after masking."""
    value = _VALUES[target.mask.strategy](target, key)
    return case((target.element.is_(None), null()), else_=value)


def is_masked(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    """Whether the value is what the mask makes of it; NULL is."""
    if target.mask.strategy is Strategy.NULL:
        return target.element.is_(None)
    test = _TESTS.get(target.mask.strategy, _equals_its_mask)(target, key)
    return case((target.element.is_(None), true()), else_=test)


def _equals_its_mask(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    value = _VALUES[target.mask.strategy](target, key)
    if target.column.family in (Family.NUMBER, Family.BOOLEAN, Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ):
        return target.element == value
    if target.column.family is Family.UUID:
        return func.replace(func.lower(cast(target.element, Text)), "-", "") == func.replace(value, "-", "")
    return plain(target.element, target.column) == utf8(value)


def _word(value: str) -> Sql:
    """A constant of this file as a literal: no parameter for what is neither secret nor foreign."""
    return literal_column("'" + value.replace("\\", "\\\\").replace("'", "''") + "'", Text)


def _number(value: int) -> Sql:
    return literal_column(str(value))


def _hash(data: Sql) -> Sql:
    return func.sha2(data, _number(256))


def _secret(value: bytes) -> Sql:
    return literal(value, LargeBinary)


def _row_text(target: MaskedColumn) -> Sql:
    """The row's key, unambiguously: each part with its length before it."""
    parts = [_key_bytes(*each) for each in zip(target.row_keys, target.row_key_columns, strict=True)]
    return func.concat(*(func.concat(func.length(part), _word(":"), part) for part in parts))


def _key_bytes(element: Sql, column: Column) -> Sql:
    return utf8(element) if column.family is Family.TEXT else cast(key_text(element, column), LargeBinary)


def _row_hash(target: MaskedColumn, key: MaskKey) -> Sql:
    """64 hexadecimal digits that depend on the row's key and on nothing the row says about a person."""
    return _hash(func.concat(_secret(key.derive("row", *target.place)), _row_text(target)))


def _null(_target: MaskedColumn, _key: MaskKey) -> Sql:
    return null()


def _constant(target: MaskedColumn, _key: MaskKey) -> Sql:
    return parameter(target.mask.params["value"], target.column)


def _random(target: MaskedColumn, key: MaskKey) -> Sql:
    if target.column.family is Family.UUID:
        return _uuid(_row_hash(target, key))
    digits = hash_digits(Strategy.RANDOM, target.column.max_length)
    return func.concat(_word(ERASED_PREFIX), func.left(_row_hash(target, key), _number(digits)))


def _uuid(digits: Sql) -> Sql:
    """A version 4 of the hash (RFC 9562 section 5.4): MariaDB refuses a UUID of no variant."""
    parts = [func.substring(digits, _number(start), _number(length)) for start, length in ((1, 12), (14, 3), (18, 15))]
    return func.concat(parts[0], _word("4"), parts[1], _word("8"), parts[2])


def _email(target: MaskedColumn, key: MaskKey) -> Sql:
    digits = hash_digits(Strategy.EMAIL, target.column.max_length)
    return func.concat(_word(ERASED_PREFIX), func.left(_row_hash(target, key), _number(digits)), _word(EMAIL_DOMAIN))


def _phone(target: MaskedColumn, key: MaskKey) -> Sql:
    """The row's own number where it has one, so that masked numbers are as distinct as rows; else part of a hash."""
    if len(target.row_keys) == 1 and target.row_key_columns[0].family is Family.NUMBER:
        number: Sql = cast(target.row_keys[0], Text)
        missing = func.greatest(_number(0), _number(PHONE_DIGITS) - func.char_length(number))
        return func.concat(_word(PHONE_PREFIX), func.repeat(_word("0"), missing), number)
    decimal = func.conv(func.left(_row_hash(target, key), _number(13)), _number(16), _number(10))
    digits = func.right(func.lpad(decimal, _number(16), _word("0")), _number(PHONE_DIGITS))
    return func.concat(_word(PHONE_PREFIX), digits)


def _token_domain(target: MaskedColumn) -> str:
    return str(target.mask.params.get("domain") or "")


def _token(target: MaskedColumn, key: MaskKey) -> Sql:
    """HMAC-SHA256 of the value (RFC 2104 by two hashes), followed by a keyed check. A token stays as it is."""
    inner, outer = hmac_pads(key.derive("token", _token_domain(target)))
    within = func.unhex(_hash(func.concat(_secret(inner), utf8(target.element))))
    hmac = _hash(func.concat(_secret(outer), within))
    body = func.left(hmac, _number(hash_digits(Strategy.TOKEN, target.column.max_length)))
    token = func.concat(_word(TOKEN_PREFIX), body, _token_check(body, target, key))
    return case((_is_token(target, key), target.element), else_=token)


def _token_check(body: Sql, target: MaskedColumn, key: MaskKey) -> Sql:
    """Digits that only the key's holder can compute for a body: a person cannot choose a name that passes as erased."""
    secret = key.derive("token check", _token_domain(target))
    return func.left(_hash(func.concat(_secret(secret), body)), _number(TOKEN_CHECK_DIGITS))


def _is_token(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    digits = hash_digits(Strategy.TOKEN, target.column.max_length)
    value, start = utf8(target.element), len(TOKEN_PREFIX)
    body = func.substring(value, _number(start + 1), _number(digits))
    rest = func.substring(value, _number(start + digits + 1))
    genuine = rest == utf8(_token_check(body, target, key))
    return case((func.left(value, _number(start)) == _word(TOKEN_PREFIX), genuine), else_=false())


def _starts_erased(test: Callable[[MaskedColumn, MaskKey], Any]) -> Callable[[MaskedColumn, MaskKey], Any]:
    """Hash only where the visible prefix promises a mask: raw rows are recognised without hashing."""

    def guarded(target: MaskedColumn, key: MaskKey) -> Any:
        if target.column.family is not Family.TEXT:
            return test(target, key)
        start = func.left(utf8(target.element), _number(len(ERASED_PREFIX)))
        return case((start == _word(ERASED_PREFIX), test(target, key)), else_=false())

    return guarded


def _generalised_date(target: MaskedColumn, _key: MaskKey) -> Sql:
    """A zero date means that nothing is known; it stays."""
    day, unknown = _first_day(target), func.year(target.element) == _number(0)
    if target.column.family is Family.DATE:
        first: Sql = cast(day, _DATE)
    else:
        first = cast(func.concat(day, _word(" 00:00:00")), _DATETIME)
    if target.column.family is Family.TIMESTAMP_TZ:
        first = func.greatest(first, cast(_word(EARLIEST_TIMESTAMP), _DATETIME))
    return case((unknown, target.element), else_=first)


def _first_day(target: MaskedColumn) -> Sql:
    """The first day of the month, year or decade, as text. There is no year 0: it would mean that nothing is known."""
    to = target.mask.params["to"]
    if to != "decade":
        return func.date_format(target.element, _word("%Y-%m-01" if to == "month" else "%Y-01-01"))
    year = func.year(target.element)
    decade = func.greatest(_number(1), year - func.mod(year, _number(10)))
    return func.concat(func.lpad(decade, _number(4), _word("0")), _word("-01-01"))


def _generalised_number(target: MaskedColumn, _key: MaskKey) -> Sql:
    """Towards zero, because rounding down could leave the range of the type. By the remainder, which is exact."""
    rounded = target.element - func.mod(target.element, _number(int(target.mask.params["size"])))
    kind = base(target.column)
    if kind not in FLOATS:
        return rounded
    most = MOST_EXACT[kind]
    return case((func.abs(target.element) >= _number(most), func.sign(target.element) * _number(most)), else_=rounded)


def _generalised_postcode(target: MaskedColumn, _key: MaskKey) -> Sql:
    return func.rtrim(func.left(func.ltrim(target.element), _number(int(target.mask.params["keep"]))))


def _generalised_ip(target: MaskedColumn, _key: MaskKey) -> Sql:
    """/24 of an IPv4 address, /48 of an IPv6 one with three parts."""
    parts = address_parts(target.mask.params)
    packed = func.inet6_aton(cast(target.element, Text))
    mapped = func.left(packed, _number(12)) == literal_column(MAPPED)
    network = case(
        (func.length(packed) == _number(4), _padded(packed, parts, 4)),
        (mapped, _padded(packed, 12 + parts, 16)),
        else_=_padded(packed, 2 * parts, 16),
    )
    return func.coalesce(func.inet6_ntoa(network), _word(NO_ADDRESS))


def _padded(packed: Sql, keep: int, length: int) -> Sql:
    zeros: Sql = literal_column("0x" + "00" * (length - keep))
    return cast(func.concat(func.left(packed, _number(keep)), zeros), LargeBinary)


_VALUES: dict[Strategy, Callable[[MaskedColumn, MaskKey], Sql]] = {
    Strategy.NULL: _null,
    Strategy.CONSTANT: _constant,
    Strategy.TOKEN: _token,
    Strategy.RANDOM: _random,
    Strategy.GENERALISE_DATE: _generalised_date,
    Strategy.GENERALISE_IP: _generalised_ip,
    Strategy.GENERALISE_NUMBER: _generalised_number,
    Strategy.GENERALISE_POSTCODE: _generalised_postcode,
    Strategy.EMAIL: _email,
    Strategy.PHONE: _phone,
}
_TESTS: dict[Strategy, Callable[[MaskedColumn, MaskKey], Any]] = {
    Strategy.TOKEN: _is_token,
    Strategy.RANDOM: _starts_erased(_equals_its_mask),
    Strategy.EMAIL: _starts_erased(_equals_its_mask),
}
