"""The case that a visit is about."""

from django.shortcuts import get_object_or_404

from privacy.portal.visits import Visit
from requests.addressees import may_get_the_data
from requests.models import AccessPackage, SubjectRequest


def case_of(visit: Visit) -> SubjectRequest:
    """The case that the visit's link was for, and only that.

    Raises:
        Http404: it is gone.
    """
    return get_object_or_404(SubjectRequest, pk=visit.target_id, subject_id=visit.subject_id)


def available_package(case: SubjectRequest) -> AccessPackage | None:
    """The package that can be downloaded; None when there is none, or none any more, or not for who asks."""
    package = AccessPackage.objects.filter(case=case).first()
    if package is None or not package.is_available or not may_get_the_data(case):
        return None
    return package
