"""What must not be touched, by whom it was said, and until when."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import DataCategory, Dataset
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.models import Subject
from retention.enums import HoldKind


def unless_over(collector: Collector, field: Any, holds: models.QuerySet[Any], using: str) -> None:
    """Of a table that is taken out of the data map: a hold that is over stays as a record and remembers its name.

    Any other hold, also one that still spares its data, keeps the table in the map.

    Raises:
        ProtectedError: there is such a one.
    """
    if needed := {each for each in holds if not each.is_over}:
        raise models.ProtectedError("a hold that is not over names the table", needed)
    for each in holds:
        collector.add_field_update(Hold._meta.get_field("former_table"), each.dataset.key, [each])
    collector.add_field_update(field, None, holds)


class Hold(models.Model):
    """Data that must not be touched: a legal hold, a request that is still open, or a person who had it restricted.

    It holds one person, one dataset as a whole, or every dataset with fields of one category. A released hold spares
    its data until `spared_until`, a day longer, so that a release by mistake destroys nothing. When that is over, its
    table may leave the data map; `former_table` then says which it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=HoldKind.choices, default=HoldKind.LEGAL)
    matter = EncryptedTextField(_("matter"))
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
    dataset = models.ForeignKey(Dataset, null=True, blank=True, on_delete=unless_over, related_name="holds")
    former_table = models.CharField(blank=True, editable=False)
    category = models.CharField(_("data category"), max_length=14, blank=True, choices=DataCategory.choices)
    case_id = models.UUIDField(null=True, editable=False)
    restriction_id = models.UUIDField(null=True, editable=False)
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
                | (Q(subject__isnull=True, dataset__isnull=True) & ~Q(category=""))
                | (Q(subject__isnull=True, dataset__isnull=True, released_at__isnull=False) & ~Q(former_table="")),
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
            models.UniqueConstraint(
                fields=["restriction_id"], condition=Q(released_at__isnull=True), name="hold_once_per_restriction"
            ),
        ]
        indexes = [models.Index(fields=["subject"], name="hold_of_subject")]

    def __str__(self) -> str:
        if self.placed_at is None:  # a form shows one that is not placed yet
            return self.get_kind_display()
        return f"{self.get_kind_display()}, {date_format(localtime(self.placed_at), 'j M Y')}"

    @property
    def is_over(self) -> bool:
        """Whether it was released, and the time is over in which it still spares its data."""
        return self.spared_until is not None and self.spared_until <= timezone.now()
