"""The case that a visit is about."""

from django.shortcuts import get_object_or_404

from privacy.portal.visits import Visit
from requests.models import AccessPackage, SubjectRequest


def case_of(visit: Visit) -> SubjectRequest:
    """The case that the visit's link was for, and only that.

    Raises:
        Http404: it is gone.
    """
    return get_object_or_404(SubjectRequest, pk=visit.target_id, subject_id=visit.subject_id)


def available_package(case: SubjectRequest) -> AccessPackage | None:
    """The package that can be downloaded; None when there is none, or none any more."""
    package = AccessPackage.objects.filter(case=case).first()
    return package if package is not None and package.is_available else None
