"""Making the redacted copy: a new file of images of pages, with what was marked painted over before anything is kept.

Danger: a black box over text that is still there. Rule: the copy is made of pixels (`privacy.documents.image_pdf`), so
no text, metadata, attachment or annotation of the original can be in it. Its last pages say what was withheld and why,
as far as that may be told. The copy is never made from an altered draft: once it is asked for the marks stand still.
"""

from collections.abc import Iterator
from itertools import chain

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.documents.enums import ScanResult
from privacy.documents.errors import DocumentUnreadable
from privacy.documents.image_pdf import image_pdf
from privacy.documents.rendering import PageImage, page_images
from privacy.jobs.services import requeue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.paper.every_letter import EXAMPLE
from privacy.register.selectors import local_date
from requests.case_files.adding import add_made_here, drop
from requests.case_files.opening import check_may_open
from requests.case_files.storage import read_content
from requests.models import CaseFile, CaseFileRole, Redaction
from requests.redaction.marking import MarkRefused, as_pages, boxes_of, text_in
from requests.redaction.reasons import told
from requests.redaction.text_pdf import shows_numbers, text_pdf

COPY_JOB = "requests.make_redacted_copy"
UNREADABLE = "document_unreadable"


@transaction.atomic
def ask_for_copy(*, redaction: Redaction, officer: Officer) -> None:
    """Have the redacted copy made by a job; from now on the marks stand still.

    Raises:
        NotAllowed, FileNotForYou, FileClosed: as `open_file`.
        MarkRefused: nothing is marked, or it was asked for already.
    """
    check_may_open(redaction.file, officer)
    draft = Redaction.objects.select_for_update(of=("self",)).get(pk=redaction.pk)
    if draft.copy_asked_at is not None or draft.copy_digest:
        raise MarkRefused(_("The redacted copy is being made, or made. Begin a new redaction to change something."))
    if not draft.marks:
        raise MarkRefused(_("Mark what is to be withheld first. Without marks there is nothing to redact."))
    draft.copy_asked_at, draft.officer, draft.problem = timezone.now(), officer, ""
    draft.save(update_fields=["copy_asked_at", "officer", "problem", "changed_at"])
    requeue(kind=COPY_JOB, slot=str(draft.pk))


def make_copy(*, redaction_id: str) -> CaseFile | None:
    """Make the copy that was asked for. None when there is nothing to do (any more), or the document is unreadable."""
    waiting = Redaction.objects.filter(pk=redaction_id, copy_asked_at__isnull=False, copy_digest="")
    redaction = waiting.select_related("file__case", "officer").first()
    if redaction is None or redaction.file.deletion_asked_at is not None:
        return None
    case = redaction.file.case
    number = CaseFile.objects.filter(case=case, role=CaseFileRole.REDACTED).count() + 1
    copy = CaseFile(
        case=case, role=CaseFileRole.REDACTED, kind="pdf", name=f"{case.reference}-redacted-{number}.pdf",
        officer=redaction.officer, scan=ScanResult.MADE_HERE,
    )  # fmt: skip
    try:
        kept = add_made_here(copy, image_pdf(_pages(redaction)))
    except DocumentUnreadable:
        _failed(redaction)
        return None
    copy.size, copy.digest = kept.size, kept.digest
    if not _finish(redaction, copy):
        drop(CaseFile(pk=copy.pk))
        return None
    return copy


def log_lines(redaction: Redaction) -> list[str]:
    """What was withheld, by page and reason, as everybody may read it."""
    counted: dict[tuple[int, str, str], int] = {}
    for mark in redaction.marks:
        reason = told(mark["reason"])
        key = (mark["page"], str(reason.words), reason.section)
        counted[key] = counted.get(key, 0) + 1
    lines = []
    for (page, words, section), number in sorted(counted.items()):
        where = _("Page %(page)d") % {"page": page}
        parts = ngettext("%(n)d part", "%(n)d parts", number) % {"n": number}
        lines.append(f"{where}, {parts}: {words}" + (f" ({section})" if section else ""))
    return lines


def _pages(redaction: Redaction) -> Iterator[PageImage]:
    """The document's pages, then those of the log; exactly as many as the officer saw."""
    original = b"".join(read_content(redaction.file))
    content, kind = as_pages(original, redaction.file.kind)
    number = 0
    for page in page_images(content, kind, boxes=boxes_of(redaction.marks)):
        number += 1
        yield page
    if number != len(redaction.pages):
        raise DocumentUnreadable
    with translation.override(redaction.file.case.language):
        text = text_in(original, redaction.file.kind)
        log = text_pdf(_log_text(redaction, has_numbers=text is not None and shows_numbers(text)))
    yield from page_images(log, "pdf", boxes={})


def _log_text(redaction: Redaction, *, has_numbers: bool) -> str:
    case = redaction.file.case
    removed = _("The parts that are black were removed; they are not in this file.")
    the_rest = _("Every other part is as in the original.")
    if has_numbers:
        the_rest = _(
            "Every other part is as in the original, except for characters that we cannot print: each stands here as "
            "its number in Unicode, like %(example)s, and the original has it."
        ) % {"example": EXAMPLE}  # fmt: skip
    head = [
        _("What was withheld from this document"),
        _("Request %(reference)s, %(day)s")
        % {"reference": case.reference, "day": local_date(timezone.now()).isoformat()},
        "",
        f"{removed} {the_rest}",
        "",
    ]
    return "\n".join(chain(head, log_lines(redaction)))


@transaction.atomic
def _finish(redaction: Redaction, copy: CaseFile) -> bool:
    """False when another worker was faster, or the original is to be deleted."""
    locked = Redaction.objects.select_for_update(of=("self",)).select_related("file").get(pk=redaction.pk)
    if locked.copy_digest or locked.file.deletion_asked_at is not None:
        return False
    copy.save(update_fields=["size", "digest"])
    locked.copy, locked.copy_digest = copy, copy.digest
    locked.save(update_fields=["copy", "copy_digest", "changed_at"])
    data = {
        "file": str(copy.pk), "original": str(locked.file_id), "digest": copy.digest, "marks": len(locked.marks),
        "pages": len({mark["page"] for mark in locked.marks}),
    }  # fmt: skip
    actor = Actor.officer(redaction.officer) if redaction.officer else SYSTEM
    record(action="subject_request.redacted", actor=actor, target=copy.case, data=data)
    return True


@transaction.atomic
def _failed(redaction: Redaction) -> None:
    """It can be changed and asked for again."""
    Redaction.objects.filter(pk=redaction.pk, copy_digest="").update(copy_asked_at=None, problem=UNREADABLE)
