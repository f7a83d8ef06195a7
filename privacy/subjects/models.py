"""People the data is about. All that could name a person is encrypted; lookups go through a keyed index."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.subjects.fields import EncryptedJSONField, EncryptedTextField
from privacy.subjects.identifiers import IdentifierKind


class Subject(models.Model):
    """A data subject. The id is opaque and may be written anywhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = EncryptedTextField(_("name"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("data subject")
        verbose_name_plural = _("data subjects")

    def __str__(self) -> str:
        return str(self.id)


class Identifier(models.Model):
    """An identifier of a data subject: its value encrypted, found by `index`.

    A former one was corrected: data is still looked for by it, and nothing is sent to it any more.
    """

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("kind"), max_length=12, choices=IdentifierKind.choices)
    value = EncryptedTextField(_("value"))
    index = models.BinaryField(max_length=32, editable=False)
    verified_at = models.DateTimeField(_("control proven"), null=True, blank=True)
    former_since = models.DateTimeField(_("former since"), null=True, blank=True)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [models.UniqueConstraint(fields=["kind", "index"], name="identifier_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class LinkPurpose(models.TextChoices):
    CONFIRM = "confirm", _("confirm a request")
    TRACK = "track", _("follow a request")
    DOWNLOAD = "download", _("download an access package")
    PREFERENCES = "preferences", _("consent preferences")


class MailLink(models.Model):
    """A secret link sent by mail. Only the SHA-256 of its 256-bit token is kept (ASVS 5.0, 6.5.2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=12, choices=LinkPurpose.choices)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="links")
    target_id = models.UUIDField(null=True)
    token_digest = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    uses_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("mailed link")
        verbose_name_plural = _("mailed links")
        constraints = [models.UniqueConstraint(fields=["token_digest"], name="mail_link_once")]
        indexes = [models.Index(fields=["purpose", "target_id"], name="mail_link_target")]

    def __str__(self) -> str:
        return self.get_purpose_display()


class LinkEnquiry(models.Model):
    """What somebody typed to be sent a link, kept until a job has looked whether we know them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=40)
    payload = EncryptedJSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("enquiry for a link")
        verbose_name_plural = _("enquiries for a link")
        indexes = [models.Index(fields=["created_at"], name="link_enquiry_age")]

    def __str__(self) -> str:
        return self.purpose
