"""Complaints: heard, looked into, answered."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import LinkUse
from privacy.letters.places import paragraph, part
from requests.letter_kinds.places import AUTHORITIES, case_kind, must
from requests.letter_kinds.samples import LATER, sample_case_particulars

_ABOUT = part("about_case", _("the request that the complaint is about, if there is one"))
_WHEN = part("complaint_when", _("by when the complaint is answered"))
_WHEN_IS = {"answer_by": "last day for the answer, None where the law sets none"}
_ABOUT_IS = {"about_reference": "reference of the case complained of"}


def _sample_authority(law: str) -> str:
    body = sample_case_particulars("complaint", law)["authorities"][0]
    return "\n".join(filter(None, (body["name"], body["address"], body["url"])))


def _another_authority(law: str) -> list[dict[str, Any]]:
    """Of an organisation that answers to a second law, whose authority has not been told."""
    return list(sample_case_particulars("complaint", "UK" if law == "CA-FED" else "CA-FED")["authorities"])


KINDS = (
    case_kind(
        "complaint_acknowledged",
        _("Complaint received"),
        _ABOUT,
        _WHEN,
        must(AUTHORITIES),
        optional=_ABOUT_IS | _WHEN_IS,
        sample=lambda law: {"about_reference": "PR-4M8T-K1XW", "answer_by": LATER},
        link=LinkUse.ALWAYS,
        request_kinds=("complaint",),
    ),
    case_kind(
        "complaint_progress",
        _("How far we are with a complaint"),
        paragraph("progress", _("what was done and what comes next"), is_mandatory=True),
        part("next_news", _("when we write next")),
        _WHEN,
        must(AUTHORITIES),
        particulars={"progress": "the officer's words"},
        optional={"next_news_on": "day of the next letter"} | _WHEN_IS,
        sample=lambda law: {
            "progress": _now("We have read the file and spoken to the branch. We still have to hear the driver."),
            "next_news_on": LATER,
            "answer_by": LATER,
        },
        request_kinds=("complaint",),
    ),
    case_kind(
        "complaint_escalated",
        _("Complaint put before the authority"),
        paragraph(
            "put_before", _("the authority, its address, and until when the person can ask there"), is_mandatory=True
        ),
        paragraph("reasons", _("why it was put there, in the officer's words"), is_mandatory=True),
        _WHEN,
        particulars={
            "put_before": "words about the authority",
            "reasons": "the officer's words",
            "authorities": "those that it is not with",
        },
        optional=_WHEN_IS,
        sample=lambda law: {
            "put_before": _now("Your complaint is now with the authority:") + "\n\n" + _sample_authority(law),
            "reasons": _now("You and we read the law differently, so we ask who has to decide."),
            "authorities": _another_authority(law),
            "answer_by": LATER,
        },
        request_kinds=("complaint",),
    ),
    case_kind(
        "complaint_outcome",
        _("Complaint decided"),
        _ABOUT,
        part("complaint_decision", _("whether the complaint is right"), is_mandatory=True),
        paragraph("findings", _("what was found"), is_mandatory=True),
        part("measures_taken", _("what is done about it, if anything")),
        must(AUTHORITIES),
        particulars={
            "outcome": "upheld, partly_upheld or not_upheld",
            "findings": "the officer's words",
        },
        optional={"measures": "list of measures taken", **_ABOUT_IS},
        sample=lambda law: {
            "outcome": "partly_upheld",
            "findings": _now(
                "Our answer was correct but came nine days late, because nobody stood in for the officer."
            ),
            "measures": [_now("Every request now has a second officer who sees it a week before it is due.")],
            "about_reference": "PR-4M8T-K1XW",
        },
        request_kinds=("complaint",),
    ),
)
