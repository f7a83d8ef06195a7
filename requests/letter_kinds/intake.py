"""From the request to its beginning, and what ends it before it is decided."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.composing import block
from privacy.letters.kinds import LinkUse, Particulars
from privacy.letters.places import HELLO, of, paragraph, part, text
from requests.clocks import identity_may_be_asked
from requests.letter_kinds.places import CLOCK_NOTE, REFERENCE, WAITING_IS, case_kind, must
from requests.letter_kinds.samples import SOON
from requests.letter_kinds.slips import reply_by_post
from requests.traits import traits_of


def _what_next(given: Particulars) -> str:
    traits = traits_of(given["case"].kind)
    facts = {
        "looks_for_data": traits.looks_for_data,
        "needs_identity": traits.needs_identity,
        "may_ask_who": identity_may_be_asked(given["case"].deadlines),
    }
    return block("what_next")(dict(given) | facts)


KINDS = (
    case_kind("confirm", _("Confirm the request"), link=LinkUse.ALWAYS, greeting=HELLO),
    case_kind(
        "acknowledged",
        _("Request received"),
        of("what_next", _("what happens next with a request of this kind"), _what_next, is_block=True),
        link=LinkUse.ALWAYS,
    ),
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
