"""Saying which parts of a document are to be painted over, and why.

Danger: a mark for something else than the officer saw. Rule: marks belong to one document, are checked against its
pages, and cannot change any more once a copy is asked for.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.documents.errors import DocumentUnreadable
from privacy.documents.rendering import page_png, page_sizes
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from requests.case_files.errors import FileClosed
from requests.case_files.opening import check_may_open, content_for_redaction
from requests.case_files.releasing import withdraw_release
from requests.case_files.selectors import is_redactable
from requests.errors import CaseError
from requests.models import CaseFile, Redaction
from requests.redaction.reasons import reasons
from requests.redaction.text_pdf import decoded, text_of_html, text_pdf

MOST_MARKS = 2000
_SMALLEST = 0.001


class MarkRefused(CaseError):
    """The mark cannot be used, or the redaction cannot be changed any more; the message says why."""


def as_pages(content: bytes, kind: str) -> tuple[bytes, str]:
    """A document in a form whose pages can be drawn, and its kind: text and HTML become PDF."""
    text = text_in(content, kind)
    return (content, kind) if text is None else (text_pdf(text), "pdf")


def text_in(content: bytes, kind: str) -> str | None:
    """What a document of text says; None for one that has pages already."""
    if kind == "html":
        return text_of_html(decoded(content))
    return decoded(content) if kind == "txt" else None


def draft_of(*, file: CaseFile, officer: Officer) -> Redaction:
    """The redaction of a document that is being worked on; begun when there is none, with the marks of the last one.

    Raises:
        NotAllowed, FileNotForYou, FileClosed: as `open_file`.
        MarkRefused: it is not of a kind whose pages can be drawn, or cannot be read.
    """
    check_may_open(file, officer)
    draft = Redaction.objects.filter(file=file, copy_digest="").first()
    if draft is not None:
        return draft
    if not is_redactable(file):
        raise MarkRefused(_("Only PDF, PNG, JPEG, HTML and text files can be redacted. Save it as PDF and add that."))
    content, kind = as_pages(content_for_redaction(file=file, officer=officer), file.kind)
    try:
        sizes = page_sizes(content, kind)
    except DocumentUnreadable as error:
        raise MarkRefused(str(error)) from None
    return _begin(file, officer, sizes)


@transaction.atomic
def _begin(file: CaseFile, officer: Officer, sizes: list[tuple[float, float]]) -> Redaction:
    CaseFile.objects.select_for_update().get(pk=file.pk)
    former = Redaction.objects.filter(file=file).order_by("-changed_at").first()
    if former is not None and not former.copy_digest:
        return former
    marks = former.marks if former is not None else []
    draft = Redaction.objects.create(
        case=file.case, file=file, officer=officer, pages=[list(size) for size in sizes], marks=marks
    )
    data = {"file": str(file.pk), "redaction": str(draft.pk)}
    record(action="subject_request.redaction_begun", actor=Actor.officer(officer), target=file.case, data=data)
    return draft


@transaction.atomic
def add_mark(*, redaction: Redaction, officer: Officer, page: int, box: Sequence[float], reason: str) -> None:
    """Mark a part of a page.

    Args:
        page: counted from 1.
        box: left, top, width and height as parts of the page as it is shown.
        reason: code of one of `reasons` of the case.

    Raises:
        NotAllowed, FileNotForYou, FileClosed: as `open_file`.
        MarkRefused: see there.
    """
    draft = _locked(redaction, officer)
    if not 1 <= page <= len(draft.pages):
        raise MarkRefused(_("The document has no such page."))
    if reason not in {each.code for each in reasons(draft.case)}:
        raise MarkRefused(_("Choose the reason why this part is withheld."))
    left, top, width, height = _inside(box)
    if len(draft.marks) >= MOST_MARKS:
        raise MarkRefused(_("There are too many marks. Mark whole paragraphs or pages instead."))
    mark = {
        "id": uuid.uuid4().hex[:12], "page": page, "left": left, "top": top, "width": width, "height": height,
        "reason": reason,
    }  # fmt: skip
    withdraw_release(file=draft.file, actor=Actor.officer(officer))
    _save(draft, officer, [*draft.marks, mark])


@transaction.atomic
def remove_mark(*, redaction: Redaction, officer: Officer, mark: str) -> None:
    """Take a mark away again; one that is gone already is no error.

    Raises:
        as `add_mark`.
    """
    draft = _locked(redaction, officer)
    _save(draft, officer, [each for each in draft.marks if each["id"] != mark])


def shown_page(*, redaction: Redaction, officer: Officer, page: int, is_preview: bool) -> bytes:
    """A page as PNG: as it is, or as the copy will show it.

    Raises:
        NotAllowed, FileNotForYou, FileClosed: as `open_file`; also when it cannot be read.
    """
    content, kind = as_pages(content_for_redaction(file=redaction.file, officer=officer), redaction.file.kind)
    boxes = boxes_of(redaction.marks).get(page - 1, []) if is_preview else []
    try:
        return page_png(content, kind, index=page - 1, boxes=boxes)
    except DocumentUnreadable as error:
        raise FileClosed(str(error)) from None


def boxes_of(marks: Sequence[dict[str, Any]]) -> dict[int, list[list[float]]]:
    """Boxes by page, counted from 0, as `privacy.documents.rendering` takes them."""
    found: dict[int, list[list[float]]] = {}
    for mark in marks:
        box = [mark["left"], mark["top"], mark["width"], mark["height"]]
        found.setdefault(mark["page"] - 1, []).append(box)
    return found


def _locked(redaction: Redaction, officer: Officer) -> Redaction:
    check_may_open(redaction.file, officer)
    draft = Redaction.objects.select_for_update(of=("self",)).get(pk=redaction.pk)
    if draft.copy_asked_at is not None or draft.copy_digest:
        raise MarkRefused(_("The redacted copy is being made, or made. Begin a new redaction to change something."))
    return draft


def _save(draft: Redaction, officer: Officer, marks: list[dict[str, Any]]) -> None:
    draft.marks, draft.officer, draft.problem = marks, officer, ""
    draft.save(update_fields=["marks", "officer", "problem", "changed_at"])


def _inside(box: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, width, height = (float(each) for each in box)
    if not (0 <= left < 1 and 0 <= top < 1 and _SMALLEST <= width <= 1 and _SMALLEST <= height <= 1):
        raise MarkRefused(_("Mark a part of the page: left, top, width and height in percent, within the page."))
    return round(left, 5), round(top, 5), round(min(width, 1 - left), 5), round(min(height, 1 - top), 5)
