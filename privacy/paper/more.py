"""The fonts for what DejaVu has not of Latin, Greek and Cyrillic letters: other scripts, and signs.

A document reads one of them only where something in it needs it. `python -m privacy.paper.more FOLDER` makes them from
fonts in a folder: those of the Debian packages fonts-noto-core, fonts-dejavu-core and fonts-droid-fallback, and
NotoEmoji-Regular.ttf of Google Fonts.
"""

import sys
from contextlib import closing
from functools import cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from privacy.paper.latin import NAMES, large

_SCRIPTS = (
    "Arabic", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam",
    "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Ethiopic", "CanadianAboriginal", "Cherokee", "NKo", "Adlam", "Vai",
    "Thaana", "Syriac",
)  # fmt: skip
_IN_DEBIAN = tuple(f"NotoSans{script}-Regular" for script in _SCRIPTS)
FONTS = (*_IN_DEBIAN, "DejaVuSans-More", "DroidSansFallback", "DroidSansFallback-Rare", "NotoEmoji-Regular")
"""In the order in which they are asked: a letter is taken out of the first that has it."""
_CUT_OUT_OF = {"DejaVuSans-More": "DejaVuSans", "DroidSansFallback-Rare": "DroidSansFallbackFull"}
_PRIVATE = frozenset(range(0xE000, 0xF900))  # each font means something else by these
_WITHOUT_JOINING = frozenset((*range(0x7C0, 0x800), *range(0xE80, 0xF00)))  # DejaVu's N'Ko and Lao
_ALWAYS = frozenset({0x20, 0x200C, 0x200D})
"""The space, which HarfBuzz sets for what has no form as well, and the joiners, which go with letters of their font."""


@cache
def letters_of(name: str) -> frozenset[int]:
    """What a font can draw."""
    with TTFont(large(name)) as font:
        return frozenset(font.getBestCmap())


def make_all(sources: Path) -> None:
    """Cut each font out of the one it comes from, without what one before it has."""
    made = set(letters_of(NAMES[0]))
    for name in FONTS:
        source = sources / f"{_CUT_OUT_OF.get(name, name)}.ttf"
        with TTFont(source) as font:
            wanted = set(font.getBestCmap()) - _PRIVATE
        if name.startswith("DejaVu"):
            wanted -= _WITHOUT_JOINING
        if not name.startswith("NotoSans"):  # their letters join with what stands beside them, spaces and dots as well
            wanted -= made
        _make(source, large(name), wanted | _ALWAYS)
        made |= wanted


def _make(source: Path, place: Path, letters: set[int]) -> None:
    options = subset.Options(flavor="woff", notdef_outline=True, recommended_glyphs=True, glyph_names=False)
    options.layout_features, options.hinting = ["*"], False
    options.drop_tables += ["FFTM", "MATH", "kern", "vhea", "vmtx"]
    with closing(subset.load_font(source, options)) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters)
        cutter.subset(font)
        subset.save_font(font, place, options)


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
