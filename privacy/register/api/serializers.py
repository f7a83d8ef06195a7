"""The shapes of calls and answers, for the API's description. Reading is done in `privacy.register.api.parsing`."""

from rest_framework import serializers

from privacy.register.categories import DISCLOSABLE
from privacy.register.disclosures.checking import LONGEST
from privacy.register.models import GroundWithoutConsent, Means


class DisclosedPersonSerializer(serializers.Serializer):
    """Exactly one of these."""

    email = serializers.EmailField(required=False)
    phone = serializers.CharField(required=False, help_text="With country code, like +233560320128.")
    customer_id = serializers.CharField(required=False, max_length=100)


class DisclosureSerializer(serializers.Serializer):
    """Data of one person that one recipient got on one day for one purpose."""

    subject = DisclosedPersonSerializer()
    recipient = serializers.CharField(max_length=200, help_text="Name of the recipient in the register.")
    disclosed_on = serializers.DateField(help_text="Not later than today, where the organisation is.")
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=[(each.value, each.label) for each in DISCLOSABLE]), min_length=1
    )
    purpose = serializers.SlugField(max_length=60, help_text="Code of the purpose in the register.")
    means = serializers.ChoiceField(choices=Means.choices)
    ground = serializers.ChoiceField(
        choices=GroundWithoutConsent.choices,
        required=False,
        help_text="Only where the person was not told of the purpose; then with authority and approver.",
    )
    authority = serializers.CharField(
        required=False, max_length=LONGEST["authority"], help_text="Provision, order or file; nothing about a person."
    )
    approver = serializers.CharField(required=False, max_length=LONGEST["approver"], help_text="Who approved.")
    is_secret = serializers.BooleanField(
        required=False, default=False, help_text="A law forbids telling the person: it stays out of access packages."
    )
    reference = serializers.CharField(
        required=False,
        max_length=LONGEST["reference"],
        help_text="Your own number of it. The same disclosure sent again under it is stored once.",
    )
    note = serializers.CharField(required=False, max_length=LONGEST["note"], help_text="Kept encrypted.")


class DisclosureBulkSerializer(serializers.Serializer):
    """Up to 10,000 disclosures. The bare list is accepted too."""

    records = DisclosureSerializer(many=True)


class DisclosureRecordedSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    subject = serializers.UUIDField(help_text="Opaque id of the person.")
    recipient = serializers.CharField()
    purpose = serializers.CharField()
    disclosed_on = serializers.DateField()
    entered_at = serializers.DateTimeField()


class DisclosureBulkItemSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["stored", "known", "refused"], help_text="known: it was there before.")
    id = serializers.UUIDField(required=False)
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # RFC 9457 extension, not DRF's own


class DisclosureBulkResultSerializer(serializers.Serializer):
    stored = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = DisclosureBulkItemSerializer(many=True)


class DisclosureProblemSerializer(serializers.Serializer):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # RFC 9457 extension, not DRF's own
        required=False, help_text="Fields at fault, with reasons."
    )
