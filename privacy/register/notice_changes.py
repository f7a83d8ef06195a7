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
    for tag, old_from, old_to, new_from, new_to in _matcher(old, new).get_opcodes():
        gone, come = old[old_from:old_to], new[new_from:new_to]
        pieces += _stayed(gone, come) if tag == "equal" else _words("".join(gone), "".join(come))
    groups = groupby((each for each in pieces if each.text), key=lambda each: each.change)
    return [Piece(change, "".join(each.text for each in group)) for change, group in groups]


def is_changed(pieces: Sequence[Piece]) -> bool:
    return any(each.change is not Change.SAME for each in pieces)


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _tokens(before), _tokens(after)
    matcher = _matcher(old, new)
    if matcher.ratio() < LEAST_ALIKE:
        yield from (Piece(Change.GONE, before), Piece(Change.NEW, after))
        return
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone, come = old[old_from:old_to], new[new_from:new_to]
        if tag == "equal":
            yield from _stayed(gone, come)
        else:
            yield from _replaced("".join(gone), "".join(come))


def _replaced(gone: str, come: str) -> Iterator[Piece]:
    """Words that others took the place of. A line ends behind both: what came is not told on a line of its own."""
    said, said_now = gone.rstrip(), come.rstrip()
    end, end_now = gone[len(said) :], come[len(said_now) :]
    if not (said and said_now and "\n" in end):
        yield from (Piece(Change.GONE, gone), Piece(Change.NEW, come))
        return
    yield from (Piece(Change.GONE, said), Piece(Change.NEW, said_now))
    if end == end_now:
        yield Piece(Change.SAME, end)
    else:
        yield from (Piece(Change.GONE, end), Piece(Change.NEW, end_now))


def _matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher:
    """Of what is said only: what comes behind a word says nothing of the word, such as the end of the text."""
    return SequenceMatcher(None, [_said(each) for each in old], [_said(each) for each in new], autojunk=False)


def _stayed(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Lines or words that are in both, with what changed of the white space behind them."""
    for gone, come in zip(old, new, strict=True):
        if gone == come:
            yield Piece(Change.SAME, come)
        else:
            said = _said(come)
            yield Piece(Change.SAME, said)
            yield Piece(Change.GONE, gone[len(said) :])
            yield Piece(Change.NEW, come[len(said) :])


def _said(part: str) -> str:
    return part.rstrip() or part


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").splitlines(keepends=True)


def _tokens(text: str) -> list[str]:
    """Words, each with the white space behind it, so that a single space is no island between two changes."""
    return re.findall(r"\S+\s*|\s+", text)
