"""The sheets on which the file for an authority is set, and how it writes moments, days and numbers."""

from datetime import UTC, date, datetime

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from fpdf.enums import XPos, YPos

from privacy.letters.words import day_words, is_french
from privacy.paper.page import INK, QUIET, Page

SECRET = (160, 32, 24)
_LABEL = 40


class Sheets(Page):
    """Titles, facts with their labels, and words that somebody wrote."""

    has_mono = True

    def keep_together(self, height: float) -> None:
        if self.will_page_break(height):
            self.add_page()

    def none(self) -> None:
        self.ink("sans", 9, INK)
        self.paragraph(_("None."))

    def fact(self, label: str, words: str, *, mono: bool = False) -> None:
        self.keep_together(11)
        self.ink("sans", 8.5, QUIET)
        self.cell(_LABEL, 5.2, label)
        self.ink("mono" if mono else "sans", 7.5 if mono else 9, INK)
        self.multi_cell(0, 5.2, words or "–", align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def quote(self, label: str, words: str) -> None:
        self.keep_together(18)
        self.ink("sans", 8.5, QUIET)
        self.lines(label, 5.2)
        self.ink("sans", 9, INK)
        self.set_left_margin(self.l_margin + 5)
        self.set_x(self.l_margin)
        self.lines(words, 5)
        self.set_left_margin(self.l_margin - 5)
        self.set_x(self.l_margin)
        self.ln(1.5)

    def heading(self, words: str) -> None:
        self.keep_together(28)
        self.ln(3)
        self.ink("sans", 12, INK, "B")
        self.lines(words, 8)


def joined(*words: str | None) -> str:
    """What is known of something, on one line."""
    return ", ".join(" ".join(str(each).split()) for each in words if each)


def labelled(label: str, words: str) -> str:
    """Words after a colon, which French sets apart."""
    return _("%(label)s: %(words)s") % {"label": label, "words": words}


def when(text: str | None) -> str:
    """A moment, short enough to stand as a label."""
    if not text:
        return "–"
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return f"{_short(moment)}, {moment:%H:%M} UTC"


def short_day(text: str) -> str:
    """A day, short enough to stand as a label."""
    return _short(date.fromisoformat(text))


def day(text: str | None) -> str:
    """A day in full."""
    return day_words(date.fromisoformat(text), with_weekday=True) if text else ""


def _short(moment: date) -> str:
    return date_format(moment, "j N Y" if is_french() else "j M Y")


def grouped(number: int) -> str:
    """A number with its thousands set apart."""
    return number_format(number, use_l10n=True, force_grouping=True)
