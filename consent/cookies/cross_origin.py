"""Answers that pages of other origins may read (CORS, as the Fetch Standard has it).

Danger: a page that may read our answers with the visitor's cookies acts as the visitor.
Rule: cookies never travel with these calls and no answer allows it. Banners and choices are for the origins that the
organisation has listed, word for word; the script and its style are the same for everybody and for everybody to read.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from consent.cookies.models import CookieSite

_PREFLIGHT_SECONDS = "600"


def origin_of(request: HttpRequest) -> str:
    """The origin of the page that calls, as the browser says it; empty when it says none."""
    return request.headers.get("Origin", "")


def is_listed(request: HttpRequest, site: CookieSite) -> bool:
    return bool(origin_of(request)) and origin_of(request) in site.origins


def readable_by_everybody(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def readable_by_caller(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the calling page read the answer. Its origin has been found among those of an active site."""
    response["Access-Control-Allow-Origin"] = origin_of(request)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Origin"])
    return response


def preflight(request: HttpRequest) -> HttpResponse:
    """What a browser asks before a page may send JSON: only whether its origin is one of the organisation's."""
    response = HttpResponse(status=204)
    patch_vary_headers(response, ["Origin"])
    origin = origin_of(request)
    if not origin or not CookieSite.objects.filter(is_active=True, origins__contains=[origin]).exists():
        return response
    response["Access-Control-Allow-Methods"] = "POST"
    response["Access-Control-Allow-Headers"] = "Content-Type"
    response["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
    return readable_by_caller(request, response)


def problem(status: int, detail: str, errors: Any = None) -> JsonResponse:
    """RFC 9457 problem details, in the shape of the API."""
    titles = {
        400: _("The call is not valid"),
        403: _("This page may not do that"),
        404: _("Not found"),
        409: _("The call contradicts an earlier one"),
        413: _("The body is too large"),
        415: _("Send JSON"),
        429: _("Too many calls"),
    }
    content = {"type": "about:blank", "title": titles[status], "status": status, "detail": detail}
    content |= {"errors": errors} if errors else {}
    return JsonResponse(content, status=status, content_type="application/problem+json")
