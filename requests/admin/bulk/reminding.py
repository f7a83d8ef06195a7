"""Reminding those who have cases."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from requests.admin.bulk import reasons
from requests.admin.bulk.shape import BulkAct, Given, Reasons
from requests.models import SubjectRequest
from requests.services.reminding import recently_reminded, remind_assignee


def _judge(cases: list[SubjectRequest], officer: Officer, given: Given) -> Reasons:
    found = {case.pk: gettext("Nobody has it.") for case in cases if not (case.assignee and case.assignee.is_active)}
    reminded = recently_reminded([case.pk for case in cases])
    found |= {
        case.pk: gettext("Whoever has it was reminded within the last day.")
        for case in cases
        if str(case.pk) in reminded
    }
    return found | reasons.not_begun(cases) | reasons.closed(cases)


ACT = BulkAct(
    code="remind_selected",
    title=_("Remind whoever has the case"),
    explanation=(_("Each officer gets a mail with the reference and the last day, and nothing of a person."),),
    button=_("Send reminders"),
    done=_("Reminded"),
    right="assign",
    judge=_judge,
    perform=lambda case, officer, given: remind_assignee(case=case, officer=officer),
)
