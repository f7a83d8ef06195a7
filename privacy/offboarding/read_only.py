"""A cancelled organisation changes nothing any more.

Danger: something written after the export was taken is lost with the organisation, and nobody notices.
Rule: every page and call that is not a mere reading is refused, unless it is named in
`settings.ALLOWED_WHILE_CANCELLED`: signing in and out, opening what is ready, and the export.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]
_READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ReadOnlyMiddleware:
    """Refuses what would change a cancelled organisation."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        organisation = getattr(request, "tenant", None)
        if organisation is None or not organisation.is_cancelled or request.method in _READING:
            return None
        match = request.resolver_match
        if match is not None and match.view_name in settings.ALLOWED_WHILE_CANCELLED:
            return None
        return _refusal(request)


def _refusal(request: HttpRequest) -> HttpResponse:
    heading = _("Nothing can be changed here any more")
    words = _(
        "The organisation has ended its use of this portal. What is here can be read until it is deleted; nothing was "
        "changed by what you sent."
    )
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": heading, "status": 403, "detail": words}
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    desk = request.path.startswith("/officer/")
    template = "officer/error.html" if desk else "portal/error.html"
    return render(request, template, {"heading": heading, "words": words}, status=403)
