"""How letters write dates, money and lists; in the language that is active."""

import datetime as dt
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, gettext_noop

from privacy.register.models import OrganisationProfile


def day_words(day: dt.date, *, with_weekday: bool = False) -> str:
    """A day in full: the month in letters, so that nobody takes it for another."""
    words = date_format(day, "j F Y")
    if is_french() and day.day == 1:
        words = words.replace("1 ", "1er ", 1)
    return f"{date_format(day, 'l')} {words}" if with_weekday else words


def money_words(amount: Decimal, currency: str) -> str:
    """An amount with its currency by three letters: “CAD 1,120.00”; in French “1 120,00 CAD”."""
    words = number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{words}\u00a0{currency}" if is_french() else f"{currency}\u00a0{words}"


_TITLES = (gettext_noop("Privacy Officer"), gettext_noop("Data Protection Officer"))


def officer_title(organisation: OrganisationProfile) -> str:
    """The title of the officer: the usual ones in the active language, any other as the organisation writes it."""
    title = organisation.officer_title
    return gettext(title) if title in _TITLES else title


def is_french() -> bool:
    return (get_language() or "").startswith("fr")


def listed(lines: list[str]) -> str:
    """Lines as a list."""
    return "\n".join(f"- {line}" for line in lines)
