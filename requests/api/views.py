"""The calls about subject requests. Identifiers travel in bodies only, never in addresses."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from privacy.officers.api_keys import actor_of
from privacy.officers.models import Scope
from privacy.subjects.reading import StatementInvalid
from requests.api import serializers
from requests.api.answers import lean, line, whole
from requests.api.listing import ORDERINGS, read_filters, read_ordering
from requests.api.parsing import read_request
from requests.enums import RequestKind, RequestState
from requests.errors import KeyReused, RequestInvalid
from requests.models import SubjectRequest
from requests.references import read_reference
from requests.services.api_intake import take_request, take_request_once

_KEY_LENGTH = 255
_PROBLEMS = dict.fromkeys((400, 401, 403), serializers.RequestProblemSerializer)


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT


class RequestsView(APIView):
    """Send a request, and see which there are."""

    @staticmethod
    def required_scope(request: Request) -> Scope:
        return Scope.REQUESTS_WRITE if request.method == "POST" else Scope.REQUESTS_READ

    @extend_schema(
        operation_id="send_request",
        request=serializers.SubjectRequestSerializer,
        responses={201: serializers.RequestSerializer, **_PROBLEMS, 409: serializers.RequestProblemSerializer},
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                location=OpenApiParameter.HEADER,
                description="The same key with the same body gets the same case, and makes it once.",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        try:
            case = _take(request)
        except StatementInvalid as error:
            raise ValidationError(error.errors) from None
        except RequestInvalid as error:
            raise ValidationError({error.field: [str(error)]}) from None
        except KeyReused as error:
            raise Conflict(str(error)) from None
        location = reverse("api-request", kwargs={"reference": case.reference})
        return Response(whole(case), status=status.HTTP_201_CREATED, headers={"Location": location})

    @extend_schema(
        operation_id="list_requests",
        responses={200: serializers.RequestPageSerializer, **_PROBLEMS},
        parameters=[
            OpenApiParameter("state", enum=RequestState.values, description="One, or several with commas."),
            OpenApiParameter("kind", enum=RequestKind.values, description="One, or several with commas."),
            OpenApiParameter("due_before", type={"type": "string", "format": "date"}),
            OpenApiParameter("open", type=bool, description="true: not closed; false: closed."),
            OpenApiParameter("ordering", enum=ORDERINGS, default=ORDERINGS[0]),
            OpenApiParameter("cursor", description="From `next` or `previous` of another page."),
            OpenApiParameter("page_size", type=int, description="50 when absent, 500 at most."),
        ],
    )
    def get(self, request: Request) -> Response:
        try:
            wanted, ordering = read_filters(request.query_params.dict()), read_ordering(request.query_params)
        except StatementInvalid as error:
            raise ValidationError(error.errors) from None
        pages: Any = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[operator,misc]  # a class, once read
        pages.ordering = (ordering, "id")
        pages.offset_cutoff = None  # many cases may be due on one day
        found = pages.paginate_queryset(lean(SubjectRequest.objects.filter(wanted)), request, view=self)
        return Response(pages.get_paginated_response([line(case) for case in found]).data)


class RequestView(APIView):
    """Where one request stands, with its clocks and their arithmetic in words."""

    required_scope = Scope.REQUESTS_READ

    @extend_schema(
        operation_id="request_status",
        responses={200: serializers.RequestSerializer, **_PROBLEMS, 404: serializers.RequestProblemSerializer},
    )
    def get(self, request: Request, reference: str) -> Response:
        try:
            known_as = read_reference(reference)
        except RequestInvalid:
            raise Http404 from None
        case = SubjectRequest.objects.filter(reference=known_as).first()
        if case is None:
            raise Http404
        return Response(whole(case))


def _take(request: Request) -> SubjectRequest:
    actor, key = actor_of(request), request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= _KEY_LENGTH:
        raise ValidationError({"Idempotency-Key": [_("Use 1 to 255 characters, different for each request.")]})
    statement = read_request(request.data)
    if key is None:
        return take_request(statement=statement, actor=actor)
    return take_request_once(caller=actor.id, key=key, body=request.data, statement=statement, actor=actor)
