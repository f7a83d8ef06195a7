"""What the file for an authority says, as plain data: JSON and PDF are both made from it.

Two are made of the same case. The one for the authority has everything, also what the person must not be told, and says
of it that it is so. The person's copy leaves out grounds that must stay secret, notes of the investigation, names of
officers, letters to others, what others put on file, and a case of somebody else. What is read here does not change by
being read: the same case gives the same file.

Words are in the language that is active. Each subject has its part in a file beside this one.
"""

from typing import Any

from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import identifier_of
from requests.authority_file.bodies import authorities, organisation
from requests.authority_file.chronology import chronology, last_moved
from requests.authority_file.counting import clocks, events
from requests.authority_file.decided import decision
from requests.authority_file.evidence import Piece, evidence_of
from requests.authority_file.investigation import investigation
from requests.authority_file.letters import letters
from requests.authority_file.shape import Contents, For, day, moment
from requests.enums import RequestKind
from requests.models import SubjectRequest

FORMAT = "privacy-desk.authority-file.1"


def contents_of(complaint: SubjectRequest, reader: For, *, language: str) -> Contents:
    """Everything about a complaint and the case that it is about.

    Args:
        language: the one that is active, for the record.
    """
    about = _about(complaint, reader)
    cases = [complaint, *([about] if about else [])]
    made = Contents({}, max(last_moved(case) for case in cases))
    made.document = {
        "format": FORMAT,
        "language": language,
        "for": reader.value,
        "as_of": made.as_of.isoformat(),
        "organisation": organisation(),
        "authorities": authorities(complaint),
        "complaint": _case(complaint, reader, made),
        "about": _case(about, reader, made) if about else None,
    }
    return made


def _about(complaint: SubjectRequest, reader: For) -> SubjectRequest | None:
    """The case complained of. Where it is another person's, whoever complains gets nothing of it."""
    if complaint.about_case_id is None:
        return None
    about = SubjectRequest.objects.filter(pk=complaint.about_case_id).first()
    if about is not None and reader is For.PERSON and about.subject_id != complaint.subject_id:
        return None
    return about


def _case(case: SubjectRequest, reader: For, made: Contents) -> dict[str, Any]:
    to_authority = reader is For.AUTHORITY
    part: dict[str, Any] = {
        "reference": case.reference,
        "kind": str(case.get_kind_display()),
        "stage": str(case.get_state_display()),
        "person": {"name": case.name, "email": identifier_of(case.subject, IdentifierKind.EMAIL)},
        "channel": str(case.get_channel_display()),
        "identity": str(case.get_identity_level_display()),
        "received_on": case.received_on.isoformat(),
        "asked_again_on": day(case.asked_again_on),
        "said": case.details,
        "particulars": case.particulars,
        "closed_at": moment(case.closed_at),
        "clocks": clocks(case),
        "clock_events": events(case),
        "deemed_refused_on": day(case.deemed_refused_on),
        "decision": decision(case, reader),
        "chronology": chronology(case, reader),
        "letters": letters(case, reader, made),
        "evidence": [_piece(piece) for piece in evidence_of(case, only_known_to_the_person=not to_authority)],
    }
    if to_authority and case.received_reason:
        part["dated_back_because"] = case.received_reason
    if case.kind == RequestKind.COMPLAINT:
        part |= investigation(case, reader)
    return part


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "what": piece.what, "name": piece.name, "bytes": piece.size, "sha256": piece.sha256, "at": moment(piece.at),
        "kept": piece.kept,
    }  # fmt: skip
