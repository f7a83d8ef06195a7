"""Rows that an erasure left because the law wants them kept, remembered until they are gone."""

from django.db import models

from privacy.datamap.models import Dataset
from privacy.subjects.fields import EncryptedJSONField
from retention.enums import KeptState
from retention.models.runs import Run


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
