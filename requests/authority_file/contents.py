"""What the file for an authority says, as plain data: JSON and PDF are both made from it.

Two are made of the same case. The one for the authority has everything, also what the person must not be told, and says
of it that it is so. The person's copy leaves out grounds that must stay secret, notes of the investigation, names of
officers, letters to others, what others put on file, and a case of somebody else. What is read here does not change by
being read: the same case gives the same file.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from privacy.law.catalogue import authority
from privacy.ledger.models import LedgerEntry
from privacy.letters.kinds import kind_title
from privacy.letters.models import Letter, LetterState
from privacy.letters.selectors import letters_to_people
from privacy.officers.models import Officer
from privacy.register.selectors import profile
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import identifier_of
from requests.admin.timeline import lines_of
from requests.authority_file.evidence import Piece, evidence_of
from requests.authority_file.grounds import grounds_of
from requests.complaint_clock import acknowledge_by, acknowledged_on, authorities_for
from requests.enums import EscalationLevel, RequestKind
from requests.models import CaseAnswer, ClockEvent, SubjectRequest
from requests.selectors import public_step_words, timeline

FORMAT = "privacy-desk.authority-file.1"
_READING = ("viewed", "file_opened", "authority_file_made", "person_copy_made")
_NOT_PART_OF_IT = tuple(f"subject_request.{code}" for code in _READING)


class For(StrEnum):
    """Who reads the file."""

    AUTHORITY = "authority"
    PERSON = "person"


@dataclass
class Contents:
    """`document` is JSON; `files` are names in the archive and what is in them; `as_of` is when the case last moved."""

    document: dict[str, Any]
    as_of: datetime
    files: dict[str, bytes] = field(default_factory=dict)


def contents_of(complaint: SubjectRequest, reader: For) -> Contents:
    """Everything about a complaint and the case that it is about."""
    about = _about(complaint, reader)
    cases = [complaint, *([about] if about else [])]
    made = Contents({}, max(_last_moved(case) for case in cases))
    made.document = {
        "format": FORMAT,
        "for": reader.value,
        "as_of": made.as_of.isoformat(),
        "organisation": _organisation(),
        "authorities": [_authority(code) for code in dict.fromkeys(_authority_codes(complaint))],
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
        "said": case.details,
        "particulars": case.particulars,
        "closed_at": _moment(case.closed_at),
        "clocks": [_clock(kept) for kept in case.deadlines],
        "clock_events": [_event(event) for event in case.clock_events.order_by("id")],
        "deemed_refused_on": _day(case.deemed_refused_on),
        "decision": _decision(case, reader),
        "chronology": _chronology(case, reader),
        "letters": _letters(case, reader, made),
        "evidence": [_piece(piece) for piece in evidence_of(case, only_known_to_the_person=not to_authority)],
    }
    if to_authority and case.received_reason:
        part["dated_back_because"] = case.received_reason
    if case.kind == RequestKind.COMPLAINT:
        part |= _investigation(case, to_authority)
    return part


def _investigation(case: SubjectRequest, to_authority: bool) -> dict[str, Any]:
    notes = case.investigation_notes.select_related("officer").order_by("id") if to_authority else ()
    return {
        "acknowledge_by": _day(acknowledge_by(case)),
        "acknowledged_on": _day(acknowledged_on(case)),
        "notes": [{"at": _moment(n.noted_at), "by": n.officer.full_name, "text": n.text} for n in notes],
        "measures": [{"at": _moment(each.taken_at), "text": each.text} for each in case.measures.order_by("id")]
        if to_authority
        else [],
        "escalations": [
            {
                "at": _moment(each.escalated_at),
                "to": _escalated_to(each.level, each.authority, each.to_officer, to_authority),
                "reasons": each.reasons if to_authority or each.level == EscalationLevel.AUTHORITY else None,
                "recourse_ends_on": _day(each.recourse_ends_on),
            }
            for each in case.escalations.select_related("to_officer").order_by("id")
        ],
    }


def _escalated_to(level: str, code: str, to: Officer | None, to_authority: bool) -> str:
    if level == EscalationLevel.AUTHORITY:
        return authority(code).name
    return to.full_name if to and to_authority else _("another Privacy Officer")


def _decision(case: SubjectRequest, reader: For) -> dict[str, Any] | None:
    """The outcome with its grounds. A ground that must stay secret is marked, and is not in the person's copy."""
    if case.decided_at is None:
        return None
    to_authority = reader is For.AUTHORITY
    answer = CaseAnswer.objects.filter(case=case).first()
    by = case.decided_by.full_name if case.decided_by else _("a former officer")
    return {
        "at": _moment(case.decided_at),
        "by": by if to_authority else None,
        "outcome": str(case.get_outcome_display()),
        "grounds": grounds_of(case, with_secret=to_authority),
        "answer": answer.text if answer else None,
        "is_changed": answer.is_changed if answer else None,
        "new_decision": answer.new_decision if answer else None,
        "approvals": [
            {"at": _moment(each.approved_at), "by": each.officer.full_name if to_authority else None}
            for each in case.approvals.select_related("officer").order_by("id")
        ],
    }


