"""The calls by which systems of the organisation learn what they must not use data for.

Identifiers travel in bodies only; the address of `changes` holds an opaque cursor and nothing of a person.
"""

from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from privacy.officers.api_shapes import ProblemSerializer
from privacy.officers.models import Scope
from privacy.register.models import Purpose
from privacy.register.restrictions.api import serializers
from privacy.register.restrictions.api.answers import changes_answer, lookup_answer
from privacy.register.restrictions.api.cursor import CursorInvalid, read_cursor
from privacy.register.restrictions.models import RestrictionChange
from privacy.register.restrictions.selectors import in_force
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Identifier
from privacy.subjects.reading import StatementInvalid, read_subject
from privacy.subjects.services import find_subject

PAGE, LARGEST_PAGE = 100, 500
_PROBLEMS = dict.fromkeys((400, 401, 403), ProblemSerializer)


class RestrictionLookupView(APIView):
    """What one person objected to or had restricted, and what that means for each purpose. Changes nothing."""

    required_scope = Scope.RESTRICTIONS_READ

    @extend_schema(
        operation_id="look_up_restrictions",
        request=serializers.RestrictionLookupSerializer,
        responses={200: serializers.RestrictionsSerializer, **_PROBLEMS},
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
        held = list(in_force().filter(subject=subject).select_related("purpose")) if subject else []
        purposes = Purpose.objects.filter(is_prohibited=False).order_by("order", "code")
        return Response(lookup_answer(subject, held, purposes))


class RestrictionChangesView(APIView):
    """Restrictions as they were placed and lifted, the oldest first. Ask again with the cursor of the last answer.

    The same cursor gets the same changes, and later ones behind them. Act on what a change says now: a restriction that
    is lifted by now is told as placed and as lifted.
    """

    required_scope = Scope.RESTRICTIONS_READ

    @extend_schema(
        operation_id="restriction_changes",
        responses={200: serializers.RestrictionChangesSerializer, **_PROBLEMS},
        parameters=[
            OpenApiParameter("after", description="Cursor of the last answer; absent for the first changes."),
            OpenApiParameter("page_size", type=int, description=f"1 to {LARGEST_PAGE}; {PAGE} when absent."),
        ],
    )
    def get(self, request: Request) -> Response:
        try:
            after = read_cursor(request.query_params.get("after", ""))
        except CursorInvalid as error:
            raise ValidationError({"after": [str(error)]}) from None
        size = _page_size(request.query_params.get("page_size", str(PAGE)))
        later = RestrictionChange.objects.filter(pk__gt=after).select_related("restriction__purpose").order_by("pk")
        found = list(later[: size + 1])
        shown = found[:size]
        return Response(changes_answer(shown, _customers(shown), after=after, more=len(found) > size))


def _page_size(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 0 < int(text) <= LARGEST_PAGE):
        raise ValidationError({"page_size": [_("Send a number from 1 to %d.") % LARGEST_PAGE]})
    return int(text)


def _customers(changes: list[RestrictionChange]) -> dict[UUID, list[str]]:
    people = {each.restriction.subject_id for each in changes}
    known: dict[UUID, list[str]] = {}
    for each in Identifier.objects.filter(kind=IdentifierKind.CUSTOMER_ID, subject_id__in=people).order_by("pk"):
        known.setdefault(each.subject_id, []).append(each.value)
    return known
