"""Masks as PostgreSQL expressions: for each strategy the new value, and whether the old value is already such a one.

Every text is compared byte by byte (COLLATE "C"), so that no collation calls a raw value masked. Keys are bind
parameters. Only immutable and stable functions of the core: nothing to install, nothing that differs per evaluation.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Integer,
    LargeBinary,
    Numeric,
    Text,
    case,
    cast,
    collate,
    false,
    func,
    literal,
    literal_column,
    null,
    true,
)
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.dialects.base import MaskedColumn, SqlType, typed
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

Sql = ColumnElement[Any]

_IPV4 = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$"
_IPV6 = (
    "^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}"
    "|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}"
    "|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}"
    "|[0-9a-fA-F]{1,4}:(:[0-9a-fA-F]{1,4}){1,6}|:((:[0-9a-fA-F]{1,4}){1,7}|:))$"
)
FLOATS = ("double precision", "real")
MOST_EXACT_FLOAT: Sql = literal_column(
    "1e15::double precision"
)  # beyond, a float has no digits to round: all one bucket
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - what a text becomes that is no IP address at all


def mask(target: MaskedColumn, key: MaskKey) -> Sql:
    """The value after masking, in the column's own type."""
    value = _VALUES[target.mask.strategy](target, key)
    return case((target.element.is_(None), null()), else_=cast(value, SqlType(target.column.type)))


