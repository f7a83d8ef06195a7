"""The record as a PDF that can be handed to an authority: the controller first, then one activity after the other."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.paper.page import INK, MARGIN, QUIET, SOFT, Page
from privacy.register.activities.export.columns import columns, controller_rows
from privacy.register.activities.export.shape import Record

_LABEL = 46  # mm
_LINE = 4.6


def as_pdf(record: Record) -> bytes:
    """The same record becomes the same bytes."""
    page = _Paper(record)
    page.head()
    for heading, value in controller_rows(record):
        page.particular(heading, value)
    told = columns()
    for line in record.lines:
        (_name, name_of), *rest = told
        page.activity(name_of(line))
        for heading, of in rest:
            page.particular(heading, of(line))
    if not record.lines:
        page.ln(6)
        page.paragraph(_("No activity is described yet."))
    return page.as_bytes()


class _Paper(Page):
    def __init__(self, record: Record) -> None:
        super().__init__(
            title=_("Record of processing activities"),
            author=record.controller.legal_name,
            language=get_language() or "en",
            made_at=record.as_at,
        )
        self.c_margin = 0
        self._name = record.controller.legal_name
        self.add_page()

    def footer(self) -> None:
        self.set_y(-16)
        self.ink("sans", 7, QUIET)
        pages = _("Page %(page)s of {nb}") % {"page": self.page_no()}
        self.cell(0, 4, "  ·  ".join((self._name, pages)), align="C")

    def head(self) -> None:
        self.ink("sans", 16, INK, "B")
        self.lines(_("Record of processing activities"), 8)
        self.ink("sans", 8.5, QUIET)
        self.paragraph(_("GDPR Art. 30(1); the letters are those of its list."), after=4)

    def activity(self, name: str) -> None:
        """The heading of an activity, with room below it for its first lines."""
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
