"""Reminders to the officers who answer for a case."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import Audience, LetterKind, Particulars
from privacy.letters.places import HELLO, day, of, text
from requests.letter_kinds.samples import LATER, SAMPLE_REFERENCE

MARKS: dict[str, Promise] = {
    "target": _("our own target"),
    "limit": _("the last day for our answer"),
    "deemed_refusal": _("the day from which the law takes the request as refused"),
}
_SINCE: dict[str, Promise] = {
    "target": _("After it, little of the time is left that we have."),
    "limit": _("After it, we are late."),
    "deemed_refusal": _("On that day the portal records the refusal by itself and tells the person what they can do."),
}


def _of_mark(words: dict[str, Promise], given: Particulars) -> str:
    return str(words[given["mark"]])


KINDS = (
    LetterKind(
        code="case_due",
        title=_("Reminder: a case is due"),
        placeholders=(
            HELLO,
            text("reference", _("reference of the case"), in_heading=True),
            day("day", _("the day that comes near"), with_weekday=True, in_heading=True),
            of("mark", _("what that day is"), lambda given: _of_mark(MARKS, given)),
            of("what_then", _("what happens then"), lambda given: _of_mark(_SINCE, given), is_block=True),
            text("page", _("address of the case"), is_mandatory=True),
        ),
        sample=lambda law: {
            "reference": SAMPLE_REFERENCE,
            "day": LATER,
            "mark": "limit",
            "page": "https://privacy.baobab.example/officer/",
        },
        particulars={
            "reference": "of the case",
            "day": "date",
            "mark": "target, limit or deemed_refusal",
            "page": "address of the case on the officers' site",
        },
        audience=Audience.OFFICER,
    ),
    LetterKind(
        code="case_held",
        title=_("An approved erasure waits for a hold"),
        placeholders=(
            HELLO,
            text("reference", _("reference of the case"), in_heading=True),
            day("day", _("the last day to answer"), with_weekday=True),
            text("page", _("address of the case"), is_mandatory=True),
        ),
        sample=lambda law: {
            "reference": SAMPLE_REFERENCE,
            "day": LATER,
            "page": "https://privacy.baobab.example/officer/",
        },
        particulars={
            "reference": "of the case",
            "day": "date",
            "page": "address of the case on the officers' site",
        },
        audience=Audience.OFFICER,
    ),
    LetterKind(
        code="case_reminder",
        title=_("A colleague asks to look at a case"),
        placeholders=(
            HELLO,
            text("reference", _("reference of the case"), in_heading=True),
            day("day", _("the last day to answer"), with_weekday=True),
            text("asked_by", _("who asks")),
            text("page", _("address of the case"), is_mandatory=True),
        ),
        sample=lambda law: {
            "reference": SAMPLE_REFERENCE,
            "day": LATER,
            "asked_by": "Ama Owusu",
            "page": "https://privacy.baobab.example/officer/",
        },
        particulars={
            "reference": "of the case",
            "day": "date",
            "asked_by": "name of the officer who asks",
            "page": "address of the case on the officers' site",
        },
        audience=Audience.OFFICER,
    ),
)