def is_masked(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    """Whether the value is what the mask makes of it; NULL is."""
    if target.mask.strategy is Strategy.NULL:
        return target.element.is_(None)
    test = _TESTS.get(target.mask.strategy, _equals_its_mask)(target, key)
    return case((target.element.is_(None), true()), else_=test)


def _equals_its_mask(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    value = _VALUES[target.mask.strategy](target, key)
    if target.column.family is Family.TEXT:
        return _text(target.element) == collate(cast(value, Text), "C")
    if target.column.family is Family.OTHER:  # json, xml and the like cannot be compared; their text can
        return _text(target.element) == collate(cast(cast(value, SqlType(target.column.type)), Text), "C")
    return target.element == cast(value, SqlType(target.column.type))


def _text(element: Sql) -> Sql:
    return collate(cast(element, Text), "C")


def _word(value: str) -> Sql:
    """A constant of this file as a literal: no parameter for what is neither secret nor foreign."""
    return literal_column("'" + value.replace("'", "''").replace("%", "%%") + "'", Text)


def _hex(data: Sql) -> Sql:
    return func.encode(func.sha256(data), _word("hex"))


def _bytes(value: Sql) -> Sql:
    return func.convert_to(value, _word("UTF8"))


def _joined(*parts: Sql) -> Sql:
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.op("||")(part)
    return joined


def _secret(value: bytes) -> Sql:
    return cast(literal(value, LargeBinary), LargeBinary)


def _row_text(target: MaskedColumn) -> Sql:
    """The row's key, unambiguously: ('a,b','c') and ('a','b,c') differ."""
    keys = target.row_keys
    return cast(keys[0], Text) if len(keys) == 1 else cast(func.row(*keys), Text)


def _row_hash(target: MaskedColumn, key: MaskKey) -> Sql:
    """64 hexadecimal digits that depend on the row's key and on nothing the row says about a person."""
    secret = key.derive("row", *target.place)
    return _hex(_joined(_secret(secret), _bytes(_row_text(target))))


def _null(_target: MaskedColumn, _key: MaskKey) -> Sql:
    return null()


def _constant(target: MaskedColumn, _key: MaskKey) -> Sql:
    return typed(target.mask.params["value"], target.column.type)


def _random(target: MaskedColumn, key: MaskKey) -> Sql:
    if target.column.family is Family.UUID:
        return cast(func.left(_row_hash(target, key), literal_column("32")), SqlType("uuid"))
    digits = hash_digits(Strategy.RANDOM, target.column.max_length)
    return _joined(_word(ERASED_PREFIX), func.left(_row_hash(target, key), literal_column(str(digits))))


def _email(target: MaskedColumn, key: MaskKey) -> Sql:
    digits = hash_digits(Strategy.EMAIL, target.column.max_length)
    hashed = func.left(_row_hash(target, key), literal_column(str(digits)))
    return _joined(_word(ERASED_PREFIX), hashed, _word(EMAIL_DOMAIN))


def _phone(target: MaskedColumn, key: MaskKey) -> Sql:
    """The row's own number where it has one, so that masked numbers are as distinct as rows; else part of a hash."""
    if len(target.row_keys) == 1 and target.row_key_columns[0].family is Family.NUMBER:
        number: Sql = cast(target.row_keys[0], Text)
        missing = func.greatest(literal_column("0"), literal_column(str(PHONE_DIGITS)) - func.length(number))
        return _joined(_word(PHONE_PREFIX), func.repeat(_word("0"), missing), number)
    digits = func.translate(_row_hash(target, key), _word("abcdef"), _word("012345"))
    return _joined(_word(PHONE_PREFIX), func.left(digits, literal_column(str(PHONE_DIGITS))))


def _token_domain(target: MaskedColumn) -> str:
    return str(target.mask.params.get("domain") or "")


def _token(target: MaskedColumn, key: MaskKey) -> Sql:
    """HMAC-SHA256 of the value (RFC 2104 by two hashes), followed by a keyed check. A token stays as it is."""
    inner, outer = hmac_pads(key.derive("token", _token_domain(target)))
    value = cast(target.element, Text)
    hmac = _hex(_joined(_secret(outer), func.sha256(_joined(_secret(inner), _bytes(value)))))
    digits = hash_digits(Strategy.TOKEN, target.column.max_length)
    body = func.left(hmac, literal_column(str(digits)))
    token = _joined(_word(TOKEN_PREFIX), body, _token_check(body, target, key))
    return case((_is_token(target, key), value), else_=token)


def _token_check(body: Sql, target: MaskedColumn, key: MaskKey) -> Sql:
    """Digits that only the key's holder can compute for a body: a person cannot choose a name that passes as erased."""
    secret = key.derive("token check", _token_domain(target))
    return func.left(_hex(_joined(_secret(secret), _bytes(body))), literal_column(str(TOKEN_CHECK_DIGITS)))


def _is_token(target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
    digits = hash_digits(Strategy.TOKEN, target.column.max_length)
    value, start = cast(target.element, Text), len(TOKEN_PREFIX)
    body = func.substr(value, literal_column(str(start + 1)), literal_column(str(digits)))
    rest = func.substr(value, literal_column(str(start + digits + 1)))
    genuine = collate(rest, "C") == _token_check(body, target, key)
    return case((func.starts_with(value, _word(TOKEN_PREFIX)), genuine), else_=false())


def _starts_erased(test: Callable[[MaskedColumn, MaskKey], Any]) -> Callable[[MaskedColumn, MaskKey], Any]:
    """Hash only where the visible prefix promises a mask: raw rows are recognised without hashing."""

    def guarded(target: MaskedColumn, key: MaskKey) -> Any:
        if target.column.family is not Family.TEXT:
            return test(target, key)
        value = cast(target.element, Text)
        return case((func.starts_with(value, _word(ERASED_PREFIX)), test(target, key)), else_=false())

    return guarded


def _generalised_date(target: MaskedColumn, _key: MaskKey) -> Sql:
    to = _word(str(target.mask.params["to"]))
    if target.column.family is Family.TIMESTAMP_TZ:
        return func.date_trunc(to, target.element, _word("UTC"))
    return func.date_trunc(to, cast(target.element, SqlType("timestamp without time zone")))


def _generalised_number(target: MaskedColumn, _key: MaskKey) -> Sql:
    """Towards zero, because rounding down could leave the range of the type."""
    size = cast(literal(target.mask.params["size"], Integer), Numeric)
    rounded = func.trunc(cast(target.element, Numeric) / size) * size
    if target.column.type not in FLOATS:
        return rounded
    beyond = func.sign(target.element) * MOST_EXACT_FLOAT
    return case(
        (func.abs(target.element) >= MOST_EXACT_FLOAT, beyond), else_=cast(rounded, SqlType("double precision"))
    )


def _generalised_postcode(target: MaskedColumn, _key: MaskKey) -> Sql:
    keep: Sql = literal_column(str(int(target.mask.params["keep"])))
    return func.rtrim(func.left(func.ltrim(cast(target.element, Text)), keep))


def _network(address: Sql, parts: int) -> Sql:
    """/24 of an IPv4 address, /48 of an IPv6 one with three parts; a network wider than that stays as wide as it is."""
    lengths: list[Sql] = [literal_column(str(parts * bits)) for bits in (8, 16)]
    wanted = case((func.family(address) == literal_column("4"), lengths[0]), else_=lengths[1])
    length = func.least(func.masklen(address), wanted)
    return func.network(func.set_masklen(address, length))


def _generalised_ip(target: MaskedColumn, _key: MaskKey) -> Sql:
    inet, parts = SqlType("inet"), address_parts(target.mask.params)
    if target.column.family is Family.NETWORK:
        return cast(_network(cast(target.element, inet), parts), inet)
    value = cast(target.element, Text)
    last_octets = func.regexp_replace(value, _word(rf"(\.[0-9]+){{{4 - parts}}}$"), _word(".0" * (4 - parts)))
    return case(
        (value.op("~")(_word(_IPV4)), last_octets),
        (value.op("~")(_word(_IPV6)), func.host(_network(cast(value, inet), parts))),
        else_=_word(NO_ADDRESS),
    )


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
