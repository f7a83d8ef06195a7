"""Documents in which no letter vanishes: what their own fonts lack comes from others, or is shown by its number.

The library leaves out a letter that a font lacks, and says nothing. So each piece of text is looked at before it is
set. Who writes in letters of Europe does not pay for the others: their fonts are read, and their letters joined and set
from right to left, only where there are such.
"""

import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from fpdf import FPDF
from fpdf.fonts import TTFFont

from privacy.paper.latin import large
from privacy.paper.more import FONTS, letters_of

EXAMPLE = "[U+1F600]"
"""How a letter is shown that cannot be drawn."""
_BREAKS = frozenset("\n\r")
_SPACES = frozenset(("Zs", "Zl", "Zp"))


class Drawable(NamedTuple):
    """A text of which every letter can be drawn: with which other fonts, and whether numbers stand in it."""

    text: str
    fonts: frozenset[str]
    has_numbers: bool


def drawable(text: str, own: Collection[int]) -> Drawable:
    """What is drawn for a text. Marks without a form of their own are left out where none of its fonts needs them.

    Args:
        own: the letters that the document's own fonts have.
    """
    parts, fonts, has_numbers = [], set(), False
    for letter in unicodedata.normalize("NFC", text):
        if _is_selector(letter):
            continue
        if letter in _BREAKS or ord(letter) in own or unicodedata.category(letter) == "Cf":
            parts.append(letter)
        elif font := _font_of(letter):
            fonts.add(font)
            parts.append(letter)
        else:
            instead = _instead_of(letter)
            has_numbers = has_numbers or instead.startswith("[")
            parts.append(instead)
    has = set(own).union(*map(letters_of, fonts))
    text = "".join(each for each in "".join(parts) if ord(each) in has or each in _BREAKS)
    return Drawable(text, frozenset(fonts), has_numbers)


@lru_cache(maxsize=4096)
def _font_of(letter: str) -> str | None:
    return next((font for font in FONTS if ord(letter) in letters_of(font)), None)


def _instead_of(letter: str) -> str:
    if letter == "\t":
        return " " * 4
    return " " if unicodedata.category(letter) in _SPACES else f"[U+{ord(letter):04X}]"


def _is_selector(letter: str) -> bool:
    """Whether it only wishes for another form of the letter before it, as emoji have."""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


class EveryLetter(FPDF):
    """Such a document. Whoever makes it adds its own fonts, one of them as "sans"."""

    takes_other_fonts = True
    """False for who sets the document anew when `lacks_letters`."""
    shows_numbers = False
    """Whether the number of a letter stands somewhere in its place."""

    def add_font(self, *args: Any, **kwargs: Any) -> None:
        super().add_font(*args, **kwargs)
        for each in self._fonts():
            each.ttfont.recalcBBoxes = False  # outlines are copied as they are, instead of being read and written again

    @property
    def lacks_letters(self) -> bool:
        """Whether something was left out."""
        return any(each.missing_glyphs for each in self._fonts())

    def _fonts(self) -> list[TTFFont]:
        return [each for each in self.fonts.values() if isinstance(each, TTFFont)]

    def has_all_of(self, text: str) -> bool:
        """Whether the font that is set now can draw it all."""
        font = self.current_font
        return not isinstance(font, TTFFont) or all(ord(each) in font.cmap for each in set(text) - _BREAKS)

    def normalize_text(self, text: str) -> str:
        """The library asks this of every text before it measures and sets it, with the fonts that are set here."""
        text = super().normalize_text(text)
        if not self.takes_other_fonts or self.has_all_of(text):
            self.set_fallback_fonts([])
            self.set_text_shaping(False)
            return text
        found = drawable(text, self._letters_of_its_own())
        self.shows_numbers = self.shows_numbers or found.has_numbers
        names = [name for name in FONTS if name in found.fonts]
        for name in names:
            if name.lower() not in self.fonts:
                self.add_font(name, "", large(name))
        self.set_fallback_fonts(["sans", *names], exact_match=False)
        self.set_text_shaping(bool(names))
        return found.text

    def add_page(self, *args: Any, **kwargs: Any) -> None:
        """A page may begin in the middle of a text; its header and the footer before it are other texts."""
        kept = self._fallback_font_ids, self.text_shaping
        super().add_page(*args, **kwargs)
        self._fallback_font_ids, self.text_shaping = kept

    def _letters_of_its_own(self) -> set[int]:
        """Those of the font that is set now, and of the one that may help out."""
        fonts = (self.current_font, self.fonts["sans"])
        return set().union(*(each.cmap for each in fonts if isinstance(each, TTFFont)))
