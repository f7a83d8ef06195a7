"""Retention rules, holds, runs and the fingerprints of what was erased."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Action, DataCategory, Dataset, LetterRole, Source
from privacy.ledger.sealed import SealedRow
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedJSONField, EncryptedTextField
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Subject
from retention.enums import (
    ChunkState,
    HoldKind,
    KeptState,
    PartState,
    Protects,
    Result,
    RunKind,
    RunState,
    StepState,
    WithoutAddress,
)
from retention.period_fields import CountedFromEvent
from retention.precedence import check_order

LONGEST_TRANSACTION_ID = 64
"""Characters: as many as the global part of an XA id may have. The intent is stored before the work, so one that is
longer ends the run before anything changes."""


class Minimum(CountedFromEvent):
    """How long the law wants rows of a dataset kept at least. It beats an erasure and every rule, for its own rows."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    citation = models.CharField(_("law and section"), max_length=200)
    protects = models.CharField(_("forbids"), max_length=6, choices=Protects.choices, default=Protects.ROWS)

    class Meta:
        verbose_name = _("statutory minimum")
        verbose_name_plural = _("statutory minimums")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="minimum_has_a_period")]

    def __str__(self) -> str:
        return self.name

    def forbids(self, action: str) -> bool:
        """Whether its rows are kept from an action."""
        return action == Action.DELETE or (action == Action.MASK and self.protects == Protects.VALUES)

    def clean(self) -> None:
        """Raises ValidationError also when a rule would begin before the minimum is over."""
        super().clean()
        if self.is_active and self.dataset_id is not None:
            for rule in Rule.objects.filter(dataset_id=self.dataset_id):
                check_order(rule=rule, minimum=self)


