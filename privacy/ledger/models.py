"""The ledger: every act, and the seals over it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.ledger.actors import ActorKind
from privacy.ledger.sealed import SealedRow
from privacy.ledger.words import act_words


class LedgerEntry(SealedRow):
    """One act. `data` holds codes, counts and opaque ids; never personal data."""

    sealed_fields = ("actor_kind", "actor_id", "action", "object_type", "object_id", "data")

    actor_kind = models.CharField(_("by"), max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.CharField(_("id of actor"), max_length=40, blank=True)
    action = models.CharField(_("act"), max_length=80)
    object_type = models.CharField(_("what"), max_length=60, blank=True)
    object_id = models.CharField(_("id"), max_length=40, blank=True)
    data = models.JSONField(_("particulars"), default=dict)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-recorded_at", "-id"]
        indexes = [
            models.Index(fields=["epoch", "transaction"], name="ledger_entry_order"),
            models.Index(fields=["-recorded_at", "-id"], name="ledger_entry_newest"),
            models.Index(fields=["object_type", "object_id"], name="ledger_entry_object"),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M} {act_words(self.action)}"


class Seal(models.Model):
    """A seal over the rows of one stream written by transactions `from_transaction` <= t < `to_transaction`.

    `row_ids` holds 16 bytes for each row, in the order of the hash.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.CharField(max_length=80)
    number = models.PositiveBigIntegerField()
    epoch = models.BigIntegerField()
    from_transaction = models.BigIntegerField()
    to_transaction = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    row_ids = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="seal_number_once")]

    def __str__(self) -> str:
        return f"{self.stream} {self.number}"
