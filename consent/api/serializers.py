"""The shapes of calls and answers, for the API's description. Reading is done in `consent.api.parsing`."""

from rest_framework import serializers

from consent.api.parsing import EVIDENCE_BYTES
from consent.evidence import NEEDED
from consent.models import STATED, Decision, Method
from privacy.register.models import LawfulBasis
from privacy.register.restrictions.enums import RestrictionKind
from privacy.subjects.shapes import SubjectSerializer


def _needed() -> str:
    """What each method needs, in the words of the call."""
    methods = ((method, ", ".join(piece.name for piece in pieces)) for method, pieces in NEEDED.items() if pieces)
    return "; ".join(f"{Method(method).value} needs {names}" for method, names in methods)


class ConsentSerializer(serializers.Serializer):
    """One decision of one person about one purpose."""

    subject = SubjectSerializer()
    purpose = serializers.SlugField(max_length=60, help_text="Code of the purpose in the register.")
    decision = serializers.ChoiceField(choices=[(each.value, each.label) for each in STATED])
    method = serializers.ChoiceField(choices=Method.choices)
    notice_version = serializers.CharField(
        required=False, max_length=20, help_text="The privacy notice the person was shown; must be in force."
    )
    wording_version = serializers.IntegerField(
        required=False, min_value=1, help_text="Version of the words the person was shown; the newest when absent."
    )
    language = serializers.CharField(required=False, max_length=5, default="en")
    evidence = serializers.JSONField(
        required=False,
        help_text=f"A JSON object, {EVIDENCE_BYTES} bytes at most; kept encrypted. When consent is given: {_needed()}.",
    )
    occurred_at = serializers.DateTimeField(
        required=False,
        help_text="Kept with the record; its time is the server's all the same. A consent from before the "
        "decision that stands is refused.",
    )
    birth_date = serializers.DateField(
        required=False, help_text="Where the purpose has a minimum age: judged, and not kept."
    )
    is_of_age = serializers.BooleanField(
        required=False, help_text="In place of birth_date: the person is as old as the purpose asks."
    )

    shown = serializers.CharField(
        required=False,
        max_length=1000,
        help_text="From the call for the terms, unchanged: the person was shown those words. Language and versions are "
        "those it names. A consent is refused after an hour, and when other words, terms or another notice are in "
        "force; a no is taken, and recorded without words.",
    )


class TermsSerializer(serializers.Serializer):
    """What a form of your own shows: the words in force, word for word, and our signature for them."""

    purpose = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(help_text="Plain words of the purpose.")
    words = serializers.CharField(help_text="Show these, unchanged, where the person agrees.")
    wording_version = serializers.IntegerField()
    wording_sha256 = serializers.CharField()
    language = serializers.CharField()
    notice_version = serializers.CharField(allow_null=True, help_text="null: no privacy notice is in force.")
    withdrawal_consequences = serializers.CharField()
    no_withdrawal_reason = serializers.CharField(
        allow_null=True, help_text="Why the consent cannot be withdrawn; show it before anybody agrees. null: it can."
    )
    valid_days = serializers.IntegerField(allow_null=True, help_text="null: it holds until it is withdrawn.")
    minimum_age = serializers.IntegerField(allow_null=True)
    shown = serializers.CharField(help_text="Send it back with the decision.")
    shown_until = serializers.DateTimeField(help_text="After it `shown` is refused.")


class BulkSerializer(serializers.Serializer):
    """Up to 10,000 decisions. The bare list is accepted too."""

    records = ConsentSerializer(many=True)


class LookupSerializer(serializers.Serializer):
    subject = SubjectSerializer()


class ReceiptSerializer(serializers.Serializer):
    """A receipt: its fields (ISO/IEC TS 27560; of a consent that was given, Kantara 1.1.0 too) and the same signed."""

    receipt = serializers.DictField()
    jws = serializers.CharField(help_text="Compact JWS, Ed25519; the key is at /.well-known/jwks.json.")


class RecordedSerializer(ReceiptSerializer):
    id = serializers.UUIDField()
    subject = serializers.UUIDField(help_text="Opaque id of the person.")
    purpose = serializers.CharField()
    decision = serializers.ChoiceField(choices=Decision.choices)
    recorded_at = serializers.DateTimeField()


class BulkItemSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["stored", "refused"])
    id = serializers.UUIDField(required=False)
    restricted = serializers.BooleanField(
        required=False, help_text="true: refused because the person objected to the purpose, or had it restricted."
    )
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # RFC 9457 extension, not DRF's own


class BulkResultSerializer(serializers.Serializer):
    stored = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkItemSerializer(many=True)


class StateRestrictionSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=RestrictionKind.choices)
    since = serializers.DateTimeField()


class StateSerializer(serializers.Serializer):
    purpose = serializers.CharField()
    decision = serializers.ChoiceField(choices=Decision.choices, allow_null=True, help_text="null: never asked.")
    since = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="When a given consent ends by itself.")
    id = serializers.UUIDField(allow_null=True, help_text="Record of the decision.")
    restricted = serializers.BooleanField(
        help_text="true: the person objected, or had it restricted. Do not use their data for it, whatever was decided."
    )
    restriction = StateRestrictionSerializer(allow_null=True)
    lawful_basis = serializers.ChoiceField(
        choices=LawfulBasis.choices,
        help_text="What the purpose rests on now. When that is not consent, the decision is from when it was.",
    )
    prohibited = serializers.BooleanField(
        help_text="true: the organisation has promised never to do this. Do not use data for it, whatever was decided."
    )


class StatesSerializer(serializers.Serializer):
    subject = serializers.UUIDField(allow_null=True, help_text="null: nobody is known under this identifier.")
    consents = StateSerializer(many=True)
