"""The consent calls of the REST API. Identifiers travel in bodies only, never in addresses."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotAcceptable, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consent.api import serializers
from consent.api.answers import bulk_answer, recorded_answer, states_answer, terms_answer
from consent.api.parsing import read_statement, read_terms_asked_for
from consent.api.rendering import EXTENSIONS, RECEIPT_RENDERERS, KantaraRenderer
from consent.errors import ConsentRefused, KeyReused, PurposeRestricted
from consent.models import ConsentRecord, Decision
from consent.receipts import facts_of
from consent.register_reading import find_sender
from consent.selectors import states
from consent.services import record_statement, record_statements
from consent.services.idempotency import once, once_for_many
from consent.statement import Statement
from consent.terms import find_terms
from privacy.ledger.actors import Actor
from privacy.officers.api_keys import actor_of
from privacy.officers.api_shapes import ProblemSerializer
from privacy.officers.models import Scope
from privacy.subjects.reading import StatementInvalid, read_subject
from privacy.subjects.services import find_subject

BULK_LIMIT = 10_000
_KEY_LENGTH = 255
_NO_KANTARA = gettext_lazy(
    "Kantara has receipts of consents that held when they were recorded, and would show this decision as one. Use "
    "another form."
)
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="The same key with the same body gets the same answer for a day, and records once.",
)
_PROBLEMS = dict.fromkeys((400, 401, 403), ProblemSerializer)


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT


class WordsChanged(APIException):
    status_code = status.HTTP_500_INTERNAL_SERVER_ERROR
    default_detail = gettext_lazy(
        "The words or terms of this consent are not what they were, so nothing is signed about them. Tell the Privacy "
        "Officer the number of the record."
    )


class ConsentsView(APIView):
    """Record one decision; the answer is its signed receipt."""

    required_scope = Scope.CONSENTS_WRITE

    @extend_schema(
        operation_id="record_consent",
        request=serializers.ConsentSerializer,
        responses={201: serializers.RecordedSerializer, **_PROBLEMS, 409: ProblemSerializer},
        parameters=[_IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        try:
            statement = read_statement(request.data)
            record = _record(request, statement)
        except StatementInvalid as error:
            raise ValidationError(error.errors) from None
        except PurposeRestricted as error:
            raise Conflict(error.message) from None
        except ConsentRefused as error:
            raise ValidationError({error.field: [error.message]}) from None
        except KeyReused as error:
            raise Conflict(str(error)) from None
        location = reverse("consent-receipt", kwargs={"record_id": record.pk})
        return Response(
            recorded_answer(record, _host(request)), status=status.HTTP_201_CREATED, headers={"Location": location}
        )


class TermsView(APIView):
    """What to show on a form of your own, with our signature for it; the decision brings that back as `shown`."""

    required_scope = Scope.CONSENTS_WRITE

    @extend_schema(
        operation_id="consent_terms",
        responses={200: serializers.TermsSerializer, **_PROBLEMS},
        parameters=[
            OpenApiParameter("purpose", required=True, description="Code of the purpose."),
            OpenApiParameter("language", description="Of the words; `en` when absent."),
        ],
    )
    def get(self, request: Request) -> Response:
        try:
            asked = read_terms_asked_for(request.query_params.dict())
            terms = find_terms(purpose=asked["purpose"], language=asked.get("language", "en"), decision=Decision.GIVEN)
        except StatementInvalid as error:
            raise ValidationError(error.errors) from None
        except ConsentRefused as error:
            raise ValidationError({error.field: [error.message]}) from None
        return Response(terms_answer(terms, find_sender(terms.purpose)), headers={"Cache-Control": "no-store"})


class BulkView(APIView):
    """Record up to 10,000 decisions; those that are valid are stored, the others say why not."""

    required_scope = Scope.CONSENTS_WRITE
    largest_body = 16 * 1024 * 1024

    @extend_schema(
        operation_id="record_consents",
        request=serializers.BulkSerializer,
        responses={200: serializers.BulkResultSerializer, **_PROBLEMS, 409: ProblemSerializer},
        parameters=[_IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        items, actor, key = _items(request.data), actor_of(request), _idempotency_key(request)
        if key is None:
            return Response(_record_many(items, actor))
        try:
            answer = once_for_many(caller=actor.id, key=key, body=request.data, act=lambda: _record_many(items, actor))
        except KeyReused as error:
            raise Conflict(str(error)) from None
        return Response(answer)


class LookupView(APIView):
    """The present state of each purpose for one person.

    Purposes that do not rest on consent are among them where the person objected or had them restricted.
    """

    required_scope = Scope.CONSENTS_READ

    @extend_schema(
        operation_id="look_up_consents",
        request=serializers.LookupSerializer,
        responses={200: serializers.StatesSerializer, **_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        sent = request.data if isinstance(request.data, dict) else {}
        try:
            kind, identifier = read_subject(sent.get("subject"))
        except StatementInvalid as error:
            raise ValidationError({"subject": error.errors}) from None
        except ValueError as error:
            raise ValidationError({"subject": [str(error)]}) from None
        subject = find_subject(kind=kind, value=identifier)
        return Response(states_answer(subject, states(subject)))


class ReceiptView(APIView):
    """The receipt of one record: as fields and signed, as JSON-LD, in Kantara's form, signed alone, or as PDF."""

    required_scope = Scope.CONSENTS_READ
    renderer_classes = RECEIPT_RENDERERS

    @extend_schema(
        operation_id="consent_receipt",
        responses={
            (200, "application/json"): serializers.ReceiptSerializer,
            (200, "application/ld+json"): OpenApiTypes.OBJECT,
            (200, "application/jose"): OpenApiTypes.STR,
            (200, "application/pdf"): OpenApiTypes.BINARY,
            **_PROBLEMS,
            404: ProblemSerializer,
            406: ProblemSerializer,
        },
        parameters=[
            OpenApiParameter(
                "format",
                enum=[each.format for each in RECEIPT_RENDERERS],
                description="Instead of `Accept`. `kantara`: only the fields of Kantara 1.1.0, of a consent that was "
                "given; `jose`: only the signature with what it signs; `jsonld-jose`: the same of the JSON-LD.",
            )
        ],
    )
    def get(self, request: Request, record_id: UUID) -> Response:
        record = (
            ConsentRecord.objects.select_related("purpose", "wording", "notice", "terms").filter(pk=record_id).first()
        )
        if record is None:
            raise Http404
        facts = facts_of(record, host=_host(request))
        if facts.is_altered:
            raise WordsChanged
        if request.accepted_renderer.format == KantaraRenderer.format and not facts.is_consent_that_held:
            raise NotAcceptable(_NO_KANTARA)
        extension = EXTENSIONS[request.accepted_renderer.format]
        name = f'attachment; filename="receipt-{record.pk}.{extension}"'
        return Response(facts, headers={"Content-Disposition": name})


