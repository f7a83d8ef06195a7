"""Corrections: what a person wants changed, what was decided about it, and who else has to hear of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Source
from privacy.errands.models import Errand
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.register.categories import DataCategory
from privacy.register.models import Recipient
from privacy.subjects.fields import EncryptedJSONField, EncryptedTextField
from privacy.subjects.models import Subject
from requests.models.cases import SubjectRequest


class Verdict(models.TextChoices):
    """What was decided about one wanted change."""

    CORRECT = "correct", _("corrected where it lives")
    TASK = "task", _("corrected by hand")
    REFUSE = "refuse", _("refused; the person's words travel with the data")


class Correction(models.Model):
    """The decision about one wanted change of a case; `number` is its place among `particulars["changes"]`.

    `wanted` says it in the language of the case, for its letters; `wanted_words` does for every other reader.

    `old` and `new` are what the record held and is to hold, as the source writes it. `keys` name the rows.
    `transaction_id` is stored before the source is changed, so that an attempt whose end nobody saw can be settled.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="corrections")
    number = models.PositiveSmallIntegerField(_("place among the wanted changes"))
    wanted = EncryptedTextField(_("what the person wants"))
    verdict = models.CharField(_("decision"), max_length=8, choices=Verdict.choices)
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("source"))
    dataset = models.CharField(_("dataset"), max_length=200, blank=True)
    column = models.CharField(_("column"), max_length=200, blank=True)
    label = models.CharField(_("where"), max_length=400, blank=True)
    category = models.CharField(_("data category"), max_length=20, choices=DataCategory.choices, blank=True)
    keys = EncryptedJSONField(null=True, editable=False)
    old = EncryptedTextField(_("what the record said"), null=True)
    new = EncryptedTextField(_("what it is to say"), null=True)
    ground = models.CharField(_("ground of refusal"), max_length=60, blank=True)
    reasons = EncryptedTextField(_("reasons told to the person"), null=True)
    alternatives = models.JSONField(_("offered instead"), default=list)
    own_alternative = EncryptedTextField(_("offered instead, in the officer's words"), null=True)
    errand = models.ForeignKey(Errand, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("task"))
    transaction_id = models.CharField(max_length=60, blank=True)
    rows = models.PositiveIntegerField(_("rows"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="correction_decided_once"),
            models.CheckConstraint(
                condition=~Q(verdict="refuse") | (~Q(ground="") & Q(reasons__isnull=False)),
                name="refused_correction_has_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="correct") | (~Q(column="") & Q(keys__isnull=False) & Q(new__isnull=False)),
                name="correction_says_where_and_what",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Annotation(models.Model):
    """What a person says against a record that was not corrected; it goes with the data wherever that goes.

    PIPEDA 4.9.6; Act 843 s. 33(3); BC PIPA s. 24(3).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="annotations")
    case_id = models.UUIDField(_("case"), editable=False)
    label = models.CharField(_("about"), max_length=400, blank=True)
    category = models.CharField(_("data category"), max_length=20, choices=DataCategory.choices, blank=True)
    statement = EncryptedTextField(_("what the person says"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        ordering = ["made_at"]
        indexes = [models.Index(fields=["case_id"], name="annotation_case")]

    def __str__(self) -> str:
        return str(self.pk)


class NoticeChange(models.TextChoices):
    """Of what a recipient hears; the codes are those of the letter `case_recipient_notice`."""

    CORRECTED = "corrected", _("corrected")
    ERASED = "erased", _("erased")
    RESTRICTED = "restricted", _("restricted")
    ENDED = "ended", _("restriction ended")
    DISPUTED = "disputed", _("disputed")


class RecipientNotice(models.Model):
    """That a recipient has to be told what became of data disclosed to them, and how that stands.

    Sent by mail it has a letter; without an address an officer tells them in another way and writes down how.
    `purposes` are the codes of those to which a restriction is limited and for which they got data; empty where it is
    about everything. `restriction_id` is the restriction whose end is told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="recipient_notices")
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="notices", verbose_name=_("recipient")
    )
    change = models.CharField(_("what changed"), max_length=10, choices=NoticeChange.choices)
    categories = models.JSONField(_("data categories"), default=list)
    purposes = models.JSONField(_("only for the purposes"), default=list)
    restriction_id = models.UUIDField(null=True, editable=False)
    disclosed_on = models.DateField(_("last disclosed"))
    is_secret = models.BooleanField(_("not told to the person"), default=False)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("letter"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    told_at = models.DateTimeField(_("told otherwise"), null=True)
    told_by = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("told by")
    )
    told_how = EncryptedTextField(_("how they were told, or why not"), null=True)

    class Meta:
        verbose_name = _("notice to a recipient")
        verbose_name_plural = _("notices to recipients")
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "recipient", "change", "restriction_id"],
                nulls_distinct=False,
                name="recipient_told_once",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(told_how__isnull=False), name="told_otherwise_says_how"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
