"""Officers read times as the clock on their wall shows them: in the time zone of their organisation."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from privacy.register.models import OrganisationProfile

GetResponse = Callable[[HttpRequest], HttpResponse]

OFFICERS_PAGES = "/officer/"


class OrganisationZoneMiddleware:
    """Shows every time on the officers' pages in the organisation's zone. Records and calculations stay in UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "tenant", None) is None or not request.path.startswith(OFFICERS_PAGES):
            return self.get_response(request)
        name = OrganisationProfile.objects.values_list("time_zone", flat=True).first()
        with timezone.override(ZoneInfo(name) if name else None):
            return self.get_response(request)