def _record(request: Request, statement: Statement) -> ConsentRecord:
    actor: Actor = actor_of(request)
    key = _idempotency_key(request)
    if key is None:
        return record_statement(statement=statement, actor=actor)
    return once(
        caller=actor.id, key=key, body=request.data, act=lambda: record_statement(statement=statement, actor=actor)
    )


def _record_many(items: list[Any], actor: Actor) -> dict[str, Any]:
    outcomes: list[Any] = [_read(item) for item in items]
    places = [place for place, read in enumerate(outcomes) if isinstance(read, Statement)]
    stored = record_statements(statements=[outcomes[place] for place in places], actor=actor)
    for place, outcome in zip(places, stored, strict=True):
        outcomes[place] = outcome
    return bulk_answer(outcomes)


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= _KEY_LENGTH:
        raise ValidationError({"Idempotency-Key": [_("Use 1 to 255 characters, different for each decision.")]})
    return key


def _host(request: Request) -> str:
    """The host name that was called: one of the organisation's own, or it would not have been served."""
    return urlsplit(f"//{request.get_host()}").hostname or ""


def _items(data: Any) -> list[Any]:
    items = data.get("records") if isinstance(data, dict) else data
    if not isinstance(items, list) or not 0 < len(items) <= BULK_LIMIT:
        raise ValidationError({"records": [_("Send a list of 1 to %d decisions.") % BULK_LIMIT]})
    return items


def _read(item: Any) -> Statement | StatementInvalid:
    try:
        return read_statement(item)
    except StatementInvalid as error:
        return error
