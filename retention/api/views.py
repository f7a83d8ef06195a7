"""The calls about runs and their certificates. They read, and change nothing."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from privacy.officers.api_shapes import ProblemSerializer
from privacy.officers.models import Scope
from privacy.subjects.reading import StatementInvalid
from retention.api import serializers
from retention.api.answers import lean, line
from retention.api.listing import ORDERINGS, read_query
from retention.api.rendering import PdfRenderer
from retention.certificate.document import check_file
from retention.enums import RunKind, RunState
from retention.models import Certificate, Run

_PROBLEMS = dict.fromkeys((401, 403), ProblemSerializer)


class RunsView(APIView):
    """What was erased and anonymised, table by table, and what waits or went wrong; the newest first."""

    required_scope = Scope.RETENTION_READ

    @extend_schema(
        operation_id="list_runs",
        responses={200: serializers.RunPageSerializer, 400: ProblemSerializer, **_PROBLEMS},
        parameters=[
            OpenApiParameter("state", enum=RunState.values, description="One, or several with commas."),
            OpenApiParameter("kind", enum=RunKind.values, description="One, or several with commas."),
            OpenApiParameter("ordering", enum=ORDERINGS, default=ORDERINGS[0]),
            OpenApiParameter("cursor", description="From `next` or `previous` of another page."),
            OpenApiParameter("page_size", type=int, description="50 when absent, 500 at most."),
        ],
    )
    def get(self, request: Request) -> Response:
        try:
            wanted, ordering = read_query(request.query_params.dict())
        except StatementInvalid as error:
            raise ValidationError(error.errors) from None
        pages: Any = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[operator,misc]  # a class, once read
        pages.ordering = (ordering, "id")
        pages.offset_cutoff = None  # many runs may begin at one moment
        found = pages.paginate_queryset(lean(Run.objects.filter(wanted)), request, view=self)
        return Response(pages.get_paginated_response([line(run) for run in found]).data)


class CertificateView(APIView):
    """The signed certificate of a completed run, as JSON, or as PDF by `Accept` or `?format=pdf`."""

    required_scope = Scope.RETENTION_READ
    renderer_classes = (JSONRenderer, PdfRenderer)

    @extend_schema(
        operation_id="run_certificate",
        responses={
            (200, "application/json"): serializers.CertificateSerializer,
            (200, "application/pdf"): OpenApiTypes.BINARY,
            **_PROBLEMS,
            404: ProblemSerializer,
        },
        parameters=[OpenApiParameter("format", enum=["json", "pdf"], description="Instead of `Accept`.")],
    )
    def get(self, request: Request, run_id: UUID) -> Response:
        found = Certificate.objects.filter(run_id=run_id).first()
        if found is None:
            raise Http404
        answer = {"certificate": check_file(found.document), "jws": found.document}
        name = f"certificate-{found.pk}.{request.accepted_renderer.format}"
        return Response(answer, headers={"Content-Disposition": f'attachment; filename="{name}"'})
