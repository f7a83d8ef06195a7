"""The shapes of answers, for the API's description. They are made in `retention.api.answers`."""

from rest_framework import serializers

from privacy.datamap.models import Action
from privacy.ledger.actors import ActorKind
from retention.enums import Result, RunKind, RunState, StepState
from retention.second_look import ApprovalReason


class RunRuleSerializer(serializers.Serializer):
    name = serializers.CharField()
    version = serializers.IntegerField(help_text="The version that the run went by.")


class RunApprovalSerializer(serializers.Serializer):
    reason = serializers.ChoiceField(choices=ApprovalReason.choices, help_text="Why a second officer looks.")
    approved_at = serializers.DateTimeField(allow_null=True, help_text="null: nobody has approved this plan yet.")


class RunTableSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="In plain words.")
    table = serializers.CharField()
    level = serializers.IntegerField(
        help_text="0, or which further step made rows of too small groups coarser in this table."
    )
    action = serializers.ChoiceField(choices=Action.choices)
    state = serializers.ChoiceField(choices=StepState.choices)
    result = serializers.ChoiceField(
        choices=Result.choices,
        allow_null=True,
        help_text="What changed rows are in law; null without any.",
    )
    rows_planned = serializers.IntegerField()
    rows = serializers.IntegerField(help_text="Rows done.")
    rows_left = serializers.IntegerField(allow_null=True, help_text="Counted after the work; null: not yet.")
    rows_under_hold = serializers.IntegerField(allow_null=True)
    rows_waiting_for_notice = serializers.IntegerField(allow_null=True, help_text="null: the rule tells nobody.")
    rows_kept_by_law = serializers.IntegerField(allow_null=True)
    rows_newer_than_request = serializers.IntegerField(
        allow_null=True, help_text="They came after the request of which the run is, or such rows need them."
    )
    digest = serializers.CharField(allow_null=True, help_text="Of the work, as on the certificate.")


class RunSerializer(serializers.Serializer):
    """One execution of a rule or of an erasure. It names nobody."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=RunKind.choices)
    state = serializers.ChoiceField(choices=RunState.choices)
    problem = serializers.CharField(allow_null=True, help_text="A code: why it waits, or why it ended.")
    source = serializers.CharField()  # type: ignore[assignment]  # ours, not DRF's own
    rule = RunRuleSerializer(allow_null=True)
    cutoff = serializers.DateTimeField(allow_null=True, help_text="Events before it were due.")
    plan_hash = serializers.CharField(help_text="SHA-256 of the plan.")
    started_by = serializers.ChoiceField(choices=[each.value for each in ActorKind])
    approval = RunApprovalSerializer(allow_null=True, help_text="null: no second officer had to look.")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    tables = RunTableSerializer(many=True)
    certificate = serializers.CharField(allow_null=True, help_text="Address of its certificate, once it is completed.")


class RunPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RunSerializer(many=True)


class CertificateSerializer(serializers.Serializer):
    """A certificate to read, and the same content signed. `verify_certificate` checks the answer as it came."""

    certificate = serializers.DictField()
    jws = serializers.CharField(help_text="Compact JWS, Ed25519; the key is at /.well-known/jwks.json.")
