"""A register as a PDF that can be handed to an authority: the controller first, then one row after the other."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.paper.page import INK, MARGIN, QUIET, SOFT, Page
from privacy.register.activities.export.table import Table

_LABEL = 46  # mm
_LINE = 4.6


def as_pdf(table: Table) -> bytes:
    """The same table becomes the same bytes."""
    page = _Paper(table)
    page.head(table)
    for heading, value in table.particulars:
        page.particular(heading, value)
    for name, *rest in table.rows:
        page.row(name)
        for heading, value in zip(table.headings[1:], rest, strict=True):
            page.particular(heading, value)
    if not table.rows:
        page.ln(6)
        page.paragraph(table.empty)
    return page.as_bytes()


class _Paper(Page):
    def __init__(self, table: Table) -> None:
        super().__init__(
            title=table.title,
            author=table.controller.legal_name,
            language=get_language() or "en",
            made_at=table.made_at,
        )
        self.c_margin = 0
        self._name = table.controller.legal_name
        self.add_page()

    def footer(self) -> None:
        self.set_y(-16)
        self.ink("sans", 7, QUIET)
        pages = _("Page %(page)s of {nb}") % {"page": self.page_no()}
        self.cell(0, 4, "  ·  ".join((self._name, pages)), align="C")

    def head(self, table: Table) -> None:
        self.ink("sans", 16, INK, "B")
        self.lines(table.title, 8)
        self.ink("sans", 8.5, QUIET)
        self.paragraph(table.about, after=4)

    def row(self, name: str) -> None:
        """The heading of a row, with room below it for its first lines."""
        if self.get_y() > self.h - 70:
            self.add_page()
        self.ln(6)
        self.set_fill_color(*SOFT)
        self.ink("sans", 11, INK, "B")
        self.multi_cell(0, 8, f"  {name}", align="L", fill=True, new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def particular(self, heading: str, value: str) -> None:
        """A heading on the left and what is said on the right; nothing where nothing is said."""
        if not value:
            return
        if self.get_y() > self.h - 34:
            self.add_page()
        top = self.get_y()
        self.ink("sans", 8, QUIET)
        self.multi_cell(_LABEL - 4, _LINE, heading, align="L", new_x="LMARGIN", new_y="NEXT")
        left_ends, first = self.get_y(), self.page_no()
        self.set_xy(MARGIN + _LABEL, top)
        self.ink("sans", 8.5, INK)
        self.multi_cell(self.w - 2 * MARGIN - _LABEL, _LINE, value, align="L", new_x="LMARGIN", new_y="NEXT")
        if self.page_no() == first:
            self.set_y(max(left_ends, self.get_y()))
        self.ln(1.2)
