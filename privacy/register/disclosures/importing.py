"""Importing disclosures: a file is uploaded and every row checked; nothing is stored before an officer confirms.

Danger: half of a file in the log, or a file with thousands of people lying about.
Rule: all rows of a file or none. Between upload and confirmation the file is kept encrypted, for the officer who sent
it, and for a day at most. The ledger has counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.register.disclosures.checking import Checked, faults_by_register
from privacy.register.disclosures.columns import COLUMNS
from privacy.register.disclosures.errors import DisclosureRefused
from privacy.register.disclosures.reading import Row, read_rows, text_of
from privacy.register.disclosures.recording import judge_disclosures, record_disclosures
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.register.models import Disclosure, DisclosureUpload, Way

FORGET = "register.forget_upload"
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """A row at fault. `column`: empty when it is the whole row."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class Report:
    """What would become of a file, or has become of it.

    Args:
        rows: in the file.
        new: to be stored, or stored.
        known: in the log already, and left alone.
        people: new rows about people who are not known here yet.
    """

    rows: int
    new: int
    known: int
    people: int
    faults: Sequence[Fault]

    @property
    def may_be_stored(self) -> bool:
        return not self.faults and self.new > 0


@transaction.atomic
def upload_disclosures(*, content: bytes, actor: Actor) -> DisclosureUpload:
    """Keep a file until it is confirmed, thrown away, or a day old.

    Raises:
        FileUnreadable: nothing of it can be used.
    """
    text = text_of(content)
    read_rows(text)
    upload = DisclosureUpload.objects.create(content=text, officer_id=actor.id)
    enqueue(kind=FORGET, slot=str(upload.pk), due_at=timezone.now() + KEPT_FOR)
    return upload


def check_upload(upload: DisclosureUpload) -> Report:
    """What would become of the file now."""
    rows = read_rows(str(upload.content))
    said = [row for row in rows if not row.faults]
    judged = judge_disclosures([_said(row) for row in said])
    refused = {row.line: each for row, each in zip(said, judged, strict=True) if isinstance(each, DisclosureRefused)}
    new = [each for each in judged if isinstance(each, Checked)]
    return Report(
        rows=len(rows),
        new=len(new),
        known=sum(isinstance(each, Disclosure | DisclosureStatement) for each in judged),
        people=len({each.said.person.name for each in new if each.subject_id is None and each.said.person is not None}),
        faults=_faults(rows, refused),
    )


@transaction.atomic
def confirm_upload(*, upload_id: UUID, actor: Actor) -> Report:
    """Store all rows of a file, or none when one of them does not stand any more; the file is forgotten when stored.

    Raises:
        DisclosureUpload.DoesNotExist: it is another officer's, or was stored or forgotten before.
    """
    upload = DisclosureUpload.objects.select_for_update().get(pk=upload_id, officer_id=actor.id)
    report = check_upload(upload)
    if not report.may_be_stored:
        return report
    statements = [_said(row) for row in read_rows(str(upload.content))]
    outcomes = record_disclosures(statements=statements, way=Way.IMPORT, actor=actor, all_or_nothing=True)
    if any(outcome.refusal is not None for outcome in outcomes):  # the register was changed in this moment
        return check_upload(upload)
    upload.delete()
    return report


def discard_upload(*, upload_id: UUID, actor: Actor) -> None:
    """Throw a file away."""
    DisclosureUpload.objects.filter(pk=upload_id, officer_id=actor.id).delete()


def _faults(rows: Sequence[Row], refused: dict[int, DisclosureRefused]) -> list[Fault]:
    """Every fault of every row, one of each column and in their order, so that a file is mended at once.

    Args:
        refused: what was found of rows that could be read, by line; it may be more than the register says.
    """
    wrong = [row for row in rows if row.faults or row.line in refused]
    told = iter(faults_by_register([(row.said, _unread(row)) for row in wrong if row.said is not None]))
    found: list[Fault] = []
    for row in wrong:
        of_row = [*row.faults, *(next(told) if row.said is not None else ())]
        of_row += [refused[row.line]] if row.line in refused else []
        by_column = {fault.column: fault for fault in (_fault(row, each) for each in reversed(of_row))}
        found += sorted(by_column.values(), key=lambda fault: _PLACES.get(fault.column, 0))
    return found


def _unread(row: Row) -> set[str]:
    """The fields that could not be read, by the names that statements have for them."""
    fields = {_FIELD_OF.get(each.field, each.field) for each in row.faults}
    return fields | ({"subject"} if row.said is not None and row.said.person is None else set())


def _said(row: Row) -> DisclosureStatement:
    assert isinstance(row.said, DisclosureStatement)
    return row.said


def _fault(row: Row, refusal: DisclosureRefused) -> Fault:
    return Fault(row.line, _COLUMN_OF.get(refusal.field, refusal.field), refusal.message)


_COLUMN_OF: dict[str, Any] = {"disclosed_on": "date", "is_secret": "secret", "row": "", "subject": "email"}
_PLACES = {column.name: place for place, column in enumerate(COLUMNS, 1)}
_FIELD_OF = {"date": "disclosed_on", "secret": "is_secret"}
