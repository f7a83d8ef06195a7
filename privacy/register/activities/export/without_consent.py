"""The register of processing without consent as files, for auditors: all of it, also what was declined or has ended.

It is a file of its own: whoever gets the record of processing activities, an authority perhaps, need not be told who
is under investigation (PIPEDA s. 9(2.4)).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.register.activities.export.table import Table, controller_rows, moment_words
from privacy.register.activities.models import ProcessingWithoutConsent as Entry
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import profile

Column = tuple[str, Callable[[Entry], str]]


@dataclass(frozen=True, slots=True)
class WithoutConsent:
    """The register as it was at one moment."""

    as_at: datetime
    controller: OrganisationProfile
    entries: tuple[Entry, ...]


def register_of_processing_without_consent() -> WithoutConsent:
    """The register as it is now, the newest entry first; two queries, whatever its length."""
    rows = Entry.objects.select_related("purpose", "entered_by", "decided_by")
    return WithoutConsent(timezone.now(), profile(), tuple(rows.order_by("-entered_at", "pk")))


def without_consent_table(register: WithoutConsent) -> Table:
    """The register as CSV, XLSX and PDF show it."""
    told = _columns()
    return Table(
        title=_("Register of processing without consent"),
        about=_("What is done with personal data though nobody was asked: on which ground, and who approved."),
        sheet=_("Processing without consent"),
        made_at=register.as_at,
        controller=register.controller,
        particulars=[
            *controller_rows(register.controller),
            (_("As at"), moment_words(register.as_at)),
            (_("Entries"), str(len(register.entries))),
        ],
        headings=[heading for heading, _of in told],
        rows=[[of(entry) for _heading, of in told] for entry in register.entries],
        empty=_("Nothing is entered."),
    )


def _columns() -> list[Column]:
    """Headings in the language of now, each with what stands under it."""
    return [
        (_("Provision, order or file"), lambda entry: entry.authority),
        (_("Ground"), lambda entry: entry.get_ground_display()),
        (_("What is done"), lambda entry: str(entry.what)),
        (_("About whom"), lambda entry: entry.about_whom),
        (_("Kinds of data"), lambda entry: entry.categories_words),
        (_("Purpose"), lambda entry: entry.purpose.title if entry.purpose else ""),
        (_("State"), lambda entry: entry.get_standing_display()),
        (_("Begins on"), lambda entry: _day(entry.begins_on)),
        (_("Review on"), lambda entry: "" if entry.is_over else _day(entry.review_on)),
        (_("Last reviewed"), lambda entry: _day(entry.reviewed_on)),
        (_("Ended on"), lambda entry: _day(entry.ended_on)),
        (_("Why it ended"), lambda entry: str(entry.end_reason or "")),
        (_("Entered by"), lambda entry: str(entry.entered_by or "")),
        (_("Entered"), lambda entry: moment_words(entry.entered_at)),
        (_("Decided by"), lambda entry: str(entry.decided_by or "")),
        (_("Decided"), lambda entry: moment_words(entry.decided_at) if entry.decided_at else ""),
        (_("Number"), lambda entry: str(entry.pk)),
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
