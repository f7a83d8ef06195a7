"""The published form of what people take elsewhere, for whoever is to take it in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from requests.fulfilment.portability.schema import schema_text


@require_safe
def portability_schema(request: HttpRequest, version: str) -> HttpResponse:
    """A version of the JSON schema of portability packages."""
    text = schema_text(version)
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="application/schema+json")
