"""What every PDF of the portal is set on: A4, one column, DejaVu, PDF/A, and the same bytes whenever it is made anew.

Letters that the fonts lack are shown as boxes.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import DocumentCompliance, XPos, YPos
from fpdf.output import OutputProducer

INK, QUIET, LINE, SOFT = (24, 28, 36), (94, 102, 116), (208, 213, 221), (244, 246, 249)
MARGIN = 22

FONTS = Path(__file__).parent / "fonts"


class _Reproducible(OutputProducer):
    """Says that the file was changed last when it was made, and not when these bytes were put together."""

    def _build_xmp_from_info(self) -> str:
        found = super()._build_xmp_from_info()
        made = re.search(r'xmp:CreateDate=("[^"]*")', found)
        assert made is not None  # every page is given its moment of making
        return re.sub(r'xmp:(ModifyDate|MetadataDate)="[^"]*"', rf"xmp:\1={made[1]}", found)


class Page(FPDF):
    """A document with its first page.

    Args:
        made_at: stands in the file as its moment of making; a fixed one makes the bytes reproducible.
    """

    has_mono = False
    """Whether the document has digests and the like, in letters of one width."""

    def __init__(self, *, title: str, author: str, language: str, made_at: datetime) -> None:
        super().__init__(format="A4", enforce_compliance=DocumentCompliance.PDFA_3U)
        self.set_margins(MARGIN, 20, MARGIN)
        self.set_auto_page_break(True, margin=24)
        self.add_font("sans", "", FONTS / "DejaVuSans.woff")
        self.add_font("sans", "B", FONTS / "DejaVuSans-Bold.woff")
        if self.has_mono:
            self.add_font("mono", "", FONTS / "DejaVuSansMono.woff")
        self.set_creation_date(made_at)
        self.set_lang(language)
        self.set_title(title)
        self.set_author(author)
        self.set_creator("Privacy Desk")

    def as_bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.output(output_producer_class=_Reproducible))

    def ink(self, family: str, size: float, colour: Iterable[int], style: str = "") -> None:
        """Family, size and colour of what is written next."""
        self.set_font(family, style, size)
        self.set_text_color(*colour)

    def lines(self, words: str, height: float) -> None:
        """Words over the whole width, as many lines as they need."""
        self.multi_cell(0, height, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def paragraph(self, words: str, height: float = 4.6, after: float = 1) -> None:
        self.lines(words, height)
        self.ln(after)

    def rule(self, before: float = 2, after: float = 4) -> None:
        """A thin line across."""
        self.ln(before)
        self.set_draw_color(*LINE)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(after)
