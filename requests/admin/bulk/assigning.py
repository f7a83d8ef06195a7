"""Assigning several cases at once."""

from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from requests.admin.assigning import AssignForm
from requests.admin.bulk import reasons
from requests.admin.bulk.shape import BulkAct, Given, Reasons
from requests.models import SubjectRequest
from requests.services import assign


def _judge(cases: list[SubjectRequest], officer: Officer, given: Given) -> Reasons:
    return reasons.closed(cases)


ACT = BulkAct(
    code="assign_selected",
    title=_("Assign to an officer"),
    explanation=(
        _("A case handler sees the cases that are assigned to them, and no others."),
        _("Whoever had a case before loses sight of it."),
    ),
    button=_("Assign"),
    done=_("Assigned"),
    right="assign",
    judge=_judge,
    perform=lambda case, officer, given: assign(case=case, officer=officer, assignee=given["assignee"]),
    form=AssignForm,
)
