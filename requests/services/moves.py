"""The one door through which a case changes its stage.

Danger: a case that is carried out without a decision, or decided twice.
Rule: nobody else assigns `.state`. A move happens on a locked row, only along `requests.transitions`, and is written to
the ledger in the same transaction.
"""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.errands.services import cancel_copies
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.access import may
from privacy.officers.models import Officer
from requests.addressees import acts_with_authority, representation_of
from requests.case_files.deleting import delete_identity_documents
from requests.conflicts import check_no_conflict
from requests.enums import RequestState
from requests.errors import AuthorityNotChecked, NotAllowed, WrongState
from requests.models import SubjectRequest
from requests.transitions import CLOSED, TRANSITIONS


def locked(case: SubjectRequest | uuid.UUID | str) -> SubjectRequest:
    """The case as it stands now, locked until the end of the transaction. What the caller held may be stale."""
    key = case.pk if isinstance(case, SubjectRequest) else case
    return SubjectRequest.objects.select_for_update().get(pk=key)


def move(
    *,
    case: SubjectRequest,
    to: RequestState,
    action: str,
    actor: Actor,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> SubjectRequest:
    """Move a locked case to another stage and write it down.

    Args:
        action: what the ledger calls it, without the prefix (`received` becomes `subject_request.received`).
        data: further particulars for the ledger; never personal data.
        changes: other fields of the case that change with the stage.

    Raises:
        WrongState: the stage does not follow from the present one.
        AuthorityNotChecked: it would be decided for somebody whose right to ask was not checked.
    """
    before = RequestState(case.state)
    if to not in TRANSITIONS[before]:
        raise WrongState(before.label)
    if changes.get("decided_at") is not None:
        check_authority(case)
    if to in CLOSED:
        changes["closed_at"] = timezone.now()
    if to in CLOSED or changes.get("decided_at"):  # who asks is no question any more
        delete_identity_documents(case=case, actor=actor)
    if to in CLOSED:
        cancel_copies(case_id=case.pk)
    for name, value in changes.items():
        setattr(case, name, value)
    case.state = to
    case.save(update_fields=["state", *changes])
    record(
        action=f"subject_request.{action}",
        actor=actor,
        target=case,
        data={"from": before.value, "to": to.value} | (data or {}),
    )
    return case


def check_authority(case: SubjectRequest) -> None:
    """Raise AuthorityNotChecked when somebody asks for the person whose right to do so is not established now."""
    representation = representation_of(case)
    if representation is None or acts_with_authority(representation):
        return
    if representation.checked_at is not None:
        raise AuthorityNotChecked(_("The representative's authority has ended. Check a new one before you decide."))
    raise AuthorityNotChecked


def expect(case: SubjectRequest, *states: RequestState) -> None:
    """Raise WrongState unless the case is at one of these stages."""
    if case.state not in states:
        raise WrongState(RequestState(case.state).label)


def check_may_handle(officer: Officer, case: SubjectRequest) -> None:
    """Raise NotAllowed unless the officer may handle this case: by role, or because it is assigned to them.

    Nobody handles a complaint about a case that they worked on themselves (`requests.conflicts`).
    """
    if not may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest"):
        raise NotAllowed
    check_no_conflict(case, officer)
