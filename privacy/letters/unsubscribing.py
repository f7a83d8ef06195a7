"""Mails that can be unsubscribed from with one click in the mail program (RFC 2369, RFC 8058).

Danger: a mail that advertises and cannot be stopped, or a link that anybody can make up for anybody else.
Rule: a kind that is marketing is never written without the purpose it belongs to and never sent without its link. What
the link looks like, and what it does, a higher room knows and registers.
"""

from collections.abc import Callable

from privacy.letters.errors import UnsubscribeMissing
from privacy.letters.kinds import LetterKind, OneClick
from privacy.letters.models import Letter

Address = Callable[[Letter], str]

_addresses: list[Address] = []


def register_unsubscribing(address: Address) -> None:
    """Register what makes the address that ends the purpose a letter belongs to; it takes a POST without signing in."""
    if address not in _addresses:
        _addresses.append(address)


def check_one_click(kind: LetterKind, purpose: str) -> None:
    """Whether a letter of the kind may be written for this purpose, which may be empty.

    Raises:
        UnsubscribeMissing: it is marketing and names no purpose, or it names one and has no link.
    """
    if kind.one_click == OneClick.ALWAYS and not purpose:
        raise UnsubscribeMissing(f"the letter {kind.code!r} is marketing: name the purpose that unsubscribing ends")
    if kind.one_click == OneClick.NEVER and purpose:
        raise UnsubscribeMissing(f"the letter {kind.code!r} cannot be unsubscribed from: name no purpose")


def unsubscribe_headers(letter: Letter) -> dict[str, str]:
    """The header fields of a mail; none for a letter that nobody subscribed to.

    Raises:
        UnsubscribeMissing: nothing is registered that makes the address, so the mail must not go.
    """
    if not letter.unsubscribe_from:
        return {}
    if not _addresses:
        raise UnsubscribeMissing(f"nothing makes the address by which {letter.kind!r} is unsubscribed from")
    return {
        "List-Unsubscribe": f"<{_addresses[0](letter)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
