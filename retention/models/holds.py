"""What must not be touched, by whom it was said, and until when."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import DataCategory, Dataset
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.models import Subject
from retention.enums import HoldKind


class Hold(models.Model):
    """Data that must not be touched: a legal hold, a request that is still open, or a person who had it restricted.

    It holds one person, one dataset as a whole, or every dataset with fields of one category. A released hold spares
    its data until `spared_until`, a day longer, so that a release by mistake destroys nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=HoldKind.choices, default=HoldKind.LEGAL)
    matter = EncryptedTextField(_("matter"))
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
    dataset = models.ForeignKey(Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
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
            models.UniqueConstraint(
                fields=["restriction_id"], condition=Q(released_at__isnull=True), name="hold_once_per_restriction"
            ),
        ]
        indexes = [models.Index(fields=["subject"], name="hold_of_subject")]

    def __str__(self) -> str:
        if self.placed_at is None:  # a form shows one that is not placed yet
            return self.get_kind_display()
        return f"{self.get_kind_display()}, {date_format(localtime(self.placed_at), 'j M Y')}"
