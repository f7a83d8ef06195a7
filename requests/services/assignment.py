"""Who handles a case. Being assigned is what opens a case to a case handler (need-to-know)."""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.access import grant as grant_access
from privacy.officers.access import revoke as revoke_access
from privacy.officers.models import Officer, Role
from requests.errors import NotAllowed, WrongState
from requests.models import SubjectRequest
from requests.services.moves import locked

_RIGHTS = ("view_subjectrequest", "handle_subjectrequest")


@transaction.atomic
def assign(*, case: SubjectRequest, officer: Officer, assignee: Officer | None) -> SubjectRequest:
    """Give a case to an officer, or to nobody. Whoever had it before loses the rights that came with it.

    Raises:
        NotAllowed: the officer may not assign cases, or the assignee cannot handle any.
        WrongState: the case is closed.
    """
    case = locked(case)
    if not officer.has_perm("requests.assign_subjectrequest"):
        raise NotAllowed(_("Only the Privacy Officer assigns cases. Ask them to do it."))
    if case.closed_at is not None:
        raise WrongState(case.get_state_display())
    if assignee is not None and (not assignee.is_active or assignee.role == Role.AUDITOR):
        raise NotAllowed(_("This officer cannot handle cases. Choose an active officer who is not an auditor."))
    before = case.assignee
    if before == assignee:
        return case
    for right in _RIGHTS:
        if before is not None:
            revoke_access(before, right, case)
        if assignee is not None:
            grant_access(assignee, right, case)
    case.assignee = assignee
    case.save(update_fields=["assignee"])
    to = str(assignee.pk) if assignee else None
    record(action="subject_request.assigned", actor=Actor.officer(officer), target=case, data={"to": to})
    return case
