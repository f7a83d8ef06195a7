"""The letters about consent."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.composing import block
from privacy.letters.kinds import LetterKind, LinkUse, Particulars
from privacy.letters.places import HELLO, LINK, OURSELVES, of, text
from privacy.letters.samples import sample_organisation
from privacy.letters.words import day_words


def _what_happened(given: Particulars) -> str:
    title = {"title": given["purpose"].title}
    if given["is_given"]:
        return _now("You gave your consent: %(title)s") % title
    if given["is_withdrawn"]:
        return _now("You withdrew your consent: %(title)s") % title
    return _now("You refused your consent: %(title)s") % title


def _sample(law: str) -> dict[str, Any]:
    consequences = _now("You get no news and no offers from us.")
    words = _now("I agree that Baobab sends me news by e-mail.")
    return {
        "organisation": sample_organisation(law),
        "record": SimpleNamespace(pk=4711),
        "purpose": SimpleNamespace(title=_now("News by e-mail"), withdrawal_consequences=consequences),
        "wording": SimpleNamespace(text=words),
        "date": dt.date(2026, 3, 1),
        "is_given": False,
        "is_withdrawn": True,
        "preferences_url": "https://privacy.baobab.example/preferences/",
    }


def _sample_opt_out(law: str) -> dict[str, Any]:
    return {
        "organisation": sample_organisation(law),
        "purpose": SimpleNamespace(
            title=_now("News by e-mail"), description=_now("I agree that Baobab sends me news by e-mail.")
        ),
        "words": _now("I agree that Baobab sends me news by e-mail."),
        "days": 30,
    }


def _sample_ending(law: str) -> dict[str, Any]:
    return {
        "organisation": sample_organisation(law),
        "purpose": SimpleNamespace(title=_now("News by e-mail")),
        "given_on": dt.date(2025, 3, 1),
        "ends_on": dt.date(2026, 3, 1),
        "words": _now("I agree that Baobab sends me news by e-mail."),
        "preferences_url": "https://privacy.baobab.example/preferences/",
    }


KINDS = (
    LetterKind(
        code="consent_receipt",
        title=_("Receipt of a consent"),
        placeholders=(
            HELLO,
            of("what_happened", _("what was decided, and for what"), _what_happened, in_heading=True),
            of("title", _("purpose it is about"), lambda given: given["purpose"].title, in_heading=True),
            of("day", _("day of the decision"), lambda given: day_words(given["date"], with_weekday=True)),
            of("decision", _("what was decided"), block("consent_decision"), is_block=True, is_mandatory=True),
            of("words", _("the words it is about"), block("consent_words"), is_block=True, is_mandatory=True),
            of(
                "consequences",
                _("what a withdrawal means"),
                block("consent_consequences"),
                is_block=True,
                is_mandatory=True,
            ),
            of("record", _("number of the record"), lambda given: given["record"].pk),
            text("preferences", _("page on which it can be changed"), is_mandatory=True, key="preferences_url"),
            *OURSELVES,
        ),
        sample=_sample,
        particulars={
            "organisation": "the profile",
            "record": "the consent record",
            "purpose": "its purpose",
            "wording": "its words, or None",
            "date": "local day of the decision",
            "is_given": "",
            "is_withdrawn": "",
            "preferences_url": "page of the portal",
        },
    ),
    LetterKind(
        code="consent_ending",
        title=_("A consent that ends soon"),
        placeholders=(
            HELLO,
            of("title", _("purpose it is about"), lambda given: given["purpose"].title, in_heading=True),
            of("given_on", _("day on which consent was given"), lambda given: day_words(given["given_on"])),
            of("ends_on", _("day on which it ends"), lambda given: day_words(given["ends_on"])),
            text("words", _("the words it was given in"), is_block=True, is_mandatory=True),
            text("preferences", _("page on which it can be given again"), is_mandatory=True, key="preferences_url"),
            *OURSELVES,
        ),
        sample=_sample_ending,
        particulars={
            "organisation": "the profile",
            "purpose": "its purpose",
            "given_on": "local day on which it was given",
            "ends_on": "local day on which it ends",
            "words": "the words it was given in",
            "preferences_url": "page of the portal",
        },
    ),
    LetterKind(
        code="consent_opt_out",
        title=_("A use of data that can be objected to"),
        placeholders=(
            HELLO,
            of("title", _("purpose it is about"), lambda given: given["purpose"].title, in_heading=True),
            of(
                "plain_words",
                _("plain words of the purpose"),
                lambda given: given["purpose"].description,
                is_block=True,
            ),
            text("words", _("the words the person would agree to"), is_block=True, is_mandatory=True),
            text("days", _("days to object"), is_mandatory=True),
            LINK,
            *OURSELVES,
        ),
        sample=_sample_opt_out,
        particulars={
            "organisation": "the profile",
            "purpose": "its purpose",
            "words": "the words the person would agree to",
            "days": "how many days the person has",
        },
        link=LinkUse.ALWAYS,
    ),
    LetterKind(
        code="preferences_link",
        title=_("Link to the consent preferences"),
        placeholders=(HELLO, LINK, *OURSELVES),
        sample=lambda law: {"organisation": sample_organisation(law)},
        particulars={"organisation": "the profile"},
        link=LinkUse.ALWAYS,
    ),
)
