"""What goes into an access package: the rows of every source, and what this portal itself holds about the person."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from consent.selectors import history
from privacy.datamap.engine.spec import Operator
from privacy.datamap.models import DataCategory, Dataset, Field
from privacy.datamap.subject_rows import subject_rows
from privacy.letters.models import Letter
from privacy.letters.services import LINK_PLACEHOLDER
from privacy.subjects.models import Subject
from requests.fulfilment.archive import Archive, Column
from requests.fulfilment.disclosed import disclosure_columns, disclosure_rows
from requests.models import Annotation, SubjectRequest

# Who stole the person's mailbox would learn more from a hash or a token than the person does.
CREDENTIAL = re.compile(r"passw|pwd|secret|api_?key|token|otp_?seed", re.IGNORECASE)


def add_everything(archive: Archive, *, subject: Subject) -> int:
    """Write all datasets of all sources, then our own records; returns the rows found in the sources.

    Raises:
        DatamapIncomplete: nobody can say yet where the person's data is.
        EngineError: a source cannot be reached or read.
    """
    for found in subject_rows(subject=subject):
        prefetch_related_objects(list(found.fields), "purposes")
        secret = [position for position, each in enumerate(found.fields) if CREDENTIAL.search(each.column)]
        archive.add_dataset(
            title=found.dataset.label or found.dataset.table_name,
            source=found.dataset.source.name,
            columns=[_column(each, found.dataset) for each in found.fields],
            rows=_without(secret, found.rows) if secret else found.rows,
        )
    in_sources = sum(section.rows for section in archive.sections)
    _add_own_records(archive, subject)
    return in_sources


def _without(secret: Sequence[int], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    left_out = _("(left out: it protects your account)")
    for row in rows:
        yield [left_out if place in secret and value is not None else value for place, value in enumerate(row)]


def _column(field: Field, dataset: Dataset) -> Column:
    """Neither a key nor what a shared table is narrowed by, alike in all rows, tells a reader anything."""
    alike = {each["column"] for each in dataset.scope if each["op"] == Operator.EQUAL}
    return Column(
        name=field.column,
        label=field.label or field.column,
        category=str(DataCategory(field.category).label),
        purposes=tuple(purpose.title for purpose in field.purposes.all()),
        is_key=field.category == DataCategory.KEY or field.column in alike,
    )


def _add_own_records(archive: Archive, subject: Subject) -> None:
    for title, names, rows in (
        (_("How we know you"), [_("kind"), _("value")], _identifiers(subject)),
        (
            _("Your requests"),
            [_("reference"), _("kind"), _("received"), _("stage"), _("your name"), _("what you wrote")],
            _requests(subject),
        ),
        (_("Our letters to you"), [_("written"), _("subject line"), _("text")], _letters(subject)),
        (
            _("Your consents"),
            [_("time"), _("purpose"), _("decision"), _("method"), _("words you agreed to")],
            _consents(subject),
        ),
    ):
        columns = [Column(name=name, label=name) for name in names]
        archive.add_dataset(title=title, source=_("this privacy portal"), columns=columns, rows=rows)
    names = [_("made"), _("about"), _("what you say")]
    archive.add_dataset(
        title=_("What you say against our records"),
        source=_("this privacy portal"),
        columns=[Column(name=name, label=name) for name in names],
        rows=_annotations(subject),
    )
    archive.add_dataset(
        title=_("To whom we disclosed your data"),
        source=_("this privacy portal"),
        columns=disclosure_columns(),
        rows=disclosure_rows(subject),
    )


def _annotations(subject: Subject) -> Iterator[Sequence[Any]]:
    for each in Annotation.objects.filter(subject=subject).order_by("made_at"):
        yield each.made_at, each.label, each.statement


def _identifiers(subject: Subject) -> Iterator[Sequence[Any]]:
    for each in subject.identifiers.order_by("id"):
        yield each.get_kind_display(), each.value


def _requests(subject: Subject) -> Iterator[Sequence[Any]]:
    for case in SubjectRequest.objects.filter(subject=subject).order_by("received_at").iterator(200):
        yield (
            case.reference, case.get_kind_display(), case.received_at, case.get_state_display(), case.name,
            case.details,
        )  # fmt: skip


def _letters(subject: Subject) -> Iterator[Sequence[Any]]:
    left_out = _("(a link, which only the letter itself has)")
    for letter in Letter.objects.filter(subject=subject).order_by("created_at").iterator(200):
        yield letter.created_at, letter.heading, letter.body.replace(LINK_PLACEHOLDER, left_out)


def _consents(subject: Subject) -> Iterator[Sequence[Any]]:
    for each in history(subject).iterator(200):
        words = each.wording.text if each.wording else ""
        yield each.recorded_at, each.purpose.title, each.get_decision_display(), each.get_method_display(), words
