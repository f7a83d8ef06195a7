"""Runs, the record of their work down to the single chunk, and their certificates."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Action, Source
from privacy.ledger.sealed import SealedRow
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedJSONField
from privacy.subjects.models import Subject
from retention.enums import ChunkState, PartState, Result, RunKind, RunState, StepState
from retention.models.rules import Rule

LONGEST_TRANSACTION_ID = 64
"""Characters: as many as the global part of an XA id may have. The intent is stored before the work, so one that is
longer ends the run before anything changes."""


class Run(models.Model):
    """One execution of a rule or of an erasure. Its record holds no personal data once it is completed.

    `plan` is the plan without keys, and beside it the rule's definition and legal reason as they were when it was
    planned: a rule may be given another reason without a new version. `frozen_keys` is the plan with the primary keys
    of the subject's rows, encrypted, until the run is verified, and is then removed: the digest of the keys stays in
    the plan. `received_on` is the day on which the request behind an erasure was received: rows that came about later
    are left; None where all are meant.
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
    received_on = models.DateField(_("request received"), null=True)
    plan = models.JSONField(_("plan"))
    plan_hash = models.CharField(_("hash of the plan"), max_length=64)
    frozen_keys = EncryptedJSONField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.PENDING)
    problem = models.CharField(_("problem"), max_length=60, blank=True)
    problem_words = models.TextField(_("what the source said"), blank=True)
    waits_since = models.DateTimeField(_("waits since"), null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)
    approval_reason = models.CharField(_("why a second officer looks"), max_length=10, blank=True)
    approved_by = models.ForeignKey(
        Officer, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_hash = models.CharField(_("hash of the approved plan"), max_length=64, blank=True)
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
        permissions = [("approve_run", "Can approve a run as the second officer")]
        indexes = [models.Index(fields=["case_id"], name="run_case")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {date_format(localtime(self.created_at), 'j M Y, H:i')}"

    @property
    def lacks_approval(self) -> bool:
        """Whether a second officer has to look first, and has not approved the plan as it is now."""
        return bool(self.approval_reason) and self.approved_hash != self.plan_hash


class RunStep(models.Model):
    """What a run does to one dataset, and how far it is.

    `level` above zero is a pass over rows of small groups that the run itself found when its plan was carried out: to
    which level of coarseness. Its `dataset_key` is its own key, the dataset's with the position behind it, and
    `content` its plan with the keys of its rows, encrypted, until it is done.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    dataset_key = models.CharField(_("dataset"))
    dataset_label = models.CharField(_("in plain words"), max_length=120)
    level = models.PositiveSmallIntegerField(_("level of coarseness"), default=0)
    content = EncryptedJSONField(null=True, editable=False)
    action = models.CharField(_("action"), max_length=6, choices=Action.choices)
    result = models.CharField(_("result in law"), max_length=12, choices=Result.choices, blank=True)
    expected = models.BigIntegerField(_("rows planned"))
    rows = models.BigIntegerField(_("rows done"), default=0)
    survivors = models.BigIntegerField(_("rows left"), null=True)
    held = models.BigIntegerField(_("rows under hold"), null=True)
    waiting = models.BigIntegerField(_("rows that wait for their notice"), null=True)
    protected = models.BigIntegerField(_("rows kept by law"), null=True)
    newer = models.BigIntegerField(_("rows newer than the request"), null=True)
    loses_newer = models.BooleanField(_("newer rows are found by nobody afterwards"), default=False)
    small_groups = models.BigIntegerField(_("groups too small"), null=True)
    small_group_rows = models.BigIntegerField(_("rows in them"), null=True)
    closed_round = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=8, choices=StepState.choices, default=StepState.PENDING)
    digest = models.CharField(_("digest of the work"), max_length=64, blank=True)
    problem_words = models.TextField(_("what the source said"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="step_once")]

    def __str__(self) -> str:
        return self.dataset_label

    @property
    def table(self) -> str:
        """The key of its dataset."""
        return self.dataset_key.rpartition("#")[0] if self.level else self.dataset_key


class RunPart(models.Model):
    """A range of keys of a large step, with a job, and so a worker, of its own.

    `content` is the range, encrypted; it is removed when the run is completed. `left` to the run is a part that met
    something which trying again does not mend: the run itself passes over its rows, and says what comes of it.
    """

    step = models.ForeignKey(RunStep, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    content = EncryptedJSONField(null=True)
    expected = models.BigIntegerField()
    rows = models.BigIntegerField(default=0)
    state = models.CharField(max_length=4, choices=PartState.choices, default=PartState.OPEN)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["step", "number"]
        constraints = [models.UniqueConstraint(fields=["step", "number"], name="part_once")]

    def __str__(self) -> str:
        return str(self.number)


class RunChunk(models.Model):
    """One transaction in the source: intended, prepared with its exact number of rows, completed.

    `part` is the number of the part it belongs to, 0 for none; `number` counts within it.
    `content` is the chunk as it was intended, with the keys between which it worked, encrypted; it is removed when the
    run is completed.
    """

    step = models.ForeignKey(RunStep, on_delete=models.CASCADE, related_name="chunks")
    part = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField()
    content = EncryptedJSONField(null=True)
    rows = models.PositiveIntegerField(default=0)
    transaction_id = models.CharField(max_length=LONGEST_TRANSACTION_ID, blank=True)
    state = models.CharField(max_length=9, choices=ChunkState.choices, default=ChunkState.INTENDED)
    note = models.CharField(max_length=200, blank=True)
    intended_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "part", "number"], name="chunk_once")]

    def __str__(self) -> str:
        return str(self.number)


class Certificate(SealedRow):
    """What a completed run did, signed. It holds no personal data, is written once, and outlives register and code.

    `document` is a compact JWS (RFC 7515) over canonical JSON (RFC 8785); its content is all that pages and PDF show.
    """

    sealed_fields = ("run_id", "document")

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="certificate", verbose_name=_("run"))
    document = models.TextField(_("signed document"))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        indexes = [models.Index(fields=["epoch", "transaction"], name="certificate_order")]

    def __str__(self) -> str:
        return str(self.pk)
