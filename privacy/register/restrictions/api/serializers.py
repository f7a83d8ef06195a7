"""The shapes of calls and answers, for the API's description."""

from rest_framework import serializers

from privacy.register.categories import DataCategory
from privacy.register.restrictions.enums import ChangeKind, RestrictionKind, ScopeKind
from privacy.subjects.shapes import SubjectSerializer


class RestrictionLookupSerializer(serializers.Serializer):
    subject = SubjectSerializer()


class RestrictionSerializer(serializers.Serializer):
    """Something the person objected to, or had restricted."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(
        choices=RestrictionKind.choices, help_text="restriction: store the data, and do nothing else with it."
    )
    scope = serializers.ChoiceField(choices=ScopeKind.choices)
    purpose = serializers.CharField(allow_null=True, help_text="Code of the purpose, for the scope purpose.")
    category = serializers.ChoiceField(
        choices=DataCategory.choices, allow_null=True, help_text="Kind of data, for the scope category."
    )
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="Known end, not included; usually null.")


class PurposeRestrictionSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=RestrictionKind.choices)
    since = serializers.DateTimeField()


class RestrictedPurposeSerializer(serializers.Serializer):
    purpose = serializers.CharField()
    restricted = serializers.BooleanField(help_text="true: do not use the person's data for it.")
    restriction = PurposeRestrictionSerializer(allow_null=True)


class RestrictionsSerializer(serializers.Serializer):
    subject = serializers.UUIDField(allow_null=True, help_text="null: nobody is known under this identifier.")
    restricted = serializers.BooleanField(help_text="true: use in general is restricted, not only single purposes.")
    restrictions = RestrictionSerializer(many=True)
    purposes = RestrictedPurposeSerializer(many=True, help_text="Every purpose of the register.")


class RestrictionChangeSerializer(serializers.Serializer):
    what = serializers.ChoiceField(choices=ChangeKind.choices)
    at = serializers.DateTimeField()
    subject = serializers.UUIDField(help_text="Opaque id of the person, as in the answer of a lookup.")
    customer_ids = serializers.ListField(
        child=serializers.CharField(), help_text="Customer numbers under which the organisation's systems named them."
    )
    restriction = RestrictionSerializer()


class RestrictionChangesSerializer(serializers.Serializer):
    changes = RestrictionChangeSerializer(many=True)
    cursor = serializers.CharField(help_text="Send it as `after` next time. It stays good for ever.")
    more = serializers.BooleanField(help_text="true: there are more changes now.")
