"""The letter about a new version of the privacy notice."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import LetterKind, Particulars
from privacy.letters.places import HELLO, OURSELVES, PORTAL, day, of, text
from privacy.letters.samples import sample_organisation
from privacy.letters.words import day_words


def _when(given: Particulars) -> str:
    facts = {"title": given["title"], "day": day_words(given["day"])}
    if given["is_in_force"]:
        return _now("“%(title)s” has changed; the new version is in force since %(day)s.") % facts
    return _now("“%(title)s” changes; the new version is in force from %(day)s.") % facts


def _compare(given: Particulars) -> str:
    if not given["compare"]:
        return ""
    return _now("What changed, word by word: %(page)s") % {"page": given["compare"]}


def _sample(law: str) -> dict[str, Any]:
    return {
        "organisation": sample_organisation(law),
        "title": _now("How we use your data"),
        "changes": _now("We now store invoices with a provider in Canada."),
        "day": dt.date(2026, 5, 1),
        "is_in_force": False,
        "notice": "https://privacy.baobab.example/notice/2/",
        "compare": "https://privacy.baobab.example/notice/2/changes/",
        "portal": "https://privacy.baobab.example/",
    }


KINDS = (
    LetterKind(
        code="notice_change",
        title=_("Change of the privacy notice"),
        placeholders=(
            HELLO,
            of("when", _("which notice changes, and when"), _when, is_mandatory=True),
            text("changes", _("what changes"), is_mandatory=True),
            text("notice", _("page with the new version"), is_mandatory=True),
            of("compare", _("page that compares it with the version before"), _compare, is_block=True),
            day("day", _("day from which it is in force")),
            PORTAL,
            *OURSELVES,
        ),
        sample=_sample,
        particulars={
            "organisation": "the profile",
            "title": "of the notice",
            "changes": "in plain words",
            "day": "date",
            "is_in_force": "",
            "notice": "address",
            "compare": "address, empty for a first version",
            "portal": "address",
        },
        can_be_taken_back=True,
    ),
)
