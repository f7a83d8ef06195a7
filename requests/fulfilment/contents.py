"""What goes into an access package: the rows of every source, and what this portal itself holds about the person."""

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from consent.selectors import history
from privacy.datamap.engine.spec import Operator
from privacy.datamap.models import DataCategory, Dataset, Field
from privacy.datamap.subject_rows import SubjectDataset, Wanted, subject_rows
from privacy.letters.models import Letter
from privacy.letters.selectors import letters_to_people
from privacy.letters.services import LINK_PLACEHOLDER
from privacy.subjects.models import Subject
from requests.deciding.cut import Cut
from requests.errors import DecisionOutdated
from requests.fulfilment.archive import Archive, Column
from requests.fulfilment.disclosed import disclosure_columns, disclosure_rows
from requests.models import Annotation, SubjectRequest

# Who stole the person's mailbox would learn more from a hash or a token than the person does.
CREDENTIAL = re.compile(r"passw|pwd|secret|api_?key|token|otp_?seed", re.IGNORECASE)


def add_everything(archive: Archive, *, subject: Subject, cut: Cut) -> int:
    """Write all datasets of all sources, then our own records; returns the rows found in the sources.

    Args:
        cut: what was refused is not even read.

    Raises:
        DatamapIncomplete: nobody can say yet where the person's data is.
        DecisionOutdated: there is a row with something on which nobody has decided.
        EngineError: a source cannot be reached or read.
    """
    with closing(granted_rows(subject=subject, cut=cut)) as datasets:
        for found in datasets:
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


def granted_rows(*, subject: Subject, cut: Cut) -> Generator[SubjectDataset, None, None]:
    """Everything about a person in the sources, less what was refused.

    Consume or close it: it holds a connection.

    Raises:
        DecisionOutdated: as soon as a row is read of which something was not decided on.
    """
    if not cut:
        yield from subject_rows(subject=subject)
        return
    wanted = _granted_columns(cut)
    with closing(subject_rows(subject=subject, wanted=wanted)) as datasets:
        for found in datasets:
            undecided = any(cut.says_nothing_of(found.dataset, field) for field in found.fields)
            yield replace(found, rows=_no_row(found.rows)) if undecided else found


def _granted_columns(cut: Cut) -> Wanted:
    return lambda dataset, field: not cut.leaves_out(dataset, field)


def _no_row(rows: Generator[Sequence[Any], None, None]) -> Generator[Sequence[Any], None, None]:
    with closing(rows):
        for _row in rows:
            raise DecisionOutdated
    yield from ()


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
    """Programs find the same names in every language, people headings in theirs."""
    for title, names, rows in (
        (_("How we know you"), {"kind": _("kind"), "value": _("value")}, _identifiers(subject)),
        (
            _("Your requests"),
            {
                "reference": _("reference"), "kind": _("kind"), "received": _("received"), "stage": _("stage"),
                "your name": _("your name"), "what you wrote": _("what you wrote"),
            },
            _requests(subject),
        ),
        (
            _("Our letters to you"),
            {"written": _("written"), "subject line": _("subject line"), "text": _("text")},
            _letters(subject),
        ),
        (
            _("Your consents"),
            {
                "time": _("time"), "purpose": _("purpose"), "decision": _("decision"), "method": _("method"),
                "words you agreed to": _("words you agreed to"),
            },
            _consents(subject),
        ),
        (
            _("What you say against our records"),
            {"made": _("made"), "about": _("about"), "what you say": _("what you say")},
            _annotations(subject),
        ),
    ):  # fmt: skip
        columns = [Column(name=name, label=label) for name, label in names.items()]
        archive.add_dataset(title=title, source=_("this privacy portal"), columns=columns, rows=rows)
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
    for letter in letters_to_people(Letter.objects.filter(subject=subject)).order_by("created_at").iterator(200):
        yield letter.created_at, letter.heading, letter.body.replace(LINK_PLACEHOLDER, left_out)


def _consents(subject: Subject) -> Iterator[Sequence[Any]]:
    for each in history(subject).iterator(200):
        words = each.wording.text if each.wording else ""
        yield each.recorded_at, each.purpose.title, each.get_decision_display(), each.get_method_display(), words
