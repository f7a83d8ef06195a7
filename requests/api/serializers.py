"""The shapes of calls and answers, for the API's description. Reading is done in `requests.api.parsing`."""

from rest_framework import serializers

from privacy.law.enums import Cause, Origin
from requests.api.parsing import PARTICULARS_BYTES
from requests.enums import Channel, IdentityLevel, Outcome, RequestKind, RequestState
from requests.models import AuthorityKind
from requests.services.intake import LONGEST_DETAILS, LONGEST_NAME, LONGEST_REASON


class RequestSubjectSerializer(serializers.Serializer):
    """Exactly one of these."""

    email = serializers.EmailField(required=False)
    phone = serializers.CharField(required=False, help_text="With country code, like +233560320128.")
    customer_id = serializers.CharField(required=False, max_length=100)


class RepresentativeSerializer(serializers.Serializer):
    """Who asks for somebody else. Nothing is decided before an officer has seen by what right."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    email = serializers.EmailField(required=False, help_text="Letters go there once the authority was seen.")
    authority = serializers.ChoiceField(choices=AuthorityKind.choices)


class SubjectRequestSerializer(serializers.Serializer):
    """One request of one person."""

    kind = serializers.ChoiceField(choices=RequestKind.choices)
    subject = RequestSubjectSerializer()
    name = serializers.CharField(required=False, max_length=LONGEST_NAME)
    details = serializers.CharField(required=False, max_length=LONGEST_DETAILS, help_text="What the person wrote.")
    particulars = serializers.JSONField(
        required=False,
        help_text=f"Answers to the questions of its kind: a JSON object, {PARTICULARS_BYTES} bytes at most. `scope` "
        "(access, portability), `decision` (reconsideration) and `about_reference` (complaint) are texts; `changes` "
        "(rectification) is a list of objects with `what`, `old` and `new`; `purposes` (objection, restriction, "
        "consent_withdrawal) is a list of codes of the register, empty for all. Other names are kept as they are.",
    )
    residence = serializers.CharField(
        required=False, max_length=6, help_text="Country, or part of it, where the person lives, like GH or CA-BC."
    )
    language = serializers.CharField(required=False, max_length=5, default="en", help_text="Of our letters: en or fr.")
    received_on = serializers.DateField(
        required=False,
        help_text="Day on which the request reached you; clocks run from it. Today when absent. "
        "A day before today needs `received_reason`.",
    )
    received_at = serializers.DateTimeField(required=False, help_text="The same as a moment; send one of the two.")
    received_reason = serializers.CharField(
        required=False,
        max_length=LONGEST_REASON,
        help_text="Why it is sent only now: needed when the day on which it reached you, in your organisation's "
        "time zone, is over; otherwise it is not kept.",
    )
    authenticated = serializers.BooleanField(
        required=False,
        default=False,
        help_text="You vouch that the person is signed in with you: their identity needs no further proof. "
        "Not together with a representative, whose authority an officer has to see.",
    )
    is_minor = serializers.BooleanField(required=False, default=False)
    about = serializers.CharField(
        required=False, max_length=40, help_text="Reference of the person's own case that a complaint is about."
    )
    representative = RepresentativeSerializer(required=False)


class RequestLineSerializer(serializers.Serializer):
    reference = serializers.CharField()
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    state = serializers.ChoiceField(choices=RequestState.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    subject = serializers.UUIDField(help_text="Opaque id of the person.")
    received_on = serializers.DateField(help_text="Its clocks run from this day.")
    asked_again_on = serializers.DateField(
        allow_null=True,
        help_text="Last day of the requests that were joined to it: what came up to that day is meant as well.",
    )
    due_on = serializers.DateField(help_text="The earliest of its clocks.")
    target_on = serializers.DateField()
    closed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_null=True)
    waiting_for = serializers.ListField(child=serializers.ChoiceField(choices=[each.value for each in Cause]))
    clock_stands = serializers.BooleanField(
        help_text="Its earliest clock stands until the person answers: due_on moves with every day."
    )
    identity = serializers.ChoiceField(choices=IdentityLevel.choices)
    is_minor = serializers.BooleanField()


class RequestClockSerializer(serializers.Serializer):
    law = serializers.CharField()
    citation = serializers.CharField()
    origin = serializers.ChoiceField(choices=[each.value for each in Origin])
    due_on = serializers.DateField()
    stands = serializers.BooleanField(help_text="It stands until the person answers, and its day moves with today.")
    target_on = serializers.DateField()
    sentences = serializers.ListField(child=serializers.CharField(), help_text="How the day was counted.")


class RequestStepSerializer(serializers.Serializer):
    on = serializers.DateField()
    words = serializers.CharField()


class RequestSerializer(RequestLineSerializer):
    status = serializers.CharField(help_text="Where it stands, as the person is told.")
    deemed_refused_on = serializers.DateField(allow_null=True)
    clocks = RequestClockSerializer(many=True)
    steps = RequestStepSerializer(many=True)


class RequestPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RequestLineSerializer(many=True)


class RequestProblemSerializer(serializers.Serializer):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # RFC 9457 extension, not DRF's own
        required=False, help_text="Fields at fault, with reasons."
    )
