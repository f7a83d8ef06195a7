"""Acceptances of notices. Identifiers travel in the body only, never in addresses."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consent.announcements.accepting import Accepted, record_acceptance
from consent.announcements.errors import AcceptanceRefused
from consent.announcements.models import AcceptedHow
from privacy.officers.api_keys import actor_of
from privacy.officers.api_shapes import ProblemSerializer
from privacy.officers.models import Scope
from privacy.subjects.field_readers import one_of, past_moment, text
from privacy.subjects.reading import Fields, StatementInvalid, read_fields, read_subject
from privacy.subjects.shapes import SubjectSerializer


class AcceptanceSerializer(serializers.Serializer):
    """That one person accepted one notice. It is no consent."""

    subject = SubjectSerializer()
    notice_version = serializers.CharField(max_length=20)
    how = serializers.ChoiceField(choices=AcceptedHow.choices)
    activity = serializers.CharField(
        required=False, max_length=500, help_text="What the person did; kept encrypted. continued_use needs it."
    )
    occurred_at = serializers.DateTimeField(required=False, help_text="Kept beside the server's own time.")


class AcceptedSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    notice_version = serializers.CharField()
    how = serializers.ChoiceField(choices=AcceptedHow.choices)
    recorded_at = serializers.DateTimeField()


class AcceptancesView(APIView):
    """Record that a person accepted a notice: said so, or went on using the service after being told."""

    required_scope = Scope.CONSENTS_WRITE

    @extend_schema(
        operation_id="record_notice_acceptance",
        request=AcceptanceSerializer,
        responses={
            200: AcceptedSerializer, 201: AcceptedSerializer, **dict.fromkeys((400, 401, 403), ProblemSerializer),
        },
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        try:
            accepted, is_new = record_acceptance(accepted=_read(request.data), actor=actor_of(request))
        except StatementInvalid as error:
            raise ValidationError(error.errors) from None
        except AcceptanceRefused as error:
            raise ValidationError({error.field: [error.message]}) from None
        answer = {
            "id": str(accepted.pk),
            "notice_version": accepted.notice.version,
            "how": accepted.how,
            "recorded_at": accepted.recorded_at.isoformat(),
        }
        return Response(answer, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


def _read(data: Any) -> Accepted:
    values = read_fields(data, _FIELDS, no_object=_("Send a JSON object for each acceptance."))
    kind, identifier = values.pop("subject")
    return Accepted(kind=kind, identifier=identifier, **values)


_FIELDS: Fields = {
    "subject": (read_subject, True),
    "notice_version": (text(20), True),
    "how": (one_of(AcceptedHow.values), True),
    "activity": (text(500), False),
    "occurred_at": (past_moment, False),
}
