"""The small fonts: all letters that a page nearly always needs, of the languages of Europe and Africa written in Latin.

Whoever sets a page reads its fonts and cuts out of them what it used, and both take as long as the fonts are large.
`python -m privacy.paper.latin` makes them from the large ones, after these were changed.
"""

from contextlib import closing
from pathlib import Path

from fontTools import subset

_FONTS = Path(__file__).parent / "fonts"
NAMES = ("DejaVuSans", "DejaVuSans-Bold")
_OF_AFRICA = "ƁƂƆƉƊƐƑƒƔƘƙƲƳƴɓɔɖɗɛɣʋẸẹỌọṢṣ"  # Akan, Ewe, Hausa, Yoruba; the rest of theirs is among Europe's
_OF_EUROPE = (*range(0xA0, 0x180), *map(ord, "ȘșȚț"))
_SIGNS = (*range(0x2010, 0x2030), *map(ord, "€₵₦→−"))
LETTERS = frozenset((*range(0x20, 0x7F), *_OF_EUROPE, *map(ord, _OF_AFRICA), *_SIGNS))


def large(name: str) -> Path:
    """Where the font of this name is."""
    return _FONTS / f"{name}.woff"


def small(name: str) -> Path:
    """Where the small one that is cut out of it is."""
    return _FONTS / f"{name}-Latin.woff"


def make(name: str, place: Path) -> None:
    """Cut the small font out of the large one.

    Args:
        place: the file that becomes it.
    """
    options = subset.Options(
        flavor="woff", notdef_outline=True, recommended_glyphs=True, glyph_names=False, layout_features=[]
    )
    with closing(subset.load_font(large(name), options)) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=LETTERS)
        cutter.subset(font)
        subset.save_font(font, place, options)


if __name__ == "__main__":
    for each in NAMES:
        make(each, small(each))
