"""Who handles a case. Being assigned is what opens a case to a case handler (need-to-know)."""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.access import grant as grant_access
from privacy.officers.access import revoke as revoke_access
from privacy.officers.models import Officer, Role
from requests.conflicts import check_no_conflict
from requests.errors import NotAllowed, WrongState
from requests.models import SubjectRequest
from requests.services.moves import locked

_RIGHTS = ("view_subjectrequest", "handle_subjectrequest")


@transaction.atomic
def assign(*, case: SubjectRequest, officer: Officer, assignee: Officer | None) -> SubjectRequest:
    """Give a case to an officer, or to nobody. Whoever had it before loses the rights that came with it.

    Raises:
        NotAllowed: the officer may not assign cases, or the assignee cannot handle any.
        ConflictOfInterest: the assignee handled the case that this one complains of.
        WrongState: the case is closed.
    """
    case = locked(case)
    if not officer.has_perm("requests.assign_subjectrequest"):
        raise NotAllowed(_("Only the Privacy Officer assigns cases. Ask them to do it."))
    if case.closed_at is not None:
        raise WrongState(case.get_state_display())
    if assignee is not None and (not assignee.is_active or assignee.role == Role.AUDITOR):
        raise NotAllowed(_("This officer cannot handle cases. Choose an active officer who is not an auditor."))
    if assignee is not None:
        check_no_conflict(case, assignee, about_themselves=assignee == officer)
    return hand_over(case=case, assignee=assignee, actor=Actor.officer(officer))


def hand_over(*, case: SubjectRequest, assignee: Officer | None, actor: Actor) -> SubjectRequest:
    """Change who has a locked case, with the rights that go with it. Whether it may be is the caller's to check."""
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
    record(action="subject_request.assigned", actor=actor, target=case, data={"to": to})
    return case


def take_away(*, case: SubjectRequest, actor: Actor) -> SubjectRequest:
    """Leave a locked case to nobody."""
    return hand_over(case=case, assignee=None, actor=actor)
