"""The strategies by which a value stops being personal data, as pure data: no SQL here (see dialects/).

NULL holds no personal data and stays NULL under every strategy. A mask applied twice changes nothing: either the result
depends on the row's key alone (random, email, phone), or it is a projection (constant, generalise_*), or it carries a
keyed check by which it is recognised and which nobody can forge without the key (token).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.values import portable


class Strategy(StrEnum):
    """What happens to one column of a row."""

    KEEP = "keep"
    NULL = "null"
    CONSTANT = "constant"
    TOKEN = "token"  # noqa: S105 - the name of a strategy
    RANDOM = "random"
    GENERALISE_DATE = "generalise_date"
    GENERALISE_IP = "generalise_ip"
    GENERALISE_NUMBER = "generalise_number"
    GENERALISE_POSTCODE = "generalise_postcode"
    EMAIL = "email"
    PHONE = "phone"


class LegalClass(StrEnum):
    """What the result is in law (GDPR recital 26 and article 4(5)): only `anonymous` is outside of it."""

    ANONYMOUS = "anonymous"
    PSEUDONYMOUS = "pseudonymous"
    GENERALISED = "generalised"
    KEPT = "kept"


class Family(StrEnum):
    """Types of columns, as far as masks tell them apart."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMP_TZ = "timestamp_tz"
    NETWORK = "network"
    UUID = "uuid"
    BOOLEAN = "boolean"
    OTHER = "other"


LEGAL_CLASS: Mapping[Strategy, LegalClass] = {
    Strategy.KEEP: LegalClass.KEPT,
    Strategy.NULL: LegalClass.ANONYMOUS,
    Strategy.CONSTANT: LegalClass.ANONYMOUS,
    Strategy.TOKEN: LegalClass.PSEUDONYMOUS,
    Strategy.RANDOM: LegalClass.ANONYMOUS,
    Strategy.GENERALISE_DATE: LegalClass.GENERALISED,
    Strategy.GENERALISE_IP: LegalClass.GENERALISED,
    Strategy.GENERALISE_NUMBER: LegalClass.GENERALISED,
    Strategy.GENERALISE_POSTCODE: LegalClass.GENERALISED,
    Strategy.EMAIL: LegalClass.ANONYMOUS,
    Strategy.PHONE: LegalClass.ANONYMOUS,
}

_TIMES = frozenset({Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ})
_ANY = frozenset(Family)
FAMILIES: Mapping[Strategy, frozenset[Family]] = {
    Strategy.KEEP: _ANY,
    Strategy.NULL: _ANY,
    Strategy.CONSTANT: _ANY,
    Strategy.TOKEN: frozenset({Family.TEXT}),
    Strategy.RANDOM: frozenset({Family.TEXT, Family.UUID}),
    Strategy.GENERALISE_DATE: _TIMES,
    Strategy.GENERALISE_IP: frozenset({Family.NETWORK, Family.TEXT}),
    Strategy.GENERALISE_NUMBER: frozenset({Family.NUMBER}),
    Strategy.GENERALISE_POSTCODE: frozenset({Family.TEXT}),
    Strategy.EMAIL: frozenset({Family.TEXT}),
    Strategy.PHONE: frozenset({Family.TEXT}),
}

# Cheapest test first: a row that is not masked yet is recognised by its first unmasked column.
COST: Mapping[Strategy, int] = {strategy: cost for cost, strategy in enumerate([
    Strategy.KEEP, Strategy.NULL, Strategy.CONSTANT, Strategy.EMAIL, Strategy.RANDOM, Strategy.TOKEN, Strategy.PHONE,
    Strategy.GENERALISE_POSTCODE, Strategy.GENERALISE_DATE, Strategy.GENERALISE_NUMBER, Strategy.GENERALISE_IP,
])}  # fmt: skip

KEEPS_ROWS_DISTINCT = frozenset({Strategy.KEEP, Strategy.NULL, Strategy.TOKEN, Strategy.RANDOM, Strategy.EMAIL})
KEYED = frozenset({Strategy.TOKEN, Strategy.RANDOM, Strategy.EMAIL, Strategy.PHONE})

