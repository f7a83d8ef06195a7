"""One shape for every answer of the API: RFC 9457 problem details for errors, cursors for lists."""

import logging
import traceback
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"


class CursorPagination(pagination.CursorPagination):
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-id"


def problem_details(error: Exception, context: dict[str, Any]) -> Response:
    """RFC 9457 `application/problem+json`: what is wrong and what to do, no personal data, no stack."""
    response = exception_handler(error, context)
    # also where a page or YAML was asked for
    context["request"].accepted_renderer, context["request"].accepted_media_type = JSONRenderer(), PROBLEM
    if response is None:
        return _unexpected(error)
    problem: dict[str, Any] = _problem(response.status_code)
    if isinstance(error, exceptions.ValidationError):
        problem["detail"] = _("Some fields need another value; `errors` says which.")
        problem["errors"] = response.data
    elif isinstance(error, Http404 | PermissionDenied):
        problem["detail"] = _("There is nothing here that this key may see.")
    elif isinstance(error, exceptions.APIException):
        problem["detail"] = str(error.detail)
    headers = {
        name: response[name] for name in ("WWW-Authenticate", "Retry-After", "Allow") if response.has_header(name)
    }
    return Response(problem, status=response.status_code, headers=headers, content_type=PROBLEM)


def _unexpected(error: Exception) -> Response:
    """Log where it happened and not what it said: messages of databases quote the values they choke on."""
    set_rollback()
    logger.error("a call failed with %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    problem = before_the_call(status.HTTP_500_INTERNAL_SERVER_ERROR)
    return Response(problem, status=problem["status"], content_type=PROBLEM)


def before_the_call(code: int) -> dict[str, Any]:
    """The problem of a call that no view took, or that failed: nothing but its status is told."""
    return _problem(code) | {"detail": _detail(code)}


def _problem(code: int) -> dict[str, Any]:
    return {"type": "about:blank", "title": _title(code), "status": code}


def _title(code: int) -> str:
    return {
        status.HTTP_400_BAD_REQUEST: _("The call is not valid"),
        status.HTTP_401_UNAUTHORIZED: _("An API key is needed"),
        status.HTTP_403_FORBIDDEN: _("The key does not allow this"),
        status.HTTP_404_NOT_FOUND: _("Not found"),
        status.HTTP_405_METHOD_NOT_ALLOWED: _("This method is not offered here"),
        status.HTTP_406_NOT_ACCEPTABLE: _("Not to be had in this form"),
        status.HTTP_409_CONFLICT: _("The call contradicts an earlier one"),
        status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: _("The body is too large"),
        status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: _("Send JSON"),
        status.HTTP_429_TOO_MANY_REQUESTS: _("Too many calls"),
        status.HTTP_503_SERVICE_UNAVAILABLE: _("Closed for a moment"),
    }.get(code, _("The call failed"))


def _detail(code: int) -> str:
    if code == status.HTTP_404_NOT_FOUND:
        return _("There is nothing at this address. Check the host name and the path.")
    if code == status.HTTP_503_SERVICE_UNAVAILABLE:
        return _("The portal is being looked after. Nothing is lost: send the call again in a few minutes.")
    if code >= status.HTTP_500_INTERNAL_SERVER_ERROR:
        return _("The fault is ours. Try again; if it stays, tell the Privacy Officer the time of the call.")
    return _("The call was refused before it was read. Check its address and its headers.")
