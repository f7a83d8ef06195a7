"""The due date of a complaint, once it was acknowledged.

Danger: a complaint shows as overdue by a day that was kept, and officers learn to look past the word.
Rule: with the acknowledgement the case takes the date that comes next (`requests.complaint_clock`).
"""

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from requests.complaint_clock import dates_once_acknowledged
from requests.models import SubjectRequest


def take_next_date(*, case: SubjectRequest, actor: Actor) -> None:
    """Have a locked case that was just acknowledged take its next date. Does nothing to any other, or a second time."""
    dates = dates_once_acknowledged(case)
    if dates is None or (case.due_on, case.target_on) == (dates.due_on, dates.target_on):
        return
    before, case.due_on, case.target_on = case.due_on, dates.due_on, dates.target_on
    case.save(update_fields=["due_on", "target_on"])
    if case.due_on != before:  # the target alone is nobody's business but ours
        data = {"due_before": str(before), "due": str(case.due_on)}
        record(action="subject_request.next_date", actor=actor, target=case, data=data)
