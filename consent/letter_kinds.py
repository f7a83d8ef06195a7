"""The letters about consent."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consent.how_decided import how_given, how_said_no, said_it_themselves, subject_of_given, subject_of_no
from consent.models import Decision
from privacy.letters.composing import block
from privacy.letters.kinds import Audience, LetterKind, LinkUse, OneClick, Particulars
from privacy.letters.places import HELLO, LINK, OURSELVES, of, text
from privacy.letters.samples import sample_organisation
from privacy.letters.words import day_words


def _what_happened(given: Particulars) -> str:
    title = {"title": given["purpose"].title}
    if given["over_on"]:
        return _now("A consent of yours that is over: %(title)s") % title
    if given["is_given"]:
        return subject_of_given(given["method"], title["title"])
    if given["agreed_again_on"]:
        return _now("An earlier no, before consent was given: %(title)s") % title
    return subject_of_no(_no(given), given["method"], title["title"])


def _decided(given: Particulars) -> str:
    sentence = how_given(given["method"]) if given["is_given"] else how_said_no(_no(given), given["method"])
    days = {name: day_words(given[name]) if given[name] else "" for name in ("over_on", "agreed_again_on")}
    return block("consent_decision")({**given, "what": sentence, **days})


def _consequences(given: Particulars) -> str:
    stands = given["agreed_again_on"] or (given["is_given"] and not given["over_on"])
    return block("consent_consequences")({**given, "stands": stands})


def _no(given: Particulars) -> Decision:
    return Decision.WITHDRAWN if given["is_withdrawn"] else Decision.REFUSED


def _words(given: Particulars) -> str:
    return block("consent_words")({**given, "agreed": given["is_given"] and said_it_themselves(given["method"])})


def _how_many(given: Particulars) -> str:
    """Whole sentences, so that each can be said in another order elsewhere."""
    number, day = given["number"], day_words(given["due_on"])
    words = (
        ngettext(
            "One withdrawal of consent was to be passed on by %(day)s, and is still open.",
            "%(n)d withdrawals of consent were to be passed on by %(day)s, and are still open.",
            number,
        )
        if given["is_late"]
        else ngettext(
            "One withdrawal of consent is to be passed on by %(day)s.",
            "%(n)d withdrawals of consent are to be passed on by %(day)s.",
            number,
        )
    )
    return words % {"n": number, "day": day}


def _stopped_sample(law: str) -> dict[str, Any]:
    sample = _sample(law)
    purpose = sample["purpose"]
    return {
        "organisation": sample["organisation"],
        "withdrawn": [(purpose.title, purpose.withdrawal_consequences), (_now("Surveys"), "")],
        "refused": [],
        "numbers": ["4711", "4712"],
        "bound": [],
        "stays": [(_now("Invoices"), _now("The law obliges us to do this, so it does not depend on consent."))],
        "date": sample["date"],
        "preferences_url": sample["preferences_url"],
    }


def _sample(law: str) -> dict[str, Any]:
    consequences = _now("You get no news and no offers from us.")
    words = _now("I agree that Baobab sends me news by e-mail.")
    return {
        "organisation": sample_organisation(law),
        "record": SimpleNamespace(pk=4711),
        "purpose": SimpleNamespace(
            title=_now("News by e-mail"), withdrawal_consequences=consequences, withdrawal_bar=""
        ),
        "wording": SimpleNamespace(text=words),
        "date": dt.date(2026, 3, 1),
        "method": "electronic",
        "is_given": False,
        "is_withdrawn": True,
        "goes_on_because": "",
        "agreed_again_on": None,
        "over_on": None,
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
        "method": "electronic",
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
            of("decision", _("what was decided"), _decided, is_block=True, is_mandatory=True),
            of("words", _("the words it is about"), _words, is_block=True, is_mandatory=True),
            of(
                "consequences",
                _("what a withdrawal means, or why there can be none"),
                _consequences,
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
            "method": "how it was decided",
            "is_given": "",
            "is_withdrawn": "",
            "goes_on_because": "why the data is used all the same after a no; empty where it is not",
            "agreed_again_on": "local day of a consent that stands though this no was told after it, or None",
            "over_on": "local day on which a consent had ended before it was recorded, or None",
            "preferences_url": "page of the portal",
        },
        one_click=OneClick.SOMETIMES,
    ),
    LetterKind(
        code="consents_stopped",
        title=_("Receipt of everything that was withdrawn at once"),
        placeholders=(
            HELLO,
            of("day", _("day of the withdrawal"), lambda given: day_words(given["date"], with_weekday=True)),
            of(
                "withdrawn",
                _("what was withdrawn, with what it means"),
                block("consents_withdrawn"),
                is_block=True,
                is_mandatory=True,
            ),
            of(
                "stays",
                _("what goes on all the same, and why"),
                block("consents_that_stay"),
                is_block=True,
                is_mandatory=True,
            ),
            of("records", _("numbers of the records"), lambda given: ", ".join(given["numbers"])),
            text("preferences", _("page on which it can be changed"), is_mandatory=True, key="preferences_url"),
            *OURSELVES,
        ),
        sample=_stopped_sample,
        particulars={
            "organisation": "the profile",
            "withdrawn": "what was withdrawn: title, and what that means or nothing where it goes on all the same",
            "refused": "purposes of what was refused by it",
            "numbers": "numbers of the records",
            "bound": "consents that cannot be withdrawn: title and reason",
            "stays": "what goes on all the same: title and reason",
            "date": "local day of the withdrawal",
            "preferences_url": "page of the portal",
        },
    ),
    LetterKind(
        code="withdrawals_due",
        title=_("Withdrawals of consent are still to be passed on"),
        placeholders=(
            HELLO,
            of("what", _("how many, and until when"), _how_many, is_block=True, is_mandatory=True),
            text("page", _("address of the list"), is_mandatory=True),
            *OURSELVES,
        ),
        sample=lambda law: {
            "organisation": sample_organisation(law),
            "number": 3,
            "due_on": dt.date(2026, 3, 16),
            "is_late": False,
            "page": "https://privacy.baobab.example/officer/",
        },
        particulars={
            "organisation": "the profile",
            "number": "of open tasks",
            "due_on": "date",
            "is_late": "whether the day is over",
            "page": "address",
        },
        audience=Audience.OFFICER,
    ),
    LetterKind(
        code="consent_ending",
        title=_("A consent that ends soon"),
        placeholders=(
            HELLO,
            of("title", _("purpose it is about"), lambda given: given["purpose"].title, in_heading=True),
            of("how_given", _("how consent was given"), lambda given: how_given(given["method"])),
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
            "method": "by which it was given",
            "given_on": "local day on which it was given",
            "ends_on": "local day on which it ends",
            "words": "the words it was given in",
            "preferences_url": "page of the portal",
        },
        one_click=OneClick.ALWAYS,
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
        one_click=OneClick.ALWAYS,
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
