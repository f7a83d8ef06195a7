"""What a rule and a statutory minimum have in common: rows of a dataset, an event, and a period counted from it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Dataset
from retention.enums import PeriodUnit, StartEvent, YearEnd
from retention.errors import PeriodInvalid
from retention.periods import Period


class CountedFromEvent(models.Model):
    """Rows of `dataset`, and when a period over them begins and how long it is.

    The event is the date in `start_column` of `start_dataset`, which is the dataset itself or one that it leads to. For
    the last activity it may also be one whose rows hang from the dataset: then the newest of their dates counts.
    `conditions` is a list of {"column", "op", "value"} on the start dataset (`status = cancelled`). `path` is the way
    from the dataset to the start dataset as a list of {"columns", "to", "to_columns"}; empty, it is found from the
    foreign keys when there is one shortest way.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("dataset"))
    start_event = models.CharField(
        _("counted from"), max_length=13, choices=StartEvent.choices, default=StartEvent.OTHER
    )
    start_dataset = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, related_name="+", verbose_name=_("dataset with the event")
    )
    start_column = models.CharField(_("column with its date"))
    conditions = models.JSONField(_("only where"), default=list, blank=True)
    path = models.JSONField(_("by the way"), default=list, blank=True)
    amount = models.PositiveIntegerField(_("how many"), validators=[MinValueValidator(1)])
    unit = models.CharField(
        _("days, months or years"), max_length=6, choices=PeriodUnit.choices, default=PeriodUnit.DAYS
    )
    year_end = models.PositiveSmallIntegerField(
        _("beginning with"), null=True, blank=True, choices=YearEnd.choices, default=None
    )
    legal_reason = models.CharField(_("reason"), max_length=200)
    is_active = models.BooleanField(_("active"), default=False)

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        """Raises PeriodInvalid when it is no period."""
        return Period(self.amount, self.unit, self.year_end)

    @property
    def newest_counts(self) -> bool:
        """Whether the newest of several dates starts the period."""
        return self.start_event == StartEvent.LAST_ACTIVITY

    def clean(self) -> None:
        super().clean()
        if self.amount is None or not self.unit:
            return  # said at the field already
        try:
            self.period  # noqa: B018  made to be checked
        except PeriodInvalid as error:
            raise ValidationError({"amount": str(error)}) from None

    def counting(self) -> dict[str, Any]:
        """Everything that decides which rows are meant and until when, as plain data."""
        return {
            "dataset": self.dataset.key,
            "start_event": self.start_event,
            "start_dataset": self.start_dataset.key,
            "start_column": self.start_column,
            "conditions": self.conditions,
            "path": self.path,
            "amount": self.amount,
            "unit": self.unit,
            "year_end": self.year_end,
        }
