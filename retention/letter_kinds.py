"""The letters about retention: to people before a rule acts, to officers about holds."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.composing import block
from privacy.letters.kinds import Audience, LetterKind, Particulars
from privacy.letters.places import HELLO, OURSELVES, PORTAL, day, of, text
from privacy.letters.samples import sample_organisation
from privacy.letters.words import day_words


def _briefly(given: Particulars) -> str:
    facts = {"name": given["organisation"].trading_name, "day": day_words(given["day"])}
    if given["is_deleted"]:
        return _now("%(name)s: data about you is deleted on %(day)s") % facts
    return _now("%(name)s: details about you are removed on %(day)s") % facts


def _what(given: Particulars) -> str:
    return block("notice_what")(dict(given) | {"day_in_words": day_words(given["day"])})


def _sample(law: str) -> dict[str, Any]:
    return {
        "organisation": sample_organisation(law),
        "rule": _now("Customers without a contract, after two years"),
        "reason": _now("We need the data only as long as the contract lasts and claims can be made"),
        "what": _now("Customers"),
        "is_deleted": True,
        "begins_anew": True,
        "day": dt.date(2026, 5, 1),
        "portal": "https://privacy.baobab.example/",
    }


KINDS = (
    LetterKind(
        code="advance_notice",
        title=_("Notice before data is deleted"),
        placeholders=(
            HELLO,
            of("what_happens_briefly", _("what will happen, for the subject line"), _briefly, in_heading=True),
            of("what_happens", _("what will happen, and when"), _what, is_block=True, is_mandatory=True),
            text("rule", _("name of the rule")),
            text("reason", _("reason of the rule")),
            of(
                "what_you_can_do",
                _("what the person can do until then"),
                block("notice_options"),
                is_block=True,
                is_mandatory=True,
            ),
            day("day", _("day from which the rule acts")),
            PORTAL,
            *OURSELVES,
        ),
        sample=_sample,
        particulars={
            "organisation": "the profile",
            "rule": "its name",
            "reason": "its reason",
            "what": "label of the dataset",
            "is_deleted": "",
            "begins_anew": "whether activity begins the time anew",
            "day": "date",
            "portal": "address",
        },
    ),
    LetterKind(
        code="hold_review",
        title=_("A hold is due for review"),
        placeholders=(
            HELLO,
            day("placed_on", _("day on which it was placed")),
            text("page", _("address of the hold")),
            *OURSELVES,
        ),
        sample=lambda law: {
            "organisation": sample_organisation(law),
            "placed_on": dt.date(2026, 3, 2),
            "page": "https://privacy.baobab.example/officer/",
        },
        particulars={"organisation": "the profile", "placed_on": "date", "page": "address"},
        audience=Audience.OFFICER,
    ),
)
