"""A key that signs receipts. Its private half is encrypted, and gone for good once another key takes its place."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.subjects.fields import EncryptedBytesField


class ReceiptKey(models.Model):
    """An Ed25519 key of this organisation. The public half stays, so that receipts of long ago can be checked.

    Until an organisation has one, the installation's own key signs its receipts.
    """

    kid = models.CharField(_("name"), max_length=43, unique=True, help_text=_("Thumbprint of the key (RFC 7638)."))
    public = models.JSONField(_("public half"))
    seed = EncryptedBytesField(null=True, editable=False)
    is_current = models.BooleanField(_("signs"), default=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    retired_at = models.DateTimeField(_("retired"), null=True)

    class Meta:
        verbose_name = _("key of receipts")
        verbose_name_plural = _("keys of receipts")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="one_key_signs"),
            models.CheckConstraint(
                condition=Q(is_current=True, seed__isnull=False, retired_at__isnull=True)
                | Q(is_current=False, seed__isnull=True, retired_at__isnull=False),
                name="a_retired_key_signs_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.kid
