"""The chosen cases as a CSV file: what the list shows, and no more of a person than it does."""

import csv
import io

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.csv_cells import text_cell
from requests.admin.bulk.shape import BulkAct, Given, Reasons
from requests.admin.presenting import FLAGS, kind_word, law_label, masked_person
from requests.models import SubjectRequest
from requests.selectors import due_status


def _judge(cases: list[SubjectRequest], officer: Officer, given: Given) -> Reasons:
    return {}


@transaction.atomic
def _answer(cases: list[SubjectRequest], officer: Officer) -> HttpResponse:
    """The file; that each case was in it is in the ledger before it leaves."""
    for case in cases:
        record(action="subject_request.exported", actor=Actor.officer(officer), target=case)
    response = HttpResponse(csv_of(cases), content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="cases-{day}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def csv_of(cases: list[SubjectRequest]) -> str:
    """One line for each case, in the order given; for cases of `presenting.with_row_data`."""
    text = io.StringIO()
    csv.writer(text).writerows([text_cell(cell) for cell in row] for row in [_heading(), *map(_cells, cases)])
    return "\ufeff" + text.getvalue()


def _heading() -> list[str]:
    return [
        gettext("reference"), gettext("person"), gettext("kind"), gettext("law"), gettext("received on"),
        gettext("due on"), gettext("how it stands"), gettext("stage"), gettext("channel"), gettext("outcome"),
        gettext("tasks"), gettext("tasks done"), gettext("assigned"), gettext("flags"),
    ]  # fmt: skip


def _cells(case: SubjectRequest) -> list[str]:
    return [
        case.reference, masked_person(case), kind_word(case), " ".join(map(law_label, case.deadlines)),
        case.received_on.isoformat(), case.due_on.isoformat(),
        str(due_status(case, case.today).words),  # type: ignore[attr-defined]
        str(case.get_state_display()), str(case.get_channel_display()), str(case.get_outcome_display()),
        str(case.tasks or 0), str(case.tasks_done or 0),  # type: ignore[attr-defined]
        gettext("yes") if case.assignee_id else gettext("no"),
        ", ".join(str(flag.words) for flag in FLAGS if flag.is_on(case)),
    ]  # fmt: skip


ACT = BulkAct(
    code="export_selected",
    title=_("Export as CSV"),
    explanation=(
        _("The file holds what the list shows: people as masked addresses, and no names of officers."),
        _("That you took it is written to the ledger, for each case."),
    ),
    button=_("Download the file"),
    done=_("Exported"),
    right="export",
    judge=_judge,
    answer=_answer,
)
