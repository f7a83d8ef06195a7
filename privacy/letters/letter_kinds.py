"""Letters to officers about the organisation's own register."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import Audience, LetterKind
from privacy.letters.places import HELLO, OURSELVES, day, text
from privacy.letters.samples import sample_organisation

KINDS = (
    LetterKind(
        code="processing_review",
        title=_("Processing without consent is due for review"),
        placeholders=(
            HELLO,
            day("entered_on", _("day on which it was entered")),
            text("page", _("address of the entry")),
            *OURSELVES,
        ),
        sample=lambda law: {
            "organisation": sample_organisation(law),
            "entered_on": dt.date(2026, 3, 2),
            "page": "https://privacy.baobab.example/officer/",
        },
        particulars={"organisation": "the profile", "entered_on": "date", "page": "address"},
        audience=Audience.OFFICER,
    ),
)