def _chronology(case: SubjectRequest, reader: For) -> list[dict[str, Any]]:
    """The ledger in words, the earliest first; entries are named by their ids, by which they can be verified.

    Of what happened the person gets what their own page tells: other acts may show that there is a secret ground.
    """
    entries = _entries(case)
    if reader is For.PERSON:
        return _public_chronology(case, entries)
    return [
        {
            "entry": str(entry.pk),
            "at": _moment(line.at),
            "what": str(line.words),
            "details": list(line.details),
            "by": str(line.by),
        }
        for entry, line in zip(entries, lines_of(entries), strict=True)
    ]


def _public_chronology(case: SubjectRequest, entries: list[LedgerEntry]) -> list[dict[str, Any]]:
    words = public_step_words(case)
    told = [(entry, words.get(entry.action.removeprefix("subject_request."))) for entry in entries]
    return [
        {"entry": str(entry.pk), "at": _moment(entry.recorded_at), "what": str(what), "details": [], "by": ""}
        for entry, what in told
        if what is not None
    ]


def _entries(case: SubjectRequest) -> list[LedgerEntry]:
    return list(timeline(case).exclude(action__in=_NOT_PART_OF_IT).order_by("recorded_at", "id"))


def _letters(case: SubjectRequest, reader: For, made: Contents) -> list[dict[str, Any]]:
    """Each letter with its file in the archive: the PDF as it was kept, else the text."""
    found = []
    letters = Letter.objects.filter(case_id=case.pk).exclude(state=LetterState.DRAFT)
    if reader is For.PERSON:
        letters = letters_to_people(letters)
    for number, letter in enumerate(letters.order_by("created_at", "id"), 1):
        pdf: bytes | None = letter.pdf
        data = pdf if pdf is not None else str(letter.body).encode()
        name = f"letters/{case.reference}/{number:02}-{letter.kind}.{'pdf' if pdf is not None else 'txt'}"
        made.files[name] = data
        found.append(
            {
                "file": name,
                "sha256": hashlib.sha256(data).hexdigest(),
                "sha256_on_record": letter.pdf_sha256 or None,
                "kind": str(kind_title(letter.kind)),
                "subject": letter.heading,
                "written": _moment(letter.created_at),
                "state": str(letter.get_state_display()),
                "sent": _moment(letter.sent_at),
            }
        )
    return found


def _clock(kept: dict[str, Any]) -> dict[str, Any]:
    names = (
        "citation", "origin", "measures", "received_on", "due_on", "target_on", "acknowledge_by",
        "extension_notice_by", "deemed_refused_on", "sentences", "rule_id", "rule_version",
    )  # fmt: skip
    return {name: kept.get(name) for name in names}


def _event(event: ClockEvent) -> dict[str, Any]:
    return {
        "on": event.on.isoformat(),
        "what": str(event.get_kind_display()),
        "cause": event.cause,
        "under": event.under,
        "by": event.n,
        "ground": event.ground,
        "permitted_by_authority": event.permitted_by_authority,
        "reason": event.reason,
        "recorded": _moment(event.recorded_at),
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "what": piece.what, "name": piece.name, "bytes": piece.size, "sha256": piece.sha256, "at": _moment(piece.at),
        "kept": piece.kept,
    }  # fmt: skip


def _authority_codes(case: SubjectRequest) -> list[str]:
    """Those that have the complaint; else those that could."""
    there = case.escalations.filter(level=EscalationLevel.AUTHORITY).order_by("id").values_list("authority", flat=True)
    return list(there) or [each.code for each in authorities_for(case)]


def _authority(code: str) -> dict[str, Any]:
    body = authority(code)
    return {
        "name": body.name, "postal_address": body.postal_address, "phone": body.phone, "email": body.email,
        "url": body.complaint_url or body.url,
    }  # fmt: skip


def _organisation() -> dict[str, Any]:
    ours = profile()
    return {
        "name": ours.legal_name, "address": ours.address, "officer": ours.officer_name, "email": ours.officer_email,
        "phone": ours.officer_phone,
    }  # fmt: skip


def _last_moved(case: SubjectRequest) -> datetime:
    last = timeline(case).exclude(action__in=_NOT_PART_OF_IT).order_by("-recorded_at").first()
    return last.recorded_at if last else case.received_at


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
