"""Objection, restriction, withdrawal of consent: what stops, what goes on, and why."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import LetterKind, Particulars, Placeholder
from privacy.letters.places import lines, of, paragraph, part
from requests.letter_kinds.places import AUTHORITIES, case_kind, must
from requests.letter_kinds.samples import LATER, sample_ground


def _restricted_means(given: Particulars) -> str:
    if not given["stopped"]:
        return _now("So the use of your data is not restricted.")
    return _now(
        "Restricted data is kept, and used only with your consent, for claims at law, or to protect somebody else. "
        "Before a restriction ends, we write to you."
    )


def _answer(code: str, title: str | Promise, kind: str, *own: Placeholder) -> LetterKind:
    return case_kind(
        code,
        title,
        part("stopped", _("what stops, and from when")),
        part("goes_on", _("what goes on, on which ground and for which reasons")),
        *own,
        part("alternatives", _("what the person can have instead, if anything")),
        must(AUTHORITIES),
        particulars={
            "stopped": "list of purposes for which the data is no longer used; may be empty",
            "goes_on": "list of {what, words, section, reasons}; may be empty",
        },
        optional={
            "alternatives": "list of sentences",
            "spared": "titles of purposes that an objection to everything does not reach",
        },
        sample=lambda law: {
            "stopped": [_now("Advertising by post"), _now("Customer profiles")],
            "goes_on": [
                {
                    "what": _now("Invoices and bookkeeping"),
                    **sample_ground(kind, law),
                    "reasons": _now("Tax law wants invoices kept for six years."),
                }
            ],
            "alternatives": [_now("You can ask again later, when this reason has ended.")],
        },
        request_kinds=(kind,),
    )


KINDS = (
    case_kind(
        "consent_withdrawn",
        _("Consent withdrawn"),
        part("purposes", _("each purpose, and what withdrawing means"), is_mandatory=True),
        particulars={
            "purposes": "list of {title, consequences, goes_on_because}; the last why the data is used all the same",
        },
        sample=lambda law: {
            "purposes": [
                {
                    "title": _now("News by e-mail"),
                    "consequences": _now("You get no news and no offers from us."),
                    "goes_on_because": "",
                },
                {"title": _now("Customer profiles"), "consequences": "", "goes_on_because": ""},
            ]
        },
        request_kinds=("consent_withdrawal",),
    ),
    _answer("objection_answered", _("Objection answered"), "objection"),
    _answer(
        "restriction_answered",
        _("Restriction answered"),
        "restriction",
        of(
            "restricted_means", _("what the restriction means, or that there is none"), _restricted_means, is_block=True
        ),
    ),
    case_kind(
        "restriction_ending",
        _("Restriction is about to end"),
        lines("what", _("what will be used again"), is_mandatory=True),
        paragraph("reasons", _("why the restriction ends"), is_mandatory=True),
        part("ends_on", _("the day on which it ends"), is_mandatory=True),
        must(AUTHORITIES),
        particulars={"what": "list of purposes", "reasons": "the officer's words", "until": "last day of restriction"},
        sample=lambda law: {
            "what": [_now("Customer profiles")],
            "reasons": _now("We have checked your data, and it is correct now."),
            "until": LATER,
        },
        request_kinds=("restriction",),
    ),
)
