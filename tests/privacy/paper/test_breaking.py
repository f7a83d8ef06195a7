"""Lines are broken where the library breaks them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from privacy.paper import page
from privacy.paper.breaking import lines_of

WORDS = st.lists(st.text("abilmW.’é-", max_size=12), min_size=1, max_size=120)
SPACES = st.sampled_from([" ", " ", " ", " ", "  ", "\N{NO-BREAK SPACE}", "\n", "\n\n"])


@st.composite
def texts(draw):
    return "".join(word + draw(SPACES) for word in draw(WORDS)).strip(" ") or "-"


@given(texts(), st.sampled_from([0, 4.5]))
@hypothesis_settings(max_examples=60)
def test_the_page_is_the_one_that_the_library_would_make(text, indent):
    assert paper(text, indent) == paper(text, indent, by_the_library=True)


def test_what_is_not_plain_is_left_to_the_library():
    assert lines_of("one two", most=5, width=len) == ["one", "two"]
    for words in ("sixsix", "one\ttwo", "soft\N{SOFT HYPHEN}hyphen", "one\N{EN SPACE}two"):
        assert lines_of(words, most=5, width=len) is None, words


@pytest.mark.parametrize("words", ["a" * 300, "one\ttwo " * 40])
def test_such_a_page_can_be_made_all_the_same(words):
    assert paper(words, 0) == paper(words, 0, by_the_library=True)


def paper(text: str, indent: float, *, by_the_library: bool = False) -> bytes:
    with pytest.MonkeyPatch.context() as patched:
        if by_the_library:
            patched.setattr(page, "lines_of", lambda *_args, **_kwargs: None)
        made = page.Page(
            title="T", author="A", language="en", made_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), in_latin=True
        )
        made.add_page()
        made.ink("sans", 9.5, page.INK)
        for part in text.split("\n\n"):
            made.set_x(page.MARGIN + indent)
            made.lines(part, 5)
        return made.as_bytes()
