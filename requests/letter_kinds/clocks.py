"""Time and money: fees, longer time, and time that ran out."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import LinkUse, Particulars, Placeholder
from privacy.letters.places import day, of, paragraph, part
from privacy.letters.words import money_words
from requests.letter_kinds.places import AUTHORITIES, CLOCK_NOTE, WAITING_IS, case_kind, law_words, must
from requests.letter_kinds.samples import LATER, SOON, sample_authorities_after_silence, sample_law
from requests.letter_kinds.slips import fee_slip

_AMOUNT_IS = {"amount": "estimated cost, with two decimals", "currency": "three letters"}
_CURRENCIES = {
    "BR": "BRL",
    "EU": "EUR",
    "GH": "GHS",
    "KE": "KES",
    "NG": "NGN",
    "UK": "GBP",
    "US-CA": "USD",
    "ZA": "ZAR",
}


def _amount(**more: Any) -> Placeholder:
    return of("amount", _("estimated cost, with its currency"), _amount_words, **more)


def _amount_words(given: Particulars) -> str:
    return money_words(given["amount"], given["currency"])


def _deposit_note(given: Particulars) -> str:
    if not given.get("deposit"):
        return ""
    return _now("To be paid before we begin: %(deposit)s") % {
        "deposit": money_words(given["deposit"], given["currency"])
    }


def _sample_amount(law: str) -> dict[str, Any]:
    return {"amount": Decimal("1120.00"), "currency": _CURRENCIES.get(law, "CAD")}


KINDS = (
    case_kind(
        "fee_estimate",
        _("Estimate of a fee"),
        _amount(is_mandatory=True),
        of("deposit_note", _("what is to be paid first, if anything"), _deposit_note, is_block=True),
        paragraph("work", _("what the fee is for"), is_mandatory=True),
        part("answer_or_withdrawn", _("by when, and that the law takes silence as a withdrawal")),
        CLOCK_NOTE,
        must(AUTHORITIES),
        particulars=_AMOUNT_IS | {"work": "what it is for"},
        optional={
            "deposit": "amount to be paid first",
            "until": "day after which silence is a withdrawal",
        }
        | WAITING_IS,
        sample=lambda law: {
            **_sample_amount(law),
            "work": _now("Copying and posting about 400 pages of correspondence from our paper archive."),
            "deposit": Decimal("60.00"),
            "until": SOON,
            "waiting": "none",
        },
        link=LinkUse.ALWAYS,
        on_paper=fee_slip,
    ),
    case_kind(
        "fee_lapsed",
        _("Closed: no answer about the fee"),
        _amount(),
        day("estimated_on", _("day of the estimate")),
        must(AUTHORITIES),
        particulars=_AMOUNT_IS | {"estimated_on": "day of the estimate"},
        sample=lambda law: _sample_amount(law) | {"estimated_on": SOON},
    ),
    case_kind(
        "extended",
        _("Extension"),
        of("law", _("the law that lets us take more time"), lambda given: law_words(given["extended"])),
        day("old_due_on", _("last day until now"), with_weekday=True),
        day("new_due_on", _("new last day for our answer"), with_weekday=True, is_mandatory=True),
        paragraph("reasons", _("why more time is needed"), is_mandatory=True),
        of(
            "right_to_complain",
            _("that the person can complain about the extension"),
            lambda given: _now("You have the right to complain about this extension."),
            is_block=True,
        ),
        must(AUTHORITIES),
        particulars={
            "extended": "the clock whose law is extended, as the case keeps it",
            "old_due_on": "date",
            "new_due_on": "date",
            "reasons": "the officer's words",
        },
        sample=lambda law: {
            "extended": sample_law("access", law),
            "old_due_on": LATER.replace(month=4),
            "new_due_on": LATER,
            "reasons": _now("We have to ask two other companies that worked on your file before we can answer."),
        },
    ),
    case_kind(
        "deemed_refused",
        _("Time ran out: taken as refused"),
        day("deemed_refused_on", _("day from which the law takes the request as refused"), is_mandatory=True),
        must(AUTHORITIES),
        particulars={"deemed_refused_on": "date"},
        sample=lambda law: {"deemed_refused_on": LATER, "authorities": sample_authorities_after_silence(law)},
    ),
)
