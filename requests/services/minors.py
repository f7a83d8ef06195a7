"""Noting, on a case that is there already, whether the person is a minor: it may become urgent, or be so no more."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.clocks import clocks_after
from requests.enums import RequestState
from requests.errors import WrongState
from requests.models import SubjectRequest
from requests.services.clock_events import events_of
from requests.services.moves import check_may_handle, expect, locked
from requests.traits import urgent

BEFORE_APPROVAL = frozenset(
    {RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING, RequestState.AWAITING_APPROVAL}
)


@transaction.atomic
def note_minor(*, case: SubjectRequest, officer: Officer, is_minor: bool) -> SubjectRequest:
    """Write down that the person is a minor, or that they are not.

    An erasure of a minor's data is worked on first: its target is today, and once approved it begins at once. The last
    day in law stays as it is.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: it is noted so already, or an erasure may have been approved by now.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *sorted(BEFORE_APPROVAL))
    if case.is_minor == is_minor:
        raise WrongState(_("This is what the case says already."))
    before, was_urgent = case.target_on, urgent(case.kind, case.is_minor)
    case.is_minor = is_minor
    if urgent(case.kind, is_minor) or was_urgent:
        case.target_on = _target(case)
    case.save(update_fields=["is_minor", "target_on"])
    record(
        action="subject_request.minor_noted" if is_minor else "subject_request.minor_taken_back",
        actor=Actor.officer(officer), target=case,
        data={"target_before": str(before), "target": str(case.target_on)},
    )  # fmt: skip
    return case


def _target(case: SubjectRequest) -> date:
    clocks = clocks_after(deadlines=case.deadlines, received_on=case.received_on, events=events_of(case))
    if urgent(case.kind, case.is_minor):
        return min(local_date(timezone.now()), clocks.target_on)
    return clocks.target_on
