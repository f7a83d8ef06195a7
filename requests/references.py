"""References of cases: `PR-7F3K-92QD`. Not secret; made to be read out over the phone.

Crockford's base 32 leaves out I, L, O and U. The eighth character is a check character: the seven random ones weighted
by 1, 3, 5, 7, 9, 11, 13 (odd, so each has an inverse modulo 32), so that any one wrong character is noticed, and nearly
every pair of neighbours that changed places.
"""

import re
import secrets

from django.utils.translation import gettext as _

from requests.errors import RequestInvalid

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011")
_SHAPE = re.compile(rf"PR([{_ALPHABET}]{{8}})\Z")


def new_reference() -> str:
    """A reference nobody has, but for a chance of one in 34 thousand million; the database has the last word."""
    random = "".join(secrets.choice(_ALPHABET) for _place in range(7))
    return _written(random + check_character(random))


def check_character(seven: str) -> str:
    """The eighth character for seven."""
    total = sum((2 * place + 1) * _ALPHABET.index(character) for place, character in enumerate(seven))
    return _ALPHABET[total % 32]


def read_reference(typed: str) -> str:
    """The reference as it is stored, from however somebody typed it.

    Raises:
        RequestInvalid: it cannot be one; at least one character is wrong.
    """
    compact = re.sub(r"[\s\-–—]", "", typed).upper()
    compact = compact[:2] + compact[2:].translate(_READ_AS)
    match = _SHAPE.match(compact)
    if match is None or check_character(match[1][:7]) != match[1][7]:
        raise RequestInvalid("reference", _("Check the reference: it looks like PR-7F3K-92QD and is in our letter."))
    return _written(match[1])


def _written(eight: str) -> str:
    return f"PR-{eight[:4]}-{eight[4:]}"