# Shapes. A shorter column gets fewer digits of the hash, but never fewer than these: 64 bits keep a million rows
# distinct with a chance of 1 in 37 million of one collision.
TOKEN_PREFIX = "tk_"  # noqa: S105 - the visible prefix of every token
TOKEN_CHECK_DIGITS = 8
ERASED_PREFIX = "erased-"
EMAIL_DOMAIN = "@erased.invalid"  # RFC 6761 section 6.4: .invalid never resolves, so no mail can leave
PHONE_PREFIX = "+999"  # ITU-T E.164: an unassigned country code, so nobody's telephone rings
PHONE_DIGITS = 11  # E.164 allows 15 digits in all
FEWEST_DIGITS, MOST_DIGITS = 16, 32
ADDRESS_PARTS = 3  # of an IP address: /24 of IPv4, /48 of IPv6


def hash_digits(strategy: Strategy, max_length: int | None) -> int:
    """How many hexadecimal digits of the hash fit a column of max_length characters (None: any number).

    Less than FEWEST_DIGITS means that the strategy does not fit the column.
    """
    around = {
        Strategy.TOKEN: len(TOKEN_PREFIX) + TOKEN_CHECK_DIGITS,
        Strategy.RANDOM: len(ERASED_PREFIX),
        Strategy.EMAIL: len(ERASED_PREFIX) + len(EMAIL_DOMAIN),
    }[strategy]
    return MOST_DIGITS if max_length is None else min(MOST_DIGITS, max_length - around)


def address_parts(params: Mapping[str, Any]) -> int:
    """How many octets of an IPv4 address, and groups of an IPv6 one, generalise_ip leaves."""
    return int(params.get("keep", ADDRESS_PARTS))


@portable
@dataclass(frozen=True)
class ColumnMask:
    """One column and what happens to it.

    params, by strategy: constant {"value": any}; token {"domain": text, optional: tokens of equal values are equal
    within a domain}; generalise_date {"to": "month" | "year" | "decade"}; generalise_number {"size": number > 0};
    generalise_postcode {"keep": characters >= 0}; generalise_ip {"keep": 1 to 3, optional: how many octets of an IPv4
    address and groups of an IPv6 one stay, 3 without it}. The others take none. Raises InvalidSpec for anything else.
    """

    column: str
    strategy: Strategy
    params: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "strategy", Strategy(self.strategy))
        _check_params(self)

    @property
    def legal_class(self) -> LegalClass:
        return LEGAL_CLASS[self.strategy]


_PARAMS: Mapping[Strategy, frozenset[str]] = {
    Strategy.CONSTANT: frozenset({"value"}),
    Strategy.TOKEN: frozenset({"domain"}),
    Strategy.GENERALISE_DATE: frozenset({"to"}),
    Strategy.GENERALISE_IP: frozenset({"keep"}),
    Strategy.GENERALISE_NUMBER: frozenset({"size"}),
    Strategy.GENERALISE_POSTCODE: frozenset({"keep"}),
}


def _check_params(mask: ColumnMask) -> None:
    def refuse(what: str) -> None:
        raise InvalidSpec(f"The mask of column {mask.column!r} ({mask.strategy}) {what}")

    known = _PARAMS.get(mask.strategy, frozenset())
    if unknown := set(mask.params) - known:
        refuse(f"has unknown settings {sorted(unknown)}; it knows {sorted(known) or 'none'}.")
    value = next(iter(mask.params.values()), None)
    match mask.strategy:
        case Strategy.CONSTANT if value is None:
            refuse('needs {"value": ...}; to empty the column use the strategy null.')
        case Strategy.TOKEN if value is not None and not isinstance(value, str):
            refuse('wants text in {"domain": ...}.')
        case Strategy.GENERALISE_DATE if value not in ("month", "year", "decade"):
            refuse('needs {"to": "month"}, {"to": "year"} or {"to": "decade"}.')
        case Strategy.GENERALISE_IP if value is not None and (isinstance(value, bool) or value not in (1, 2, 3)):
            refuse('wants 1, 2 or 3 in {"keep": n}, the parts of the address to keep.')
        case Strategy.GENERALISE_NUMBER if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            refuse('needs {"size": n}, the width of a bucket as a whole number above zero.')
        case Strategy.GENERALISE_POSTCODE if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            refuse('needs {"keep": n}, the number of leading characters to keep, zero or more.')
