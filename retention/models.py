"""Retention rules, holds, runs and the fingerprints of what was erased."""

import uuid
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Action, Dataset, Source
from privacy.ledger.sealed import SealedRow
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedJSONField
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Subject
from retention.enums import ChunkState, HoldKind, RunKind, RunState, StepState


class Rule(models.Model):
    """How long rows of a dataset are kept, counted from an event, and what happens then.

    The event is the date in `start_column` of `start_dataset`, which is the dataset itself or one that it leads to.
    `conditions` is a list of {"column", "op", "value"} on the start dataset (`status = cancelled`). `path` is the way
    from the dataset to the start dataset as a list of {"columns", "to", "to_columns"}; empty, it is found from the
    foreign keys when there is one shortest way. `along` are datasets whose rows hang from the rows to be deleted, and
    go with them. `problem` says in words why the last attempt to plan failed.
    """

    name = models.CharField(_("name"), max_length=150, unique=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="rules", verbose_name=_("dataset"))
    start_dataset = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, related_name="+", verbose_name=_("dataset with the event")
    )
    start_column = models.CharField(_("column with its date"), max_length=63)
    conditions = models.JSONField(_("only where"), default=list, blank=True)
    path = models.JSONField(_("by the way"), default=list, blank=True)
    along = models.ManyToManyField(
        Dataset, blank=True, related_name="+", verbose_name=_("deleted together with its rows in")
    )
    days = models.PositiveIntegerField(_("days after the event"), validators=[MinValueValidator(1)])
    action = models.CharField(
        _("what happens then"),
        max_length=6,
        choices=[(Action.MASK, Action.MASK.label), (Action.DELETE, Action.DELETE.label)],
    )
    legal_reason = models.CharField(_("reason"), max_length=200)
    is_active = models.BooleanField(_("active"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)
    last_checked_on = models.DateField(_("last found nothing due"), null=True, editable=False)

    _DEMANDS = (
        "dataset_id", "start_dataset_id", "start_column", "conditions", "path", "days", "action", "is_active",
    )  # fmt: skip

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["name"]
        permissions = [("start_run", "Can start a retention run")]
        constraints = [models.CheckConstraint(condition=Q(days__gt=0), name="rule_has_a_period")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A change of what the rule demands, or of whether it is followed, makes the next version."""
        stored = Rule.objects.filter(pk=self.pk).values(*self._DEMANDS).first() if self.pk is not None else None
        if stored is not None and any(stored[name] != getattr(self, name) for name in self._DEMANDS):
            self.version += 1
            self.last_checked_on = None
            if (names := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*names, "version", "last_checked_on"}
        super().save(*args, **kwargs)


class Hold(models.Model):
    """Data that must not be touched: a legal hold, or a request that is still open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=HoldKind.choices, default=HoldKind.LEGAL)
    matter = models.CharField(_("matter"), max_length=200)
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
    dataset = models.ForeignKey(Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
    case_id = models.UUIDField(null=True, editable=False)
    placed_at = models.DateTimeField(_("placed"), auto_now_add=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, editable=False)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__isnull=False) | Q(dataset__isnull=False), name="hold_names_what_it_holds"
            ),
            models.UniqueConstraint(
                fields=["case_id"], condition=Q(released_at__isnull=True), name="hold_once_per_case"
            ),
        ]
        indexes = [models.Index(fields=["subject"], name="hold_in_force", condition=Q(released_at__isnull=True))]

    def __str__(self) -> str:
        return self.matter


