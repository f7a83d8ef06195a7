"""How letters write dates and lists; in the language that is active."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import get_language


def day_words(day: dt.date, *, with_weekday: bool = False) -> str:
    """A day in full: the month in letters, so that nobody takes it for another."""
    words = date_format(day, "j F Y")
    if (get_language() or "").startswith("fr") and day.day == 1:
        words = words.replace("1 ", "1er ", 1)
    return f"{date_format(day, 'l')} {words}" if with_weekday else words


def listed(lines: list[str]) -> str:
    """Lines as a list."""
    return "\n".join(f"- {line}" for line in lines)
