"""Asking the person of a case for a document, and no more than is needed (law: only when in reasonable doubt)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.subjects.models import LinkPurpose
from requests.case_files.errors import AskRefused
from requests.letters import write_case_letter
from requests.models import CaseFileRole, FileAsk, SubjectRequest
from requests.services.moves import check_may_handle, locked

ASKED_FOR = (CaseFileRole.IDENTITY_DOCUMENT, CaseFileRole.AUTHORITY, CaseFileRole.EVIDENCE)


@transaction.atomic
def ask_for_file(*, case: SubjectRequest, officer: Officer, role: CaseFileRole, words: str) -> FileAsk:
    """Ask the person for a document, by letter with a link to the page that takes it.

    Args:
        words: what is needed and what for; the letter and the page say it.

    Raises:
        NotAllowed: the case is not this officer's.
        AskRefused: it is closed, asked for already, or nobody could be written to.
    """
    case = locked(case)
    check_may_handle(officer, case)
    if case.closed_at is not None:
        raise AskRefused(_("The case is closed. Nothing more is needed from the person."))
    if role not in ASKED_FOR or not words.strip():
        raise AskRefused(_("Say which document you need, and what for."))
    if FileAsk.objects.filter(case=case, role=role, ended_at__isnull=True).exists():
        raise AskRefused(_("The person is asked for this already. Wait for the file, or take the question back."))
    ask = FileAsk.objects.create(case=case, role=role, words=words.strip(), officer=officer)
    actor = Actor.officer(officer)
    data = {"ask": str(ask.pk), "role": role}
    record(action="subject_request.file_asked", actor=actor, target=case, data=data)
    letter = write_case_letter(
        kind="file_asked", case=case, actor=actor, link=LinkPurpose.TRACK, words=ask.words,
        is_sensitive=role in (CaseFileRole.IDENTITY_DOCUMENT, CaseFileRole.AUTHORITY),
    )  # fmt: skip
    if letter is None:
        raise AskRefused(_("There is no e-mail address to ask under. Ask on paper, and add what comes yourself."))
    return ask


@transaction.atomic
def take_ask_back(*, ask: FileAsk, officer: Officer) -> None:
    """The document is not needed after all. Does nothing when the file has come.

    Raises:
        NotAllowed: the case is not this officer's.
    """
    check_may_handle(officer, ask.case)
    if FileAsk.objects.filter(pk=ask.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
        data = {"ask": str(ask.pk), "role": ask.role}
        record(action="subject_request.file_ask_taken_back", actor=Actor.officer(officer), target=ask.case, data=data)
