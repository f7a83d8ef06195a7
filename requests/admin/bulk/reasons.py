"""Reasons for which cases are left out, that several acts have in common."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from privacy.officers.access import restrict
from privacy.officers.models import Officer
from requests.admin.bulk.shape import Reasons
from requests.enums import RequestState
from requests.models import SubjectRequest


def closed(cases: Iterable[SubjectRequest]) -> Reasons:
    """Those that are closed."""
    return {case.pk: _("It is closed.") for case in cases if case.closed_at is not None}


def not_begun(cases: Iterable[SubjectRequest]) -> Reasons:
    """Those that the person has not confirmed."""
    return {
        case.pk: _("The person has not confirmed it yet.") for case in cases if case.state == RequestState.UNCONFIRMED
    }


def not_handled(cases: list[SubjectRequest], officer: Officer) -> Reasons:
    """Those that the officer may see and not handle, in one query."""
    chosen = SubjectRequest.objects.filter(pk__in=[case.pk for case in cases])
    allowed = restrict(chosen, officer, "handle_subjectrequest", all_of_them="requests.handle_subjectrequest")
    may = set(allowed.values_list("pk", flat=True))
    return {case.pk: _("It is not assigned to you.") for case in cases if case.pk not in may}
