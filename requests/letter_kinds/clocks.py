"""Time and money: fees, longer time, and time that ran out."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import LinkUse
from privacy.letters.places import day, paragraph, part, text
from requests.letter_kinds.places import AUTHORITIES, CLOCK_NOTE, case_kind, must
from requests.letter_kinds.samples import LATER, SOON

KINDS = (
    case_kind(
        "fee_estimate",
        _("Estimate of a fee"),
        text("amount", _("estimated cost, with its currency"), is_mandatory=True),
        part("deposit_note", _("what is to be paid first, if anything")),
        paragraph("work", _("what the fee is for"), is_mandatory=True),
        part("answer_or_withdrawn", _("by when, and that the law takes silence as a withdrawal")),
        CLOCK_NOTE,
        must(AUTHORITIES),
        particulars={"amount": "estimate with currency", "work": "what it is for"},
        optional={
            "deposit": "amount to be paid first, with currency",
            "until": "day after which silence is a withdrawal",
            "clock_note": "sentence on what waiting does to the clock",
        },
        sample=lambda: {
            "amount": "GHS 120.00",
            "work": _now("Copying and posting about 400 pages of correspondence from our paper archive."),
            "deposit": "GHS 60.00",
            "until": SOON,
        },
        link=LinkUse.ALWAYS,
    ),
    case_kind(
        "fee_lapsed",
        _("Closed: no answer about the fee"),
        text("amount", _("estimated cost, with its currency")),
        day("estimated_on", _("day of the estimate")),
        must(AUTHORITIES),
        particulars={"amount": "estimate with currency", "estimated_on": "day of the estimate"},
        sample=lambda: {"amount": "GHS 120.00", "estimated_on": SOON},
    ),
    case_kind(
        "extended",
        _("Extension"),
        text("law", _("the law that lets us take more time")),
        day("old_due_on", _("last day until now"), with_weekday=True),
        day("new_due_on", _("new last day for our answer"), with_weekday=True, is_mandatory=True),
        paragraph("reasons", _("why more time is needed"), is_mandatory=True),
        must(AUTHORITIES),
        particulars={
            "law": "citation of the law that is extended",
            "old_due_on": "date",
            "new_due_on": "date",
            "reasons": "the officer's words",
        },
        sample=lambda: {
            "law": "PIPEDA s. 8(3)",
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
        sample=lambda: {"deemed_refused_on": LATER},
    ),
)
