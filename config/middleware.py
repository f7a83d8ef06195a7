"""Headers that depend on where a page lives."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

_STAFF_PATHS = ("/officer/", "/platform/", "/api/v1/docs/")
_STAFF_POLICY = {
    "script-src": ["'self'", "'unsafe-eval'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
}


class NoStoreMiddleware:
    """Pages about a person are never kept by browsers or proxies; staff pages get the policy their theme needs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        if request.path.startswith(_STAFF_PATHS):
            response._csp_replace = _STAFF_POLICY  # type: ignore[attr-defined]
        return response
