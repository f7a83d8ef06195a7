"""The organisation's profile for every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from privacy.register.models import OrganisationProfile


def organisation_profile(request: HttpRequest) -> dict[str, Any]:
    """`organisation` is the profile, read only by templates that show it; absent on the public host."""
    if getattr(request, "tenant", None) is None:
        return {}
    return {"organisation": SimpleLazyObject(OrganisationProfile.objects.first)}
