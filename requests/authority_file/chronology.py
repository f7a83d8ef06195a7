"""What happened, as the ledger has it, in words: for the authority all of it, for the person what their page tells."""

from datetime import datetime
from typing import Any

from privacy.ledger.models import LedgerEntry
from requests.admin.timeline import lines_of
from requests.authority_file.shape import For, moment
from requests.models import SubjectRequest
from requests.selectors import public_step_words, timeline

_READING = ("viewed", "file_opened", "authority_file_made", "person_copy_made")
_NOT_PART_OF_IT = tuple(f"subject_request.{code}" for code in _READING)


def chronology(case: SubjectRequest, reader: For) -> list[dict[str, Any]]:
    """The ledger in words, the earliest first; entries are named by their ids, by which they can be verified.

    Of what happened the person gets what their own page tells: other acts may show that there is a secret ground.
    """
    entries = list(timeline(case).exclude(action__in=_NOT_PART_OF_IT).order_by("recorded_at", "id"))
    if reader is For.PERSON:
        return _public(case, entries)
    return [
        {
            "entry": str(entry.pk),
            "at": moment(line.at),
            "what": str(line.words),
            "details": list(line.details),
            "by": str(line.by),
        }
        for entry, line in zip(entries, lines_of(entries), strict=True)
    ]


def last_moved(case: SubjectRequest) -> datetime:
    """When something last happened in the case; that somebody read it is nothing that happened."""
    last = timeline(case).exclude(action__in=_NOT_PART_OF_IT).order_by("-recorded_at").first()
    return last.recorded_at if last else case.received_at


def _public(case: SubjectRequest, entries: list[LedgerEntry]) -> list[dict[str, Any]]:
    words = public_step_words(case)
    told = [(entry, words.get(entry.action.removeprefix("subject_request."))) for entry in entries]
    return [
        {"entry": str(entry.pk), "at": moment(entry.recorded_at), "what": str(what), "details": [], "by": ""}
        for entry, what in told
        if what is not None
    ]
