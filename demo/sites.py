"""The sample organisations' own web sites: one page each, on another origin than the portal, with the cookie banner.

They exist in the demo and in tests only. Their Content-Security-Policy is as strict as a careful site's.
"""

from csp.constants import SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from consent.cookies.releases import snippet
from demo.addresses import portal_of
from demo.cookies import SITE_CODE


@require_GET
def sample_site(request: HttpRequest, language: str = "en") -> HttpResponse:
    """The page of the organisation whose site has this host name."""
    slug = settings.SAMPLE_SITES.get(request.get_host().partition(":")[0])
    if slug is None:
        raise Http404
    portal = portal_of(slug)
    # our own text, and the same that officers are shown to copy
    context = {"language": language, "snippet": mark_safe(snippet(portal=portal, site=SITE_CODE)), "portal": portal}  # noqa: S308
    response = render(request, "demo/site.html", context)
    response._csp_replace = {  # type: ignore[attr-defined]
        "script-src": [SELF, portal],
        "style-src": [SELF, portal],
        "connect-src": [portal],
    }
    return response
