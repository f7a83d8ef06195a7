"""Canonical JSON (RFC 8785): the same content gives the same bytes, which can be signed and hashed.

Python's own JSON with sorted names writes the same bytes, several times as fast, where there are only ASCII names,
text, truth values, nulls and whole numbers that every reader holds exactly. Anything else goes to the library: it
orders names by UTF-16, writes floats as ECMAScript does, and refuses what cannot be written.
"""

import json
from typing import Any

import rfc8785

_EXACT = 2**53
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(content: Any) -> bytes:
    """The bytes of something that JSON can hold.

    Raises:
        rfc8785.CanonicalizationError, UnicodeError: it cannot; both are ValueErrors.
    """
    if _is_plain(content):
        return _encode(content).encode()
    return rfc8785.dumps(content)


def _is_plain(value: Any) -> bool:
    if value is None or isinstance(value, str):
        return True
    kind = type(value)
    if kind is int:
        return -_EXACT < value < _EXACT
    if kind is dict:  # loops, and no call for nearly all: every row that is sealed comes by here
        for name, each in value.items():
            if type(name) is not str or not name.isascii():
                return False
            if each is not None and type(each) is not str and not _is_plain(each):
                return False
        return True
    if kind is list:
        for each in value:  # noqa: SIM110
            if each is not None and type(each) is not str and not _is_plain(each):
                return False
        return True
    return kind is bool
