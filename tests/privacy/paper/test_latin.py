"""The small fonts are cut out of the large ones."""

import pytest
from fontTools.ttLib import TTFont

from privacy.paper.latin import LETTERS, NAMES, large, make, small


@pytest.mark.parametrize("name", NAMES)
def test_a_small_font_has_the_letters_it_is_for_and_draws_them_as_the_large_one(name):
    ours, whole = drawn(small(name)), drawn(large(name))
    assert ours == {letter: drawing for letter, drawing in whole.items() if letter in LETTERS}
    assert len(whole) > len(ours) > 300


@pytest.mark.parametrize("name", NAMES)
def test_a_small_font_is_what_its_program_makes(name, tmp_path):
    make(name, tmp_path / "made.woff")
    assert drawn(tmp_path / "made.woff") == drawn(small(name))


def drawn(path):
    """Width and outline of each letter."""
    with TTFont(path) as font:
        glyphs, widths = font["glyf"], font["hmtx"].metrics
        return {
            letter: (widths[name][0], [list(each) for each in glyphs[name].getCoordinates(glyphs)])
            for letter, name in font.getBestCmap().items()
        }
