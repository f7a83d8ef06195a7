"""The disclosure calls of the REST API. Identifiers travel in bodies only, never in addresses."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from privacy.officers.api_keys import actor_of
from privacy.officers.models import Scope
from privacy.register.api import serializers
from privacy.register.api.parsing import read_disclosure
from privacy.register.disclosures.errors import DisclosureRefused, KeyReused
from privacy.register.disclosures.recording import Outcome, record_disclosure, record_disclosures, record_once
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.register.models import Disclosure, Way
from privacy.subjects.reading import StatementInvalid

BULK_LIMIT = 10_000
_KEY_LENGTH = 255
_PROBLEMS = dict.fromkeys((400, 401, 403), serializers.DisclosureProblemSerializer)


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT


class DisclosuresView(APIView):
    """Record that data of one person was disclosed."""

    required_scope = Scope.DISCLOSURES_WRITE

    @extend_schema(
        operation_id="record_disclosure",
        request=serializers.DisclosureSerializer,
        responses={
            201: serializers.DisclosureRecordedSerializer,
            **_PROBLEMS,
            409: serializers.DisclosureProblemSerializer,
        },
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                location=OpenApiParameter.HEADER,
                description="The same key with the same body gets the same answer, and records once.",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        try:
            row = _record(request)
        except StatementInvalid as error:
            raise ValidationError(error.errors) from None
        except DisclosureRefused as error:
            raise ValidationError({error.field: [error.message]}) from None
        except KeyReused as error:
            raise Conflict(str(error)) from None
        return Response(_answer(row), status=status.HTTP_201_CREATED)


class BulkView(APIView):
    """Record up to 10,000 disclosures; those that stand are stored, the others say why not.

    Give each a `reference`: a call that is repeated then stores nothing twice.
    """

    required_scope = Scope.DISCLOSURES_WRITE
    largest_body = 16 * 1024 * 1024

    @extend_schema(
        operation_id="record_disclosures",
        request=serializers.DisclosureBulkSerializer,
        responses={200: serializers.DisclosureBulkResultSerializer, **_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        outcomes: list[Any] = [_read(item) for item in _items(request.data)]
        places = [place for place, read in enumerate(outcomes) if isinstance(read, DisclosureStatement)]
        stored = record_disclosures(
            statements=[outcomes[place] for place in places], way=Way.API, actor=actor_of(request)
        )
        for place, outcome in zip(places, stored, strict=True):
            outcomes[place] = outcome
        results = [_item(index, outcome) for index, outcome in enumerate(outcomes)]
        counts = {name: sum(item["status"] == name for item in results) for name in ("stored", "known", "refused")}
        return Response(counts | {"results": results})


def _record(request: Request) -> Disclosure:
    actor = actor_of(request)
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return record_disclosure(statement=read_disclosure(request.data), way=Way.API, actor=actor)
    if not 0 < len(key) <= _KEY_LENGTH:
        raise ValidationError({"Idempotency-Key": [_("Use 1 to 255 characters, different for each disclosure.")]})
    said = read_disclosure(request.data)
    return record_once(caller=actor.id, key=key, body=request.data, statement=said, actor=actor)


def _answer(row: Disclosure) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "subject": str(row.subject_id),
        "recipient": row.recipient.name,
        "purpose": row.purpose.code,
        "disclosed_on": row.disclosed_on.isoformat(),
        "entered_at": row.entered_at.isoformat(),
    }


def _items(data: Any) -> list[Any]:
    items = data.get("records") if isinstance(data, dict) else data
    if not isinstance(items, list) or not 0 < len(items) <= BULK_LIMIT:
        raise ValidationError({"records": [_("Send a list of 1 to %d disclosures.") % BULK_LIMIT]})
    return items


def _read(item: Any) -> DisclosureStatement | StatementInvalid:
    try:
        return read_disclosure(item)
    except StatementInvalid as error:
        return error


def _item(index: int, outcome: Outcome | StatementInvalid) -> dict[str, Any]:
    if isinstance(outcome, StatementInvalid):
        return {"index": index, "status": "refused", "errors": outcome.errors}
    if outcome.refusal is not None:
        return {"index": index, "status": "refused", "errors": {outcome.refusal.field: [outcome.refusal.message]}}
    assert outcome.disclosure is not None
    return {
        "index": index,
        "status": "stored" if outcome.is_new else "known",
        "id": str(outcome.disclosure.pk),
    }
