"""From the request to its beginning, and what ends it before it is decided."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import LinkUse
from privacy.letters.places import HELLO, paragraph, part, text
from requests.letter_kinds.places import CLOCK_NOTE, REFERENCE, WAITING_IS, case_kind, must
from requests.letter_kinds.samples import SOON
from requests.letter_kinds.slips import reply_by_post

KINDS = (
    case_kind("confirm", _("Confirm the request"), link=LinkUse.ALWAYS, greeting=HELLO),
    case_kind("acknowledged", _("Request received"), link=LinkUse.ALWAYS),
    case_kind("tracking", _("New link to a request"), link=LinkUse.ALWAYS),
    case_kind("withdrawn", _("Request withdrawn")),
    case_kind(
        "clarification",
        _("Question about a request"),
        paragraph("questions", _("what we have to know"), is_mandatory=True),
        part("answer_by", _("by when an answer helps, if there is such a day")),
        CLOCK_NOTE,
        particulars={"questions": "what the officer asks"},
        optional={"until": "date by which an answer is needed"} | WAITING_IS,
        sample=lambda law: {
            "questions": _now("Which branch did you deal with, and in which years?"),
            "until": SOON,
            "waiting": "pause",
        },
        link=LinkUse.ALWAYS,
        on_paper=reply_by_post,
    ),
    case_kind(
        "joined",
        _("Request joined to another"),
        must(REFERENCE),
        text("other_reference", _("reference of the request that goes on"), is_mandatory=True),
        particulars={"other_reference": "reference of the case that goes on"},
        sample=lambda law: {"other_reference": "PR-4M8T-K1XW"},
    ),
    case_kind("not_confirmed", _("Closed: never confirmed"), greeting=HELLO),
)
