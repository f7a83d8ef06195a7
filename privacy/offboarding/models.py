"""Complete exports of an organisation that was cancelled."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer


class ExportState(models.TextChoices):
    QUEUED = "queued", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")


class OrganisationExport(models.Model):
    """One file with everything that the organisation has here. `size` (bytes) and `digest` (SHA-256) are the ZIP's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=6, choices=ExportState.choices, default=ExportState.QUEUED)
    made_by = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("asked for by")
    )
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    completed_at = models.DateTimeField(_("ready since"), null=True)

    class Meta:
        verbose_name = _("complete export")
        verbose_name_plural = _("complete exports")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="queued"), name="one_export_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
