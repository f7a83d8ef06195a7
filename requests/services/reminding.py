"""Asking whoever a case is assigned to to look at it: once a day at most, so that nobody is flooded."""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.letters.addresses import portal_url
from privacy.letters.services import write_letter
from privacy.officers.models import Officer
from privacy.register.selectors import profile
from requests.enums import RequestState
from requests.errors import NotAllowed, ReminderRefused, WrongState
from requests.models import SubjectRequest
from requests.services.moves import locked

REMINDED = "subject_request.assignee_reminded"
NOT_AGAIN_FOR = timedelta(days=1)


@transaction.atomic
def remind_assignee(*, case: SubjectRequest, officer: Officer) -> None:
    """Write to the officer to whom a case is assigned.

    Raises:
        NotAllowed: the officer may not assign cases, and so may not remind of them.
        WrongState: the case is closed, or nobody works on it yet.
        ReminderRefused: there is nobody to remind, or they were reminded within the last day.
    """
    case = locked(case)
    if not officer.has_perm("requests.assign_subjectrequest"):
        raise NotAllowed(_("Only the Privacy Officer reminds of cases. Ask them to do it."))
    if case.closed_at is not None or case.state == RequestState.UNCONFIRMED:
        raise WrongState(case.get_state_display())
    assignee = case.assignee
    if assignee is None or not assignee.is_active:
        raise ReminderRefused(_("Nobody has this case. Assign it first."))
    if recently_reminded([case.pk]):
        raise ReminderRefused(_("Whoever has this case was reminded within the last day."))
    write_letter(
        kind="case_reminder", subject=None, address=assignee.email, actor=Actor.officer(officer),
        context={
            "reference": case.reference, "day": case.due_on, "asked_by": officer.full_name,
            "page": portal_url(f"/officer/requests/subjectrequest/{case.pk}/change/"), "organisation": profile(),
        },
    )  # fmt: skip
    record(action=REMINDED, actor=Actor.officer(officer), target=case, data={"to": str(assignee.pk)})


def recently_reminded(cases: Collection[uuid.UUID]) -> set[str]:
    """The ids of those whose assignee was reminded by hand within the last day, in one query."""
    since = timezone.now() - NOT_AGAIN_FOR
    entries = LedgerEntry.objects.filter(
        object_type=SubjectRequest._meta.label_lower, object_id__in=[str(each) for each in cases], action=REMINDED,
        recorded_at__gt=since,
    )  # fmt: skip
    return set(entries.values_list("object_id", flat=True))
