"""How often somebody tried something; kept until the limit's period is over."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptCount(models.Model):
    """Attempts under one key in the running period. The key is a keyed fingerprint: nobody can read who it was."""

    key = models.BinaryField(primary_key=True, max_length=32)
    attempts = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name = _("count of attempts")
        verbose_name_plural = _("counts of attempts")
        indexes = [models.Index(fields=["ends_at"], name="attempt_count_age")]

    def __str__(self) -> str:
        return str(self.attempts)
