"""What of an answer depends on where a page lives: headers, and the form of errors."""

import json
from collections.abc import Callable
from functools import lru_cache

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.api import PROBLEM, before_the_call

GetResponse = Callable[[HttpRequest], HttpResponse]

_STAFF_PATHS = ("/officer/", "/platform/", "/api/v1/docs/")
_STAFF_POLICY = {
    "script-src": ["'self'", "'unsafe-eval'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
}


class PolicyMiddleware:
    """What a browser may load and run on a page; staff pages get the policy that their theme needs.

    The library's own middleware composes the header anew for every answer. Ours are two, without nonces: once each,
    save where a page has a policy of its own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_for_developers = settings.DEBUG and response.status_code in (404, 500)  # pages of Django, with inline styles
        if not is_for_developers:
            own = getattr(response, "_csp_replace", None)  # what the library's decorator leaves
            is_for_staff = request.path.startswith(_STAFF_PATHS)
            response.setdefault(HEADER, build_policy(replace=own) if own else _policy(is_for_staff))
        return response


@lru_cache(maxsize=2)
def _policy(is_for_staff: bool) -> str:
    return build_policy(replace=_STAFF_POLICY if is_for_staff else None)


class NoStoreMiddleware:
    """Pages about a person are never kept by browsers or proxies."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


class ApiProblemMiddleware:
    """Below `/api/` every error is a problem (RFC 9457), also what no view of the API had a hand in.

    Programs read there: a host that nobody owns, an organisation that is closed for a moment, or an exception outside
    of the call would else be a page for people. It stands before whatever may answer or fail, and tells the status,
    never the cause.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_error = request.path.startswith("/api/") and response.status_code >= 400
        if is_error and not response.streaming and "json" not in response.get("Content-Type", ""):
            response.content = json.dumps(before_the_call(response.status_code)).encode()
            response["Content-Type"] = PROBLEM
            response["Content-Length"] = str(len(response.content))
        return response
