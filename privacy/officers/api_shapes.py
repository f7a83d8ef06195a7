"""The shape of errors of the API, for its description. Made by `config.api`."""

from rest_framework import serializers


class ProblemSerializer(serializers.Serializer):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # RFC 9457 extension, not DRF's own
        required=False, help_text="Fields at fault, with reasons."
    )
