"""Answers: yes, in part, no; and what was done."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.composing import block
from privacy.letters.kinds import LinkUse, Particulars
from privacy.letters.places import day, lines, of, paragraph, part
from privacy.letters.standing_in import acted_for
from privacy.letters.words import day_words
from requests.letter_kinds.places import AUTHORITIES, DUE_ON, case_kind, must
from requests.letter_kinds.samples import SOON, sample_ground


def _with_package(template: str) -> Callable[[Particulars], str]:
    def value(given: Particulars) -> str:
        package = given.get("package")
        zone = ZoneInfo(given["organisation"].time_zone)
        until = package.expires_at.astimezone(zone).date() if package is not None else None
        return block(template)(dict(given) | {"package_until": until})

    return value


_PACKAGE = of(
    "package",
    _("where the data can be downloaded, until when, if there is something to download"),
    _with_package("package"),
    is_block=True,
)
_BY_POST_IS = "carrier or paper, of a package that goes by post; there is no link then"
_PACKAGE_IS = "access package with expires_at and downloads_left; with it the letter has a link"
_GROUNDS = part("grounds", _("the grounds in law, with their sections"))
_ALTERNATIVES = part("alternatives", _("what the person can have instead, if anything"))
_UNASKED = part("unasked", _("what is held and left out because it was not asked for, if anything"), is_mandatory=True)
_UNASKED_IS = "list of what is held and was not asked for"
_LAW_NOTE = part("law_note", _("that a law can forbid us to give or mention something, where one can"))
_LAW_NOTE_IS = "whether a law of the organisation knows grounds that nobody may be told of"
_REASONS = paragraph("reasons", _("the reasons in the officer's words"), is_mandatory=True)

_GROUND: dict[str, str] = {
    "ground_words": "the ground in words; or `grounds`",
    "ground_section": "its section",
    "grounds": "list of {words, section}",
    "alternatives": "list of sentences",
}


def _package() -> Any:
    return SimpleNamespace(
        expires_at=dt.datetime(2026, 4, 15, 12, tzinfo=dt.UTC),
        downloads_left=5,
        digest="3f5a" * 16,
        size_words=filesizeformat(1_400_000),
    )


def _kept(law: str) -> str:
    return _now("Invoices: 12 records, until %(day)s (tax law)") % {"day": day_words(dt.date(2032, 12, 31))}


_NEWER_IS = {
    "newer": "list of what is left because it came after the request",
    "newer_day": "the day after which it came, in words",
}


def _newer() -> dict[str, Any]:
    return {"newer": [_now("Orders: 2 records")], "newer_day": day_words(dt.date(2026, 3, 2))}


def _erased_title(given: Particulars) -> str:
    if acted_for(given):
        return _erased_title_for_another(given)
    if not given["done"]:
        return _now("Our answer to your request for deletion")
    return _now("A part of your data is deleted") if given.get("is_refused") else _now("Your data is deleted")


def _erased_title_for_another(given: Particulars) -> str:
    if not given["done"]:
        return _now("Our answer to the request for deletion")
    return _now("A part of the data is deleted") if given.get("is_refused") else _now("The data is deleted")


KINDS = (
    case_kind(
        "package_ready",
        _("Copy of the data is ready"),
        of(
            "package_terms",
            _("until when and how often it can be downloaded"),
            _with_package("package_terms"),
            is_block=True,
            is_mandatory=True,
        ),
        part("package_found", _("how many records were found")),
        _UNASKED,
        _LAW_NOTE,
        must(AUTHORITIES),
        particulars={"package": _PACKAGE_IS, "rows": "number of records"},
        optional={"law_note": _LAW_NOTE_IS, "unasked": _UNASKED_IS},
        sample=lambda law: {"package": _package(), "rows": 128, "law_note": True, "unasked": [_now("Correspondence")]},
        link=LinkUse.ALWAYS,
        request_kinds=("access",),
    ),
    case_kind(
        "package_by_post",
        _("Data sent by post"),
        part("enclosed", _("what is enclosed, on what, and its SHA-256"), is_mandatory=True),
        part("enclosed_found", _("how many records there are, or that there are none")),
        _UNASKED,
        _LAW_NOTE,
        must(AUTHORITIES),
        particulars={"package": _PACKAGE_IS, "rows": "number of records", "by_post": _BY_POST_IS},
        optional={"law_note": _LAW_NOTE_IS, "unasked": _UNASKED_IS},
        sample=lambda law: {
            "package": _package(),
            "rows": 128,
            "by_post": "carrier",
            "law_note": True,
            "unasked": [_now("Correspondence")],
        },
        request_kinds=("access", "portability"),
    ),
    case_kind(
        "portability_ready",
        _("Data to take elsewhere is ready"),
        of(
            "package_terms",
            _("until when and how often it can be downloaded"),
            _with_package("package_terms"),
            is_block=True,
            is_mandatory=True,
        ),
        part("portable_found", _("how many records there are, or that there are none"), is_mandatory=True),
        _UNASKED,
        must(AUTHORITIES),
        particulars={"package": _PACKAGE_IS, "rows": "number of records"},
        optional={"unasked": _UNASKED_IS, "law_note": _LAW_NOTE_IS},
        sample=lambda law: {"package": _package(), "rows": 128, "unasked": [_now("Correspondence")]},
        link=LinkUse.ALWAYS,
        request_kinds=("portability",),
    ),
    case_kind(
        "partly_granted",
        _("Granted in part"),
        part("granted", _("what is granted"), is_mandatory=True),
        part("severed", _("what is left out or refused, with ground and reasons"), is_mandatory=True),
        _PACKAGE,
        _ALTERNATIVES,
        _UNASKED,
        _LAW_NOTE,
        must(AUTHORITIES),
        particulars={
            "granted": "list of what is granted",
            "severed": "list of {what, words, section, reasons}: left out or refused, ground, section, reasons",
        },
        optional={
            "stays": "whether something that was granted cannot be taken elsewhere",
            "package": _PACKAGE_IS,
            "by_post": _BY_POST_IS,
            "alternatives": "list of sentences",
            "unasked": _UNASKED_IS,
            "law_note": _LAW_NOTE_IS,
        },
        sample=lambda law: {
            "granted": [_now("Customer file: 128 records, complete"), _now("Correspondence: 14 letters, complete")],
            "severed": [
                {
                    "what": _now("Two passages of the call notes of 9 January 2026"),
                    **sample_ground("access", law),
                    "reasons": _now("They are about another customer. The rest of the page is yours."),
                },
            ],
            "alternatives": [_now("We can tell you at our office what these passages are about.")],
            "unasked": [_now("Correspondence")],
            "law_note": True,
            "package": _package(),
        },
        link=LinkUse.SOMETIMES,
    ),
    case_kind(
        "refused",
        _("Refused"),
        must(_GROUNDS),
        _REASONS,
        _ALTERNATIVES,
        _LAW_NOTE,
        must(AUTHORITIES),
        particulars={"reasons": "the officer's words"},
        optional=_GROUND | {"law_note": _LAW_NOTE_IS},
        sample=lambda law: {
            "grounds": [sample_ground("access", law)],
            "reasons": _now("The file you ask for is about your neighbour. We may not show it to anybody else."),
            "alternatives": [_now("We can confirm in writing which of your own data is in that file.")],
            "law_note": True,
        },
    ),
    case_kind(
        "erased",
        _("Erasure carried out"),
        of(
            "erased_title",
            _("whether all, a part or nothing was deleted, for the heading"),
            _erased_title,
            in_heading=True,
        ),
        part("erased_done", _("what was deleted or made anonymous"), is_mandatory=True),
        part("erased_kept", _("what is kept, until when, and why"), is_mandatory=True),
        part("erased_backups", _("what becomes of copies in backups, where something was deleted")),
        part("consents_ended", _("consents that ended with the data")),
        part("copy_waiting", _("until when a copy that was asked for can be fetched")),
        must(AUTHORITIES),
        particulars={
            "done": "list of what was deleted",
            "kept": "list of what is kept and why",
            "withdrawn": "titles of purposes whose consent ended",
            "copy_until": "date, or None",
        },
        optional={
            "is_refused": "whether a part was refused of which the person may know",
            "may_be_silent": "whether a law of the organisation knows grounds that nobody may be told of",
            **_NEWER_IS,
        },
        sample=lambda law: {
            "done": [_now("Customer file: 128 records, complete")],
            "kept": [_kept(law)],
            **_newer(),
            "withdrawn": [_now("News by e-mail")],
            "copy_until": SOON,
        },
        request_kinds=("erasure",),
    ),
    case_kind(
        "cooling_off",
        _("Erasure is about to begin"),
        day("until", _("last day on which it can be cancelled"), with_weekday=True, is_mandatory=True),
        lines("what", _("what will be deleted"), is_mandatory=True),
        part("erased_held", _("what cannot be deleted yet")),
        part("erased_kept", _("what is kept, until when, and why")),
        particulars={"until": "last day for cancelling", "what": "list of what will be deleted"},
        optional={
            "held": "list of what goes only when a hold has ended",
            "kept": "list of what is kept and why",
            **_NEWER_IS,
        },
        sample=lambda law: {
            "until": SOON,
            "what": [_now("Customer file: 128 records, complete")],
            "held": [_now("Correspondence: 14 letters, complete")],
            "kept": [_kept(law)],
            **_newer(),
        },
        link=LinkUse.ALWAYS,
        request_kinds=("erasure",),
    ),
    case_kind(
        "erasure_begins",
        _("Erasure begins at once"),
        must(DUE_ON),
        request_kinds=("erasure",),
    ),
    case_kind(
        "corrected",
        _("Correction made"),
        part("changes", _("what was changed, from what to what"), is_mandatory=True),
        part("recipients_told", _("to whom the correction was passed on")),
        must(AUTHORITIES),
        particulars={"changes": "list of {what, old, new}"},
        optional={"recipients": "names of those who are told"},
        sample=lambda law: {
            "changes": [
                {"what": _now("Family name"), "old": "Mensa", "new": "Mensah"},
                {"what": _now("Postal address"), "old": "", "new": "4 Palm Street, Accra"},
            ],
            "recipients": ["Sahara Couriers Ltd"],
        },
        request_kinds=("rectification",),
    ),
    case_kind(
        "correction_refused",
        _("Correction refused, your words added"),
        paragraph("wanted", _("the correction that was asked for"), is_mandatory=True),
        must(_GROUNDS),
        _REASONS,
        _ALTERNATIVES,
        must(AUTHORITIES),
        particulars={"wanted": "the correction that was asked for", "reasons": "the officer's words"},
        optional=_GROUND,
        sample=lambda law: {
            "wanted": _now("That the contract ended in May, not in June."),
            "grounds": [sample_ground("rectification", law)],
            "reasons": _now("Your own letter of 2 June ends the contract. We have added what you say."),
            "alternatives": [_now("You can see your letter at our office.")],
        },
        request_kinds=("rectification",),
    ),
    case_kind(
        "question_answered",
        _("Question answered"),
        paragraph("answer", _("the answer"), is_mandatory=True),
        particulars={"answer": "the officer's words"},
        sample=lambda law: {"answer": _now("We keep call notes for one year and then delete them.")},
        request_kinds=("question",),
    ),
    case_kind(
        "reconsidered",
        _("Automated decision reconsidered"),
        paragraph("decision", _("the decision it is about"), is_mandatory=True),
        part("reconsidered_outcome", _("whether it is changed"), is_mandatory=True),
        _REASONS,
        must(AUTHORITIES),
        particulars={
            "decision": "the decision it is about",
            "is_changed": "whether a person decided otherwise",
            "reasons": "the officer's words",
        },
        optional={"new_decision": "the decision as it is now, when changed"},
        sample=lambda law: {
            "decision": _now("Your application for payment by instalments of 12 February 2026"),
            "is_changed": True,
            "new_decision": _now("You can pay in six instalments."),
            "reasons": _now("The programme had not counted your new employment."),
        },
        request_kinds=("reconsideration",),
    ),
)
