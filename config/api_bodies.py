"""Reading the bodies of API calls: JSON, up to a size.

Danger: Django's own limit for bodies that it reads into memory stands before ours, and a bulk call fails that is small
enough. Rule: the parser is none of those of which REST framework fetches the body itself, so the size that the view
names is the only one, and it is looked at before anything is read.
"""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import JSONRenderer

LARGEST_BODY = 64 * 1024


class BodyTooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class BoundedJSONParser(BaseParser):
    """JSON, up to a size: `largest_body` of the view, in bytes; 64 KiB when it names none."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        context = parser_context or {}
        limit = getattr(context.get("view"), "largest_body", LARGEST_BODY)
        length = context["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > limit:
            raise BodyTooLarge(_("Send %d bytes at most.") % limit)
        try:
            return JSONParser().parse(stream, media_type, parser_context)
        except RecursionError:
            raise exceptions.ParseError(_("The JSON is nested too deeply.")) from None
