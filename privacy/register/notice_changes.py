"""What changed between two versions of a notice, word by word.

Lines are aligned first and words only within lines that changed: a long notice is compared in a moment, and a paragraph
that moved is not told as a hundred words that did.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

LEAST_ALIKE = 0.3
"""A passage of which less than this share stayed was written anew: words that happen to be in both say nothing."""


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went or came, with the white space and line ends between them."""

    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The words of both texts in order. Those that are not NEW are `before`, those that are not GONE are `after`."""
    old, new = _lines(before), _lines(after)
    pieces: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        pieces += [Piece(Change.SAME, come)] if tag == "equal" else _words(gone, come)
    return [
        Piece(change, text)
        for change, group in groupby(pieces, key=lambda each: each.change)
        if (text := "".join(each.text for each in group))
    ]


def is_changed(pieces: Sequence[Piece]) -> bool:
    return any(each.change is not Change.SAME for each in pieces)


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _tokens(before), _tokens(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        yield from (Piece(Change.GONE, before), Piece(Change.NEW, after))
        return
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if tag == "equal":
            yield Piece(Change.SAME, come)
        else:
            yield Piece(Change.GONE, gone)
            yield Piece(Change.NEW, come)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").splitlines(keepends=True)


def _tokens(text: str) -> list[str]:
    """Words, each with the white space behind it, so that a single space is no island between two changes."""
    return re.findall(r"\s*\S+\s*|\s+", text)
