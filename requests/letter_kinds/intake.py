"""From the request to its beginning, and what ends it before it is decided."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.composing import block
from privacy.letters.kinds import LinkUse, Particulars, Placeholder
from privacy.letters.places import HELLO, of, paragraph, part, text
from requests.clocks import identity_may_be_asked
from requests.enums import IdentityLevel
from requests.letter_kinds.places import CLOCK_NOTE, REFERENCE, WAITING_IS, case_kind, is_past, law_words, must
from requests.letter_kinds.samples import SOON
from requests.letter_kinds.slips import reply_by_post
from requests.traits import traits_of


def _what_next(given: Particulars) -> str:
    traits = traits_of(given["case"].kind)
    facts = {
        "looks_for_data": traits.looks_for_data,
        "needs_identity": traits.needs_identity,
        "is_known": given["case"].identity_level == IdentityLevel.AUTHENTICATED,
        "may_ask_who": identity_may_be_asked(given["case"].deadlines),
    }
    return block("what_next")(dict(given) | facts)


def _by_day(name: str, description: Promise) -> Placeholder:
    """A block that says the last day for our answer, and whether it is past: of a case that is dated back it can be."""

    def value(given: Particulars) -> str:
        facts = {"law": law_words(given["binding"]), "is_past": is_past(given)}
        return block(name)(dict(given) | facts)

    return of(name, description, value, is_block=True)


KINDS = (
    case_kind(
        "confirm",
        _("Confirm the request"),
        _by_day("time_runs", _("until when our time for the answer runs, or that it is over")),
        link=LinkUse.ALWAYS,
        greeting=HELLO,
    ),
    case_kind(
        "acknowledged",
        _("Request received"),
        _by_day("answer_when", _("by when the person has our answer, or that the day is past")),
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
