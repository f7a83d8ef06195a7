"""The erasure ledger: by what erased people are known again, and where they were seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Dataset, Source
from privacy.ledger.sealed import SealedRow
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedJSONField
from privacy.subjects.identifiers import IdentifierKind
from retention.models.runs import Run


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


class ErasureExtent(SealedRow):
    """What an erasure left as it was because a part was refused, of a run of which this portal has no record.

    It comes with the export file of erasures, into a portal that was restored from before the run. `spared` are columns
    and the codes of the grounds on which they were kept, by dataset; empty when everything was erased. `received_on` is
    the day after which rows came too late to be meant. Number and name of the source are those of the portal that
    erased.
    """

    sealed_fields = ("run_id", "source_id", "source_name", "spared", "received_on")
    sealed_if_set = ("received_on",)

    run_id = models.UUIDField()
    source_id = models.BigIntegerField()
    source_name = models.CharField(max_length=100)
    spared = models.JSONField()
    received_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("extent of an erasure")
        verbose_name_plural = _("extents of erasures")
        indexes = [
            models.Index(fields=["epoch", "transaction"], name="extent_order"),
            models.Index(fields=["run_id"], name="extent_run"),
        ]

    def __str__(self) -> str:
        return str(self.run_id)


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
