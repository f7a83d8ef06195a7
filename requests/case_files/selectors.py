"""Questions about the files of a case, in a constant number of queries."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from privacy.documents import scanning
from privacy.documents.enums import ScanResult
from privacy.documents.rendering import RENDERED
from privacy.officers.models import Officer
from requests.case_files.opening import closed_words, may_handle, may_open
from requests.models import CaseFile, CaseFileRole, FileAsk, Redaction, SubjectRequest
from requests.models.files import RELEASABLE_ROLES

LEVELS = {
    ScanResult.QUARANTINED: "soon",
    ScanResult.CLEAN: "ok",
    ScanResult.INFECTED: "overdue",
    ScanResult.UNSCANNED: "plain",
    ScanResult.MADE_HERE: "plain",
}
REDACTABLE = RENDERED | {"txt", "html"}


@dataclass(frozen=True)
class FileRow:
    """One file for a page. `link` is empty when this officer cannot open it, and `words` say why."""

    file: CaseFile
    name: str
    link: str
    words: str
    by: str
    level: str
    redact_link: str
    original: CaseFile | None
    release: str


class Release:
    """What pages say about a file and access packages: it goes along, could, or may not because of what is withheld."""

    GOES, STAYS, WITHHELD, NEVER = "goes", "stays", "withheld", ""


def files_card(case: SubjectRequest, officer: Officer) -> dict[str, Any]:
    """The context of the card `officer/requests/cards/files.html`."""
    handles = may_handle(officer, case)
    return {
        "rows": file_rows(case, officer, handles=handles),
        "asks": open_asks(case),
        "link": reverse("officer:case_files", args=[case.pk]),
        "may_handle": handles,
        "is_scanned": scanning.is_configured(),
    }


def file_rows(case: SubjectRequest, officer: Officer, *, handles: bool) -> list[FileRow]:
    """Every file of a case, deleted ones too, the latest first."""
    files = CaseFile.objects.filter(case=case).exclude(digest="").select_related("officer")
    withheld = {each.file_id for each in Redaction.objects.filter(case=case) if each.marks or each.copy_digest}
    originals = {
        redaction.copy_id: redaction.file
        for redaction in Redaction.objects.filter(copy__case=case).select_related("file")
    }
    return [
        _row(file, officer, handles, originals.get(file.pk), file.pk in withheld)
        for file in files.order_by("-added_at", "-pk")
    ]


def open_asks(case: SubjectRequest) -> list[FileAsk]:
    """What the person is asked for and has not sent yet."""
    return list(FileAsk.objects.filter(case=case, ended_at__isnull=True).select_related("officer"))


def is_redactable(file: CaseFile) -> bool:
    """Whether its pages can be painted over. What shows who somebody is is never released, so it is not."""
    return file.kind in REDACTABLE and not file.is_sensitive and file.role != CaseFileRole.REDACTED


def _row(file: CaseFile, officer: Officer, handles: bool, original: CaseFile | None, is_withheld: bool) -> FileRow:
    opens = may_open(file, officer, may_handle=handles)
    link = reverse("officer:case_file_download", args=[file.pk]) if opens else ""
    redact = reverse("officer:case_file_redact", args=[file.pk]) if opens and is_redactable(file) else ""
    return FileRow(
        file, _name(file, opens), link, _words(file, opens), _by(file), LEVELS[ScanResult(file.scan)], redact, original,
        _release(file, is_withheld),
    )  # fmt: skip


def _release(file: CaseFile, is_withheld: bool) -> str:
    if file.role not in RELEASABLE_ROLES or file.deletion_asked_at is not None:
        return Release.NEVER
    if is_withheld:
        return Release.WITHHELD
    return Release.GOES if file.released_at is not None else Release.STAYS


def _name(file: CaseFile, opens: bool) -> str:
    """Names of files tell things, too: shown to whoever may open it."""
    return file.name if opens and file.name else _("%(kind)s file") % {"kind": file.kind.upper()}


def _words(file: CaseFile, opens: bool) -> str:
    if words := closed_words(file):
        return words
    return "" if opens else _("You may not open this file.")


def _by(file: CaseFile) -> str:
    if file.is_from_person:
        return _("the person")
    return str(file.officer) if file.officer else _("a former officer")
