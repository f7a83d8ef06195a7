"""The letters about the end of an organisation, to its officers."""

import datetime as dt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import Audience, LetterKind
from privacy.letters.places import HELLO, OURSELVES, day, text
from privacy.letters.samples import sample_organisation


def _sample(law: str) -> dict[str, Any]:
    return {
        "organisation": sample_organisation(law),
        "last_day": dt.date(2026, 5, 1),
        "zone": "Africa/Accra",
        "page": "https://privacy.baobab.example/officer/",
    }


def _kind(code: str, title: Promise) -> LetterKind:
    return LetterKind(
        code=code,
        title=title,
        placeholders=(
            HELLO,
            day("last_day", _("last day on which it can be read"), in_heading=True),
            text("zone", _("time zone of that day")),
            text("page", _("page of the export")),
            *OURSELVES,
        ),
        sample=_sample,
        particulars={"organisation": "the profile", "last_day": "date", "zone": "its time zone", "page": "address"},
        audience=Audience.OFFICER,
    )


KINDS = (
    _kind("closing_cancelled", _("The organisation was cancelled")),
    _kind("closing_reminder", _("The organisation ends soon")),
    _kind("closing_undone", _("The cancellation was undone")),
)
