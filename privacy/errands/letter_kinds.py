"""The letters about tasks."""

import datetime as dt

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import Audience, LetterKind
from privacy.letters.places import OURSELVES, day, of, text
from privacy.letters.samples import sample_organisation

KINDS = (
    LetterKind(
        code="task_overdue",
        title=_("A task is overdue"),
        placeholders=(
            of(
                "greeting",
                _("how the letter begins, with the officer's name"),
                lambda given: _now("Dear %(name)s,") % {"name": given["name"]},
                is_block=True,
            ),
            text("source", _("source that the task is about"), in_heading=True),
            day("due_on", _("day on which it was due")),
            text("page", _("address of the task"), is_mandatory=True),
            *OURSELVES,
        ),
        sample=lambda law: {
            "name": "Kofi Asante",
            "source": _now("Paper archive"),
            "due_on": dt.date(2026, 3, 16),
            "organisation": sample_organisation(law),
            "page": "https://privacy.baobab.example/officer/",
        },
        particulars={
            "name": "of the owner",
            "source": "name of the source",
            "due_on": "date",
            "organisation": "the profile",
            "page": "address of the task",
        },
        audience=Audience.OFFICER,
    ),
)
