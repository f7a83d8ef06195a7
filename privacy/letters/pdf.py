"""A letter on paper, as it is kept and can be printed. The same letter becomes the same bytes.

It never holds the secret link: a file is kept for years and handed about, and whoever has the link can act as the
person.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import cast

from django.utils import translation
from django.utils.translation import gettext as _
from fpdf.enums import MethodReturnValue, XPos, YPos

from privacy.letters.models import Letter
from privacy.letters.wording import LINK_PLACEHOLDER, TITLE_MARK
from privacy.letters.words import day_words, officer_title
from privacy.paper.page import INK, MARGIN, QUIET, Page
from privacy.register.models import OrganisationProfile

_ACCENT = (16, 94, 112)
_BODY, _LEADING, _GAP, _INDENT = 9.5, 5.1, 2.6, 4.5
_END = 31  # mm that the gap and the end take


def letter_pdf(letter: Letter, *, text: str, dated_on: dt.date, organisation: OrganisationProfile) -> bytes:
    """The PDF of a letter.

    Args:
        text: what it says, without what stands under every letter; the letterhead and the end say who writes.
        dated_on: the date printed on it.
    """
    with translation.override(letter.language):
        page = _set(_Paper(letter, dated_on, organisation, in_latin=True), text)
        if page.lacks_letters:
            page.throw_away()
            page = _set(_Paper(letter, dated_on, organisation, in_latin=False), text)
        return page.as_bytes()


def _set(page: "_Paper", text: str) -> "_Paper":
    page.letterhead()
    page.to_whom()
    page.say(text)
    page.signature()
    return page


class _Paper(Page):
    def __init__(self, letter: Letter, dated_on: dt.date, organisation: OrganisationProfile, *, in_latin: bool) -> None:
        super().__init__(
            title=letter.heading,
            author=organisation.legal_name,
            language=letter.language,
            made_at=dt.datetime.combine(dated_on, dt.time(), dt.UTC),
            in_latin=in_latin,
        )
        self.c_margin = 0  # text begins where lines begin
        self._letter, self._dated_on, self._ours = letter, dated_on, organisation
        self.add_page()

    def header(self) -> None:
        if self.page_no() > 1:
            self.ink("sans", 7.5, QUIET)
            self.lines(self._ours.legal_name, 4)
            self.ln(6)

    def footer(self) -> None:
        self.set_y(-16)
        self.ink("sans", 7, QUIET)
        pages = _("Page %(page)s of {nb}") % {"page": self.page_no()}
        self.cell(0, 4, "  ·  ".join(filter(None, (self._ours.legal_name, self._letter.reference, pages))), align="C")

    def letterhead(self) -> None:
        """Who writes: the legal name and address on the left, whom to ask on the right."""
        ours, top = self._ours, self.get_y()
        contact = [
            ours.officer_name,
            *_other(officer_title(ours), ours.officer_name),
            ours.officer_email,
            ours.officer_phone,
        ]
        self.ink("sans", 7.5, QUIET)
        self.set_xy(self.w / 2 + 10, top + 1)
        self.multi_cell(
            self.w / 2 - 10 - MARGIN,
            3.9,
            "\n".join(filter(None, contact)),
            align="R",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )
        right_ends = self.get_y()
        self.set_xy(MARGIN, top)
        self.ink("sans", 13, INK, "B")
        self.multi_cell(self.w / 2 - MARGIN + 8, 6.2, ours.legal_name, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ink("sans", 7.5, QUIET)
        place = [*_other(ours.trading_name, ours.legal_name), *ours.address.splitlines()]
        self.multi_cell(
            self.w / 2 - MARGIN + 8, 3.9, "\n".join(filter(None, place)), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.set_y(max(self.get_y(), right_ends) + 3)
        self.set_draw_color(*_ACCENT)
        self.set_line_width(0.6)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.set_line_width(0.2)
        self.ln(9)

    def to_whom(self) -> None:
        """To whom, when, about what."""
        letter, top = self._letter, self.get_y()
        self.ink("sans", 9, INK)
        self.multi_cell(
            self.w / 2 - MARGIN + 8, 4.8, "\n".join(filter(None, (letter.name, letter.address))), align="L",
            new_x=XPos.LMARGIN, new_y=YPos.NEXT,
        )  # fmt: skip
        left_ends = self.get_y()
        facts = [day_words(self._dated_on)]
        if letter.reference:
            facts.append(_("Our reference: %(reference)s") % {"reference": letter.reference})
        self.set_xy(self.w / 2 + 10, top)
        self.multi_cell(self.w / 2 - 10 - MARGIN, 4.8, "\n".join(facts), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(max(left_ends, self.get_y()) + 9)
        self.ink("sans", 12, INK, "B")
        self.paragraph(letter.heading, 6, after=5)

    def say(self, text: str) -> None:
        """The letter itself: titles, paragraphs and lists."""
        parts = list(paragraphs(text))
        for number, part in enumerate(parts, start=1):
            if number == len(parts) and self.will_page_break(len(part) * _LEADING + _END):
                self.add_page()  # the last paragraph goes with the end, which is never alone on a page
            in_list = False
            for line in part:
                in_list = in_list or line.startswith("- ")
                if line.startswith(TITLE_MARK):
                    self._title(line.removeprefix(TITLE_MARK))
                else:
                    self._line(line, in_list=in_list)
            self.ln(_GAP if not part[-1].startswith(TITLE_MARK) else 0)

    def signature(self) -> None:
        """The end, on one page."""
        ours = self._ours
        beneath = [*_other(officer_title(ours), ours.officer_name), ours.trading_name]
        if self.will_page_break(7 + _LEADING + self._height(ours.officer_name, "B") + sum(map(self._height, beneath))):
            self.add_page()
        self.ln(2)
        self.ink("sans", _BODY, INK)
        self.paragraph(_("Kind regards,"), _LEADING, after=5)
        self.ink("sans", _BODY, INK, "B")
        self.lines(ours.officer_name, _LEADING)
        self.ink("sans", _BODY, INK)
        for line in beneath:
            self.lines(line, _LEADING)

    def _height(self, line: str, style: str = "") -> float:
        """What a line takes, which may be too long for one; in mm."""
        self.ink("sans", _BODY, INK, style)
        lines = self.multi_cell(0, _LEADING, line, align="L", dry_run=True, output=MethodReturnValue.LINES)
        return _LEADING * len(cast(list[str], lines))

    def _title(self, words: str) -> None:
        if self.will_page_break(3 + 3 * _LEADING):
            self.add_page()
        self.ln(1.5)
        self.ink("sans", _BODY, _ACCENT, "B")
        self.paragraph(words, _LEADING, after=1)

    def _line(self, line: str, *, in_list: bool) -> None:
        """One line; in a list, what follows a point stands under it."""
        self.ink("sans", _BODY, INK)
        if LINK_PLACEHOLDER in line:
            self.ink("sans", _BODY, QUIET)
            line = line.replace(LINK_PLACEHOLDER, _("(by the link in our e-mail to you)"))
        if in_list:
            if self.will_page_break(_LEADING):
                self.add_page()
            if line.startswith("- "):
                line = line.removeprefix("- ")
                self.cell(_INDENT, _LEADING, "•")
            self.set_x(MARGIN + _INDENT)
        self.lines(line, _LEADING)


def paragraphs(text: str) -> Iterator[list[str]]:
    """The lines of each paragraph."""
    for part in re.split(r"\n\s*\n", text.strip()):
        yield [line.strip() for line in part.splitlines()]


def _other(words: str, than: str) -> list[str]:
    return [words] if words and words != than else []
