"""The bodies of answers about cases. What could name a person, or tell why something was refused, is not in them."""

from typing import Any

from django.db.models import QuerySet

from requests.models import SubjectRequest
from requests.selectors import public_status, public_steps
from requests.services.clock_events import clocks_today

_SHOWN = (
    "reference", "kind", "state", "channel", "language", "received_on", "asked_again_on", "due_on", "target_on",
    "closed_at", "outcome", "waiting_for", "identity_level", "identity_until", "is_minor", "subject_id", "received_at",
    "deemed_refused_on", "stands_until",
)  # fmt: skip


def lean(cases: QuerySet[SubjectRequest]) -> QuerySet[SubjectRequest]:
    """Cases with only the columns that a line of the list shows: nothing that would have to be decrypted."""
    return cases.only(*_SHOWN)


def line(case: SubjectRequest) -> dict[str, Any]:
    """One case of a list."""
    return {
        "reference": case.reference,
        "kind": case.kind,
        "state": case.state,
        "channel": case.channel,
        "subject": str(case.subject_id),
        "received_on": case.received_on.isoformat(),
        "asked_again_on": case.asked_again_on.isoformat() if case.asked_again_on else None,
        "due_on": case.due_on.isoformat(),
        "target_on": case.target_on.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "outcome": case.outcome or None,
        "waiting_for": case.waiting_for.split(),
        "clock_stands": case.clock_stands,
        "identity": case.identity_level,
        "is_minor": case.is_minor,
    }


def whole(case: SubjectRequest) -> dict[str, Any]:
    """One case with its clocks, each with its arithmetic in words, and what the person is told."""
    return line(case) | {
        "status": public_status(case),
        "deemed_refused_on": case.deemed_refused_on.isoformat() if case.deemed_refused_on else None,
        "clocks": [
            {
                "law": kept["law"],
                "citation": kept["citation"],
                "origin": kept["origin"],
                "due_on": kept["due_on"],
                "stands": bool(kept.get("stands")),
                "target_on": kept["target_on"],
                "sentences": kept["sentences"],
            }
            for kept in clocks_today(case)
        ],
        "steps": [{"on": step.on.isoformat(), "words": str(step.words)} for step in public_steps(case)],
    }
