"""Breaking words into lines where the library would, which measures a line anew for each letter, and we each word once.

A quarter of a letter's time was that. What is not plain is left to the library.
"""

import re
from collections.abc import Callable

_BREAKS_ELSEWHERE = re.compile(r"[^\S \n\N{NO-BREAK SPACE}]|\N{SOFT HYPHEN}|\N{ZERO WIDTH SPACE}")
_ROUNDING = 1e-6


def lines_of(words: str, *, most: float, width: Callable[[str], float]) -> list[str] | None:
    """The lines of some paragraphs.

    Args:
        most: how wide a line may be.
        width: how wide words are, in the same unit.

    Returns:
        None where a word is too long for a line, or where there are other places to break than spaces.
    """
    if _BREAKS_ELSEWHERE.search(words):
        return None
    lines, space = [], width(" ")
    for paragraph in words.split("\n"):
        line, taken = "", -space
        for word in paragraph.split(" "):
            wide = width(word)
            if wide > most:
                return None
            if taken + space + wide > most + _ROUNDING:
                lines.append(line)
                line, taken = word, wide
            else:
                line = f"{line} {word}" if taken >= 0 else word
                taken += space + wide
        lines.append(line)
    return lines
