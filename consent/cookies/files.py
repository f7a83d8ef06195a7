"""The script and the style sheet as pages of other sites load them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from consent.cookies.cross_origin import problem, readable_by_everybody
from consent.cookies.releases import NEWEST, RELEASES, release

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


@require_safe
def pinned_file(request: HttpRequest, version: str, kind: str) -> HttpResponse:
    """The script or the style of one release, for pages that name its hash. It never changes."""
    if version not in RELEASES:
        return readable_by_everybody(problem(404, _("There is no such release.")))
    response = _file(request, version, kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
def newest_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same of the newest release of this version of the protocol, for pages that name no hash."""
    response = _file(request, NEWEST, kind)
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _file(request: HttpRequest, version: str, kind: str) -> HttpResponse:
    @condition(etag_func=lambda _request: f'"{release(version, kind).integrity}"')
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(release(version, kind).content, content_type=_TYPES[kind])

    return readable_by_everybody(answer(request))
