"""Letters to officers about the organisation's own register, and to people about a breach of security."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.authorities import authorities_of_laws
from privacy.letters.kinds import Audience, LetterKind, Particulars
from privacy.letters.places import HELLO, OURSELVES, PORTAL, day, of, paragraph, part, text
from privacy.letters.samples import SAMPLE_DAY, SAMPLE_PORTAL, sample_organisation
from privacy.letters.words import day_words


def _when(given: Particulars) -> str:
    """The day on which it happened, or the period."""
    if not given.get("ended_on") or given["ended_on"] == given["began_on"]:
        return _now("It happened on %(day)s.") % {"day": day_words(given["began_on"])}
    days = {"first": day_words(given["began_on"]), "last": day_words(given["ended_on"])}
    return _now("It happened between %(first)s and %(last)s.") % days


def _sample_breach(law: str) -> dict[str, Any]:
    return {
        "organisation": sample_organisation(law),
        "portal": SAMPLE_PORTAL,
        "authorities": authorities_of_laws([law]),
        "what_happened": _now("A laptop with a list of customers was stolen from a car. Its disk was not encrypted."),
        "began_on": SAMPLE_DAY,
        "ended_on": SAMPLE_DAY + dt.timedelta(days=2),
        "kinds_of_data": _now("Your name, e-mail address and telephone number. No payment details."),
        "what_we_do": _now("We told the police, and every disk is encrypted now."),
        "what_you_can_do": _now("Mistrust calls that ask for a password: we never do."),
    }


KINDS = (
    LetterKind(
        code="breach_notice",
        title=_("Breach of security"),
        placeholders=(
            HELLO,
            paragraph("what_happened", _("what happened"), is_mandatory=True),
            of("when", _("on which day, or in which period"), _when, is_mandatory=True),
            paragraph("kinds_of_data", _("which data it concerns"), is_mandatory=True),
            paragraph("what_we_do", _("what is done so that less harm comes of it"), is_mandatory=True),
            paragraph("what_you_can_do", _("what the person can do"), is_mandatory=True),
            part("authorities", _("the authorities the person can turn to"), is_mandatory=True),
            PORTAL,
            *OURSELVES,
        ),
        sample=_sample_breach,
        particulars={
            "organisation": "the profile",
            "portal": "address",
            "authorities": "list of authorities, each with name, address and url",
            "what_happened": "the officer's words",
            "began_on": "date",
            "kinds_of_data": "the officer's words",
            "what_we_do": "the officer's words",
            "what_you_can_do": "the officer's words",
        },
        optional={"ended_on": "last day, where it went on for longer than one"},
    ),
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
