"""What the person of an open case is asked by us and still has to answer, for the pages of the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from privacy.law.enums import Cause
from requests.enums import ClockEventKind, RequestState
from requests.models import CaseFileRole, FileAsk, SubjectRequest


@dataclass(frozen=True)
class IdentityQuestion:
    """What is accepted as proof, and by when. `waits` is False once they have answered.

    `takes_documents`: a document can be sent on the page. `own_ask` is the place for it, where nothing more is said.
    """

    ways: list[str]
    until: date | None
    waits: bool
    takes_documents: bool
    own_ask: FileAsk | None


def identity_question(case: SubjectRequest, asks: Sequence[FileAsk]) -> IdentityQuestion | None:
    """The question who they are, while it is of use to the person; None when there is none. At most one query.

    Args:
        asks: the documents that the person is asked for (`case_files.selectors.open_asks`).
    """
    waits = waits_for(case, Cause.IDENTITY)
    for_proof = next((ask for ask in asks if ask.role == CaseFileRole.IDENTITY_DOCUMENT), None)
    if case.state != RequestState.RECEIVED or not (waits or for_proof):
        return None
    words = _asked(case, Cause.IDENTITY)
    own = for_proof if for_proof is not None and for_proof.words == words else None
    if not waits and own is None:
        return None
    return IdentityQuestion(words.splitlines(), case.identity_until, waits, for_proof is not None, own)


def open_clarification(case: SubjectRequest) -> str:
    """Our question about the request, as it was asked; empty when none waits for a reply. At most one query."""
    return _asked(case, Cause.CLARIFICATION) if waits_for(case, Cause.CLARIFICATION) else ""


def open_ways(case: SubjectRequest) -> list[str]:
    """What shows who they are, while we wait for it; empty when we do not. At most one query."""
    return _asked(case, Cause.IDENTITY).splitlines() if waits_for(case, Cause.IDENTITY) else []


def waits_for(case: SubjectRequest, cause: Cause) -> bool:
    """Whether we wait for this from the person."""
    return case.closed_at is None and cause.value in case.waiting_for.split()


def _asked(case: SubjectRequest, cause: Cause) -> str:
    """The latest question of its kind; empty when there is none."""
    began = case.clock_events.filter(kind=ClockEventKind.WAIT_BEGAN, cause=cause.value)
    return began.order_by("-id").values_list("reason", flat=True).first() or ""