class Rule(CountedFromEvent):
    """How long rows of a dataset are kept at most, counted from an event, and what happens then.

    `along` are datasets whose rows hang from the rows to be deleted, and go with them. With `notice_days`, the person
    whom a row is about is told so many days before: see `retention.notices`. `problem` says in words why the last
    attempt to plan failed.
    """

    name = models.CharField(_("name"), max_length=150, unique=True)
    category = models.CharField(
        _("only data of the kind"),
        max_length=14,
        blank=True,
        choices=DataCategory.choices,
        help_text=_("Then only columns of this kind are anonymised, in the dataset and in all that belong to it."),
    )
    along = models.ManyToManyField(
        Dataset, blank=True, related_name="+", verbose_name=_("deleted together with its rows in")
    )
    action = models.CharField(
        _("what happens then"),
        max_length=6,
        choices=[(Action.MASK, Action.MASK.label), (Action.DELETE, Action.DELETE.label)],
    )
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True, help_text=_("The last day."))
    turn = models.PositiveSmallIntegerField(
        _("turn"),
        default=0,
        help_text=_("Of rules over one source, those with a lower number are carried out first."),
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("The person is told by letter so many days before. Leave it empty where nobody is to be told."),
    )
    without_address = models.CharField(
        _("where there is no mail address"),
        max_length=4,
        choices=WithoutAddress.choices,
        default=WithoutAddress.WAIT,
        help_text=_("Only for rules with notice. A row whose letter could not be delivered always waits."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)
    last_checked_on = models.DateField(_("last found nothing due"), null=True, editable=False)

    _DEMANDS = (
        "dataset_id", "start_event", "start_dataset_id", "start_column", "conditions", "path", "amount", "unit",
        "year_end", "action", "category", "in_force_from", "in_force_until", "is_active", "notice_days",
        "without_address",
    )  # fmt: skip

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["name"]
        permissions = [("start_run", "Can start a retention run")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="rule_has_a_period"),
            models.CheckConstraint(
                condition=Q(in_force_until__gte=models.F("in_force_from"))
                | Q(in_force_until=None)
                | Q(in_force_from=None),
                name="rule_begins_before_it_ends",
                violation_error_message=_("The rule would end before it begins: correct one of the two days."),
            ),
            models.CheckConstraint(
                condition=Q(category="") | Q(action=Action.MASK),
                name="rule_over_a_category_anonymises",
                violation_error_message=_(
                    "A rule over one kind of data can only anonymise: the rest of the row stays."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError also when it would begin before a minimum is over, or nobody knows whom to tell."""
        super().clean()
        if self.dataset_id is not None:
            if self.notice_days and (problem := self.notice_problem()):
                raise ValidationError({"notice_days": problem})
            for minimum in Minimum.objects.filter(dataset_id=self.dataset_id, is_active=True):
                check_order(rule=self, minimum=minimum)

    def is_followed(self, day: dt.date) -> bool:
        """Whether it is switched on and in force on a day, where the organisation is."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return self.is_active and begun and (self.in_force_until is None or day <= self.in_force_until)

    def notice_problem(self) -> str:
        """Why nobody can be told about rows of the dataset, and what to declare; empty when they can be."""
        if not self.dataset.fields.filter(letter_role=LetterRole.ADDRESS).exists():
            words = _now(
                "Nobody can be told: the data map does not say which column of “%(dataset)s” is the mail address of "
                "the person. Open the dataset, choose “%(role)s” at that column under “%(field)s”, and confirm it."
            )
            field = self.dataset.fields.model._meta.get_field("letter_role").verbose_name
            return words % {"dataset": self.dataset.label, "role": LetterRole.ADDRESS.label, "field": field}
        return ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A change of what the rule demands, or of whether it is followed, makes the next version."""
        stored = Rule.objects.filter(pk=self.pk).values(*self._DEMANDS).first() if self.pk is not None else None
        if stored is not None and any(stored[name] != getattr(self, name) for name in self._DEMANDS):
            self.version += 1
            self.last_checked_on = None
            if (names := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*names, "version", "last_checked_on"}
        super().save(*args, **kwargs)


class RuleVersion(models.Model):
    """What a rule said for some time, as data and in the words that officers read. Never changed, only ended."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions", verbose_name=_("rule"))
    number = models.PositiveIntegerField(_("version"))
    definition = models.JSONField(_("definition"))
    words = models.TextField(_("in words"))
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        ordering = ["rule", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(valid_until__isnull=True), name="one_version_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Hold(models.Model):
    """Data that must not be touched: a legal hold, or a request that is still open.

    It holds one person, one dataset as a whole, or every dataset with fields of one category. A released hold spares
    its data until `spared_until`: a legal hold for a day longer, so that a release by mistake destroys nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=HoldKind.choices, default=HoldKind.LEGAL)
    matter = EncryptedTextField(_("matter"))
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
    dataset = models.ForeignKey(Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
    category = models.CharField(_("data category"), max_length=14, blank=True, choices=DataCategory.choices)
    case_id = models.UUIDField(null=True, editable=False)
    placed_at = models.DateTimeField(_("placed"), auto_now_add=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    release_asked_by = models.ForeignKey(
        Officer,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("release asked by"),
    )
    release_asked_at = models.DateTimeField(_("release asked"), null=True, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, editable=False)
    spared_until = models.DateTimeField(_("left alone until"), null=True, editable=False)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-placed_at"]
        permissions = [("release_hold", "Can approve the release of a legal hold")]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__isnull=False, dataset__isnull=True, category="")
                | Q(subject__isnull=True, dataset__isnull=False, category="")
                | (Q(subject__isnull=True, dataset__isnull=True) & ~Q(category="")),
                name="hold_names_what_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, spared_until__isnull=True)
                | Q(released_at__isnull=False, spared_until__isnull=False),
                name="released_hold_says_until_when",
            ),
            models.UniqueConstraint(
                fields=["case_id"], condition=Q(released_at__isnull=True), name="hold_once_per_case"
            ),
        ]
        indexes = [models.Index(fields=["subject"], name="hold_of_subject")]

    def __str__(self) -> str:
        if self.placed_at is None:  # a form shows one that is not placed yet
            return self.get_kind_display()
        return f"{self.get_kind_display()}, {date_format(localtime(self.placed_at), 'j M Y')}"


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
    dataset_key = models.CharField(_("dataset"), max_length=140)
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


class ErasedLook(models.Model):
    """How far a look through a source for erased people is, so that it goes on where it was interrupted.

    `done` are the datasets that were read to their end; `after` is the last key read in the present one, encrypted.
    `unread` are the words about a dataset that cannot be read.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    slot = models.CharField(max_length=120, unique=True)
    done = models.JSONField(default=list)
    after = EncryptedJSONField(null=True)
    since = models.DateTimeField()
    rows_read = models.BigIntegerField(default=0)
    rows_back = models.BigIntegerField(default=0)
    unread = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.slot


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


class AdvanceNotice(models.Model):
    """That the person whom a row is about was told what will be done to it, and when at the earliest.

    `row_index` is a keyed fingerprint of dataset and primary key; `counted_from` the date in the row that it was given
    for: when that date moves, the notice has lapsed. `letter_id` is None where the row had no address. Never the
    address, which is the letter's. `taken_by` is the run that the row was let through to.
    """

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="notices")
    rule_version = models.PositiveIntegerField()
    dataset_key = models.CharField(max_length=130)
    row_index = models.BinaryField(max_length=32)
    counted_from = models.CharField(max_length=40)
    given_on = models.DateField()
    acts_from = models.DateField()
    letter_id = models.UUIDField(null=True)
    taken_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("notice before a rule acts")
        verbose_name_plural = _("notices before a rule acts")
        constraints = [models.UniqueConstraint(fields=["rule", "row_index"], name="advance_notice_once")]
        indexes = [models.Index(fields=["taken_by"], name="advance_notice_taken_by")]

    def __str__(self) -> str:
        return str(self.pk)


class NoticePass(models.Model):
    """How far a run is in telling people before it acts. `day` is the day for which the run was planned.

    `after` is the last key that was read, encrypted; it is removed when everybody was told. `expected` were to be told
    when the run was planned; `told` were, and `unreachable` have no address.
    """

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="notice_pass")
    day = models.DateField()
    expected = models.BigIntegerField()
    told = models.BigIntegerField(default=0)
    unreachable = models.BigIntegerField(default=0)
    after = EncryptedJSONField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("telling people before a run acts")
        verbose_name_plural = _("telling people before runs act")

    def __str__(self) -> str:
        return str(self.run_id)


class KeptRows(models.Model):
    """What a run that erased left in one table because the law wanted it kept, and by what each row is told apart.

    `columns` are the columns whose values tell a row from another one under the same key; `minimums` names what keeps
    rows of this table, as it was when the days were worked out; `reasons` say it in words.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="kept_rows")
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="kept_rows")
    columns = models.JSONField()
    minimums = models.JSONField()
    reasons = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "dataset"], name="kept_rows_once")]

    def __str__(self) -> str:
        return str(self.pk)


class KeptRow(models.Model):
    """One row that the law wants kept, remembered until it is gone or was anonymised; then this record is deleted.

    `key` is its primary key, encrypted; `row_index` a keyed fingerprint of it, by which it is known again; `stamp` a
    keyed fingerprint of what tells it apart. `until` is the last day on which the law wants it kept, as far as anybody
    knows.
    """

    kept = models.ForeignKey(KeptRows, on_delete=models.CASCADE, related_name="rows")
    row_index = models.BinaryField(max_length=32)
    key = EncryptedJSONField(editable=False)
    stamp = models.BinaryField(max_length=32)
    until = models.DateField(null=True)
    state = models.CharField(max_length=7, choices=KeptState.choices, default=KeptState.KEPT)
    looked_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kept", "row_index"], name="kept_row_once")]
        indexes = [
            models.Index(fields=["until"], name="kept_row_until"),
            models.Index(fields=["row_index"], name="kept_row_index"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
