"""How a call of the API names a person, for the API's description. Read by `privacy.subjects.reading`."""

from rest_framework import serializers


class SubjectSerializer(serializers.Serializer):
    """Exactly one of these."""

    email = serializers.EmailField(required=False)
    phone = serializers.CharField(required=False, help_text="With country code, like +233560320128.")
    customer_id = serializers.CharField(required=False, max_length=100)
