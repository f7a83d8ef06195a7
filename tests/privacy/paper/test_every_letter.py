"""No letter vanishes from paper, whatever its script."""

import datetime as dt
import io
import unicodedata

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader

from privacy.paper.latin import NAMES, large
from privacy.paper.more import FONTS, letters_of
from privacy.paper.page import INK, Page

LAST_WORDS = (
    "Some characters could not be printed: each stands here as its number in Unicode, like [U+1F600], and the exact "
    "text is {}."
)
SCRIPTS = [
    "王小明", "㛃", "さくら", "サクラ", "김철수", "Nguyễn Thị Ế", "Ωμέγα", "Իվան", "შოთა", "አበበ", "ᐃᓄᒃ", "ᏣᎳᎩ", "😀🦄",
    "♥ ☎ ✓",
]  # fmt: skip
JOINED = ["محمد", "שלום", "नमस्ते", "বাংলা", "ਪੰਜਾਬੀ", "ગુજરાતી", "தமிழ்", "తెలుగు", "ಕನ್ನಡ", "മലയാളം", "ไทย", "မြန်မာ", "ߒߞߏ"]


def page() -> Page:
    made = Page(title="T", author="A", language="en", made_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    made.add_page()
    made.ink("sans", 10, INK)
    return made


def paper(*texts: str, attached: bytes = b"") -> bytes:
    made = page()
    for text in texts:
        made.lines(text, 5)
    if attached:
        made.embed_file(bytes=attached, basename="a.json", mime_type="application/json")
    return made.as_bytes()


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages).split())


def boxes_of(pdf: bytes) -> list[tuple[str, float]]:
    """Each character of the first page with its left end."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    found = [(text.get_text_range(at, 1), text.get_charbox(at)[0]) for at in range(text.count_chars())]
    document.close()
    return found


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_text_is_printed_letter_by_letter_and_needs_no_last_words(text):
    assert words_of(paper(f"To {text}, here")) == f"To {text}, here"


@pytest.mark.parametrize("text", JOINED)
def test_a_script_that_joins_its_letters_has_all_of_them(text):
    words = words_of(paper(f"To {text}, here"))
    assert set(unicodedata.normalize("NFKD", text)) <= set(unicodedata.normalize("NFKD", words))
    assert "U+" not in words


def test_arabic_and_hebrew_go_from_right_to_left():
    for text in ("سلم", "שלם"):
        lefts = dict(boxes_of(paper(f"a {text} b")))
        assert lefts["a"] < lefts[text[2]] < lefts[text[1]] < lefts[text[0]] < lefts["b"]


def test_letters_of_arabic_are_joined():
    made = page()
    one, three = (made.get_string_width(text) for text in ("\N{ARABIC LETTER BEH}", "\N{ARABIC LETTER BEH}" * 3))
    chinese = [made.get_string_width(text) for text in ("王", "王王王")]
    made.throw_away()
    assert three < 0.9 * 3 * one
    assert chinese[1] == pytest.approx(3 * chinese[0])


def test_what_no_font_has_is_shown_by_its_number_and_the_last_words_say_so():
    words = words_of(paper("Bird \U00013000 and \ue000, bell \x07."))
    assert words == "Bird [U+13000] and [U+E000], bell [U+0007]. " + LAST_WORDS.format("kept in our records")
    assert words_of(paper("Bird and bell.")) == "Bird and bell."


def test_the_last_words_name_the_attached_file():
    words = words_of(paper("Bird \U00013000", attached=b"{}"))
    assert words == "Bird [U+13000] " + LAST_WORDS.format("in the file that is attached to this PDF")


def test_what_has_no_form_of_its_own_is_no_number_and_tabs_stay_apart():
    assert words_of(paper("a\tb\u2003c ❤\ufe0f x\U000e0001y")) == "a b c ❤ xy"


def test_letters_in_two_parts_are_put_together():
    assert words_of(paper("Zo\u0065\u0308 王")) == "Zoë 王"


def test_a_text_goes_on_whole_where_a_page_with_other_letters_ends():
    class Footed(Page):
        def footer(self) -> None:
            self.set_y(-16)
            self.ink("sans", 7, INK)
            self.cell(0, 4, f"Page {self.page_no()} of {{nb}}")

    made = Footed(title="T", author="A", language="en", made_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    made.add_page()
    made.ink("sans", 10, INK)
    made.lines("王小明 " * 900, 5)
    first, *others = (each.extract_text() for each in PdfReader(io.BytesIO(made.as_bytes())).pages)
    assert sum(each.count("王小明") for each in (first, *others)) == 900
    assert (f"Page 1 of {1 + len(others)}" in first, len(others)) == (True, 1)


def test_bold_and_mono_letters_have_the_other_scripts_as_well():
    made = page()
    made.ink("sans", 12, INK, "B")
    made.lines("Bold 王", 6)
    made.add_font("mono", "", large("DejaVuSansMono"))
    made.ink("mono", 8, INK)
    made.lines("mono é 王", 5)
    assert words_of(made.as_bytes()) == "Bold 王 mono é 王"


def test_the_same_text_becomes_the_same_bytes_in_every_script():
    assert paper(*SCRIPTS, *JOINED) == paper(*SCRIPTS, *JOINED)


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
@hypothesis_settings(max_examples=40, deadline=None)
def test_whatever_people_write_can_be_printed(texts):
    made = page()
    for text in texts:
        made.lines(text, 5)
    assert made.lacks_letters is False
    assert made.as_bytes().startswith(b"%PDF-")


def test_the_other_fonts_have_what_dejavu_has_not():
    own = letters_of(NAMES[0])
    for font in FONTS:
        if not font.startswith("NotoSans"):
            assert own & letters_of(font) == {0x20}, font
