"""Masks as SQLite expressions: for each strategy the new value, and whether the old value is already such a one.

Every text is compared byte by byte (as a blob), so that no collation calls a raw value masked. What needs more than
SQLite has is a function of ours (sqlite_functions.py). Keys are bind parameters, and never leave this process.

Danger: a column may hold what it was not declared for: a name in a column of dates, a text in one of numbers. Rule: a
mask never lets such a value stand. What is no number becomes 0, no address 0.0.0.0, no date NULL, or a date that nobody
was born on where the column takes no NULL.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import LargeBinary, Text, case, cast, false, func, literal, literal_column, null, true
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.dialects.base import MaskedColumn
from privacy.datamap.engine.dialects.sqlite_values import parameter
from privacy.datamap.engine.mask_key import MaskKey, hmac_pads
from privacy.datamap.engine.masks import (
    EMAIL_DOMAIN,
    ERASED_PREFIX,
    PHONE_DIGITS,
    PHONE_PREFIX,
    TOKEN_PREFIX,
    Family,
    Strategy,
    address_parts,
    hash_digits,
)

Sql = ColumnElement[Any]

NO_DATE = "0001-01-01"  # in a column that takes no NULL


def mask(target: MaskedColumn, key: MaskKey) -> Sql:
    """The value after masking."""
    return case((target.element.is_(None), null()), else_=_VALUES[target.mask.strategy](target, key))


def is_masked(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    """Whether the value is what the mask makes of it; NULL is."""
    if target.mask.strategy is Strategy.NULL:
        return target.element.is_(None)
    test = _TESTS.get(target.mask.strategy, _equals_its_mask)(target, key)
    return case((target.element.is_(None), true()), else_=func.coalesce(test, false()))


def as_bytes(element: Sql) -> Sql:
    """The bytes of a text in UTF-8, or of a number's digits."""
    return cast(element, LargeBinary)


def _equals_its_mask(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    value = _VALUES[target.mask.strategy](target, key)
    if target.column.family is Family.TEXT:
        return as_bytes(target.element) == as_bytes(value)
    return target.element == value


def _word(value: str) -> Sql:
    """A constant of this file as a literal: no parameter for what is neither secret nor foreign."""
    return literal_column("'" + value.replace("'", "''") + "'", Text)


def _number(value: int) -> Sql:
    return literal_column(str(value))


def _joined(*parts: Sql) -> Sql:
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.op("||")(part)
    return joined


def _secret(value: bytes) -> Sql:
    return literal(value, LargeBinary)


def _row_hash(target: MaskedColumn, key: MaskKey) -> Sql:
    """64 hexadecimal digits that depend on the row's key and on nothing the row says about a person."""
    secret = _secret(key.derive("row", *target.place))
    return func.privacy_desk_hash(secret, *(as_bytes(each) for each in target.row_keys))


def _left(value: Sql, digits: int) -> Sql:
    return func.substr(value, _number(1), _number(digits))


def _null(_target: MaskedColumn, _key: MaskKey) -> Sql:
    return null()


def _constant(target: MaskedColumn, _key: MaskKey) -> Sql:
    return parameter(target.mask.params["value"], target.column)


def _random(target: MaskedColumn, key: MaskKey) -> Sql:
    hashed = _row_hash(target, key)
    if target.column.family is Family.UUID:
        return _uuid(hashed)
    return _joined(_word(ERASED_PREFIX), _left(hashed, hash_digits(Strategy.RANDOM, target.column.max_length)))


def _uuid(digits: Sql) -> Sql:
    """A version 4 of the hash (RFC 9562 section 5.4)."""
    a, b, c, d, e = (
        func.substr(digits, _number(start), _number(length))
        for start, length in ((1, 8), (9, 4), (14, 3), (18, 3), (21, 12))
    )
    return _joined(a, _word("-"), b, _word("-4"), c, _word("-8"), d, _word("-"), e)


def _email(target: MaskedColumn, key: MaskKey) -> Sql:
    digits = hash_digits(Strategy.EMAIL, target.column.max_length)
    return _joined(_word(ERASED_PREFIX), _left(_row_hash(target, key), digits), _word(EMAIL_DOMAIN))


def _phone(target: MaskedColumn, key: MaskKey) -> Sql:
    """The row's own number where it has one, so that masked numbers are as distinct as rows; else part of a hash."""
    if len(target.row_keys) == 1 and target.row_key_columns[0].family is Family.NUMBER:
        return _joined(_word(PHONE_PREFIX), func.printf(_word(f"%0{PHONE_DIGITS}d"), target.row_keys[0]))
    digits = _row_hash(target, key)
    for letter, digit in zip("abcdef", "012345", strict=True):
        digits = func.replace(digits, _word(letter), _word(digit))
    return _joined(_word(PHONE_PREFIX), _left(digits, PHONE_DIGITS))


def _check_key(target: MaskedColumn, key: MaskKey) -> Sql:
    return _secret(key.derive("token check", _token_domain(target)))


def _token_domain(target: MaskedColumn) -> str:
    return str(target.mask.params.get("domain") or "")


def _token(target: MaskedColumn, key: MaskKey) -> Sql:
    inner, outer = map(_secret, hmac_pads(key.derive("token", _token_domain(target))))
    digits = _number(hash_digits(Strategy.TOKEN, target.column.max_length))
    return func.privacy_desk_token(as_bytes(target.element), inner, outer, _check_key(target, key), digits)


def _is_token(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    digits = _number(hash_digits(Strategy.TOKEN, target.column.max_length))
    genuine = func.privacy_desk_is_token(as_bytes(target.element), _check_key(target, key), digits)
    return case((_starts_with(target.element, TOKEN_PREFIX), genuine), else_=false())


def _starts_with(element: Sql, prefix: str) -> ColumnElement[bool]:
    return _left(cast(element, Text), len(prefix)) == _word(prefix)


def _starts_erased(test: Callable[[MaskedColumn, MaskKey], Any]) -> Callable[[MaskedColumn, MaskKey], Any]:
    """Hash only where the visible prefix promises a mask: raw rows are recognised without hashing."""

    def guarded(target: MaskedColumn, key: MaskKey) -> Any:
        if target.column.family is not Family.TEXT:
            return test(target, key)
        return case((_starts_with(target.element, ERASED_PREFIX), test(target, key)), else_=false())

    return guarded


def _generalised_date(target: MaskedColumn, _key: MaskKey) -> Sql:
    unknown = null() if target.column.nullable else _word(NO_DATE)
    return func.privacy_desk_first(target.element, _word(str(target.mask.params["to"])), unknown)


def _generalised_number(target: MaskedColumn, _key: MaskKey) -> Sql:
    return func.privacy_desk_bucket(target.element, _number(int(target.mask.params["size"])))


def _generalised_postcode(target: MaskedColumn, _key: MaskKey) -> Sql:
    return func.rtrim(_left(func.ltrim(cast(target.element, Text)), int(target.mask.params["keep"])))


def _generalised_ip(target: MaskedColumn, _key: MaskKey) -> Sql:
    return func.privacy_desk_network(as_bytes(target.element), _number(address_parts(target.mask.params)))


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
