"""What every PDF of the portal is set on: A4, one column, DejaVu, PDF/A, and the same bytes whenever it is made anew.

Letters that DejaVu lacks come from other fonts, and what no font has is shown by its number: then the last words say so
(`privacy.paper.every_letter`). Who sets many pages sets them in the small fonts (`privacy.paper.latin`) first, and in
the large ones what `lacks_letters` then.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from fpdf.enums import DocumentCompliance, XPos, YPos
from fpdf.fonts import TTFFont
from fpdf.output import OutputProducer

from privacy.paper.breaking import lines_of
from privacy.paper.every_letter import EXAMPLE, EveryLetter
from privacy.paper.latin import large, small

INK, QUIET, LINE, SOFT = (24, 28, 36), (94, 102, 116), (208, 213, 221), (244, 246, 249)
MARGIN = 22


class _Reproducible(OutputProducer):
    """Says that the file was changed last when it was made, and not when these bytes were put together."""

    def _build_xmp_from_info(self) -> str:
        found = super()._build_xmp_from_info()
        made = re.search(r'xmp:CreateDate=("[^"]*")', found)
        assert made is not None  # every page is given its moment of making
        return re.sub(r'xmp:(ModifyDate|MetadataDate)="[^"]*"', rf"xmp:\1={made[1]}", found)


class Page(EveryLetter):
    """A document with its first page.

    Args:
        made_at: stands in the file as its moment of making; a fixed one makes the bytes reproducible.
        in_latin: in the small fonts, in half of the time.
    """

    has_mono = False
    """Whether the document has digests and the like, in letters of one width."""

    def __init__(self, *, title: str, author: str, language: str, made_at: datetime, in_latin: bool = False) -> None:
        super().__init__(format="A4", enforce_compliance=DocumentCompliance.PDFA_3U)
        self.takes_other_fonts = not in_latin
        self.set_margins(MARGIN, 20, MARGIN)
        self.set_auto_page_break(True, margin=24)
        font = small if in_latin else large
        self.add_font("sans", "", font("DejaVuSans"))
        self.add_font("sans", "B", font("DejaVuSans-Bold"))
        if self.has_mono:
            self.add_font("mono", "", large("DejaVuSansMono"))
        self.set_creation_date(made_at)
        self.set_lang(language)
        self.set_title(title)
        self.set_author(author)
        self.set_creator("Privacy Desk")

    def throw_away(self) -> None:
        """Close the files of a page that nobody takes."""
        for each in self._fonts():
            each.close()

    def as_bytes(self) -> bytes:
        """The finished file."""
        if self.shows_numbers:
            self.ink("sans", 8, QUIET)
            self.ln(4)
            self.paragraph(self._about_numbers() % {"example": EXAMPLE})
        return bytes(self.output(output_producer_class=_Reproducible))

    def _about_numbers(self) -> str:
        if self.embedded_files:
            return _(
                "Some characters could not be printed: each stands here as its number in Unicode, like %(example)s, "
                "and the exact text is in the file that is attached to this PDF."
            )
        return _(
            "Some characters could not be printed: each stands here as its number in Unicode, like %(example)s, and "
            "the exact text is kept in our records."
        )

    def ink(self, family: str, size: float, colour: Iterable[int], style: str = "") -> None:
        """Family, size and colour of what is written next."""
        self.set_font(family, style, size)
        self.set_text_color(*colour)

    def lines(self, words: str, height: float) -> None:
        """Words over the whole width, as many lines as they need."""
        most = self.w - self.r_margin - self.x - 2 * self.c_margin
        broken = lines_of(words, most=most, width=self._width) if self.has_all_of(words) else None
        if broken is None:
            self.multi_cell(0, height, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            return
        left = self.x
        for line in broken:
            self.set_x(left)
            # a no-break space is drawn as a space, as the library does
            self.cell(0, height, line.replace("\N{NO-BREAK SPACE}", " "), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _width(self, words: str) -> float:
        """In mm."""
        font = self.current_font
        assert isinstance(font, TTFFont)
        return font.get_text_width(words, self.font_size_pt, None)[1] / self.k

    def paragraph(self, words: str, height: float = 4.6, after: float = 1) -> None:
        self.lines(words, height)
        self.ln(after)

    def rule(self, before: float = 2, after: float = 4) -> None:
        """A thin line across."""
        self.ln(before)
        self.set_draw_color(*LINE)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(after)
