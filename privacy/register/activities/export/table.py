"""A register as a table: what CSV, XLSX and PDF are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from privacy.register.models import OrganisationProfile


class Register(Protocol):
    """What was written down, as it was at one moment."""

    @property
    def as_at(self) -> datetime: ...


R = TypeVar("R", bound=Register)


@dataclass(frozen=True, slots=True)
class Table:
    """A register in words.

    Args:
        title: of the file.
        about: a sentence below it.
        sheet: name of the sheet with the rows.
        particulars: who answers for it, and of when it is; heading and value.
        headings: of the columns; the first column names a row.
        empty: what is said where there are no rows.
    """

    title: str
    about: str
    sheet: str
    made_at: datetime
    controller: OrganisationProfile
    particulars: list[tuple[str, str]]
    headings: list[str]
    rows: list[list[str]]
    empty: str


@dataclass(frozen=True, slots=True)
class Format(Generic[R]):
    """How a register becomes a file."""

    extension: str
    content_type: str
    render: Callable[[R], bytes]


def controller_rows(ours: OrganisationProfile) -> list[tuple[str, str]]:
    """Who answers for a register (GDPR Art. 30(1)(a))."""
    officer = (ours.officer_name, ours.officer_title, ours.officer_email, ours.officer_phone)
    return [
        (_("Controller"), ours.legal_name),
        (_("Known as"), ours.trading_name),
        (_("Address"), ours.address),
        (_("Country"), ours.country),
        (_("Web site"), ours.website),
        (_("Representative"), ours.representative),
        (_("Privacy Officer or Data Protection Officer"), ", ".join(filter(None, officer))),
        (_("Laws that apply"), ", ".join(ours.laws)),
    ]


def moment_words(moment: datetime) -> str:
    """A moment on the organisation's clock."""
    return date_format(localtime(moment), "j M Y, H:i T")
