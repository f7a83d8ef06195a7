"""That people were told before a rule acts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.subjects.fields import EncryptedJSONField
from retention.models.rules import Rule
from retention.models.runs import Run


class AdvanceNotice(models.Model):
    """That the person whom a row is about was told what will be done to it, and when at the earliest.

    `row_index` is a keyed fingerprint of dataset and primary key; `counted_from` the date in the row that it was given
    for: when that date moves, the notice has lapsed. `letter_id` is None where the row had no address. Never the
    address, which is the letter's. `taken_by` is the run that the row was let through to.
    """

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="notices")
    rule_version = models.PositiveIntegerField()
    dataset_key = models.CharField()
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