class Run(models.Model):
    """One execution of a rule or of an erasure. Its record holds no personal data once it is completed.

    `plan` is the plan without keys; `frozen_keys` is the plan with the primary keys of the subject's rows, encrypted,
    until the run is verified, and is then removed: the digest of the keys stays in the plan.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=RunKind.choices)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs", verbose_name=_("source"))
    rule = models.ForeignKey(Rule, null=True, on_delete=models.PROTECT, related_name="runs", verbose_name=_("rule"))
    rule_version = models.PositiveIntegerField(_("version of the rule"), null=True)
    case_id = models.UUIDField(_("case"), null=True)
    subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="runs")
    slot = models.CharField(max_length=120, unique=True)
    cutoff = models.DateTimeField(_("cutoff"), null=True)
    plan = models.JSONField(_("plan"))
    plan_hash = models.CharField(_("hash of the plan"), max_length=64)
    frozen_keys = EncryptedJSONField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.PENDING)
    problem = models.CharField(_("problem"), max_length=60, blank=True)
    problem_words = models.TextField(_("what the source said"), blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    completed_at = models.DateTimeField(_("completed"), null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="completed") & Q(completed_at__isnull=False) & Q(frozen_keys__isnull=True))
                | (~Q(state="completed") & Q(completed_at__isnull=True)),
                name="completed_run_is_clean",
            )
        ]
        indexes = [models.Index(fields=["case_id"], name="run_case")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"


class RunStep(models.Model):
    """What a run does to one dataset, and how far it is."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    dataset_key = models.CharField(_("dataset"), max_length=130)
    dataset_label = models.CharField(_("in plain words"), max_length=120)
    action = models.CharField(_("action"), max_length=6, choices=Action.choices)
    expected = models.BigIntegerField(_("rows planned"))
    rows = models.BigIntegerField(_("rows done"), default=0)
    survivors = models.BigIntegerField(_("rows left"), null=True)
    held = models.BigIntegerField(_("rows under hold"), null=True)
    small_groups = models.BigIntegerField(_("groups too small"), null=True)
    small_group_rows = models.BigIntegerField(_("rows in them"), null=True)
    closed_round = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=8, choices=StepState.choices, default=StepState.PENDING)
    digest = models.CharField(_("digest of the work"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="step_once")]

    def __str__(self) -> str:
        return self.dataset_label


class RunChunk(models.Model):
    """One transaction in the source: intended, prepared with its exact number of rows, completed.

    `content` is the chunk as it was intended, with the keys between which it worked, encrypted; it is removed when the
    run is completed.
    """

    step = models.ForeignKey(RunStep, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    content = EncryptedJSONField(null=True)
    rows = models.PositiveIntegerField(default=0)
    transaction_id = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=9, choices=ChunkState.choices, default=ChunkState.INTENDED)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "number"], name="chunk_once")]

    def __str__(self) -> str:
        return str(self.number)


class ErasedIdentifier(SealedRow):
    """A keyed fingerprint of an identifier that was erased, so that a restored backup can be erased again."""

    sealed_fields = ("kind", "fingerprint", "run_id")

    kind = models.CharField(max_length=12, choices=IdentifierKind.choices)
    fingerprint = models.BinaryField(max_length=32)
    run_id = models.UUIDField()

    class Meta:
        verbose_name = _("erased identifier")
        verbose_name_plural = _("erased identifiers")
        indexes = [
            models.Index(fields=["epoch", "transaction"], name="erased_order"),
            models.Index(fields=["kind", "fingerprint"], name="erased_fingerprint"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ReplayApproval(models.Model):
    """The second officer's yes to erasing again, exactly as planned, what was erased before and came back."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="replay_approval")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved"), auto_now_add=True)

    class Meta:
        verbose_name = _("approval of erasing again")
        verbose_name_plural = _("approvals of erasing again")

    def __str__(self) -> str:
        return str(self.run_id)


class ReturnedRow(models.Model):
    """A row of a source that names somebody who was erased.

    `row_index` is a keyed fingerprint of dataset, primary key and identifier, by which the row is known again without
    keeping whose it is; `key` is the primary key, encrypted, while there is still something to do about it. A row may
    be dismissed with a reason (the person is a customer again and wants to be): it is not told again unless the person
    is erased once more.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="returned_rows")
    row_index = models.BinaryField(max_length=32)
    identifier_kind = models.CharField(max_length=12, choices=IdentifierKind.choices)
    fingerprint = models.BinaryField(max_length=32)
    key = EncryptedJSONField(null=True, editable=False)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")
    dismissed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("row of an erased person")
        verbose_name_plural = _("rows of erased people")
        constraints = [models.UniqueConstraint(fields=["dataset", "row_index"], name="returned_row_once")]

    def __str__(self) -> str:
        return str(self.pk)
