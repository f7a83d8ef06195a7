"""Consent: every decision is a new row that nobody can change; the state beside it answers quickly."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.keys.models import ReceiptKey
from consent.propagation.models import WithdrawalTask
from privacy.ledger.sealed import SealedRow
from privacy.register.models import Notice, Purpose
from privacy.subjects.fields import EncryptedJSONField
from privacy.subjects.models import Subject

__all__ = [
    "ConsentRecord", "CurrentConsent", "Decision", "Evidence", "IdempotentCall", "Method", "ReceiptKey",
    "WithdrawalTask", "Wording",
]  # fmt: skip


class Decision(models.TextChoices):
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Method(models.TextChoices):
    ELECTRONIC = "electronic", _("electronically")
    ORAL = "oral", _("orally")
    WRITTEN = "written", _("in writing")
    IMPLIED = "implied", _("implied")
    OPT_OUT = "opt_out", _("by not opting out")
    REPRESENTATIVE = "representative", _("by a representative")


class Wording(models.Model):
    """The exact words a person is asked with. A published wording is never edited; a new version is made."""

    append_only = True

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="wordings", verbose_name=_("purpose"))
    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=5, default="en")
    text = models.TextField(_("words"))
    digest = models.CharField(_("SHA-256 of the words"), max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("consent wording")
        verbose_name_plural = _("consent wordings")
        ordering = ["purpose", "language", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "language", "version"], name="wording_once")]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version} ({self.language})"


class ConsentRecord(SealedRow):
    """One decision of one person about one purpose. `recorded_at` is the server's time, and the one that counts."""

    sealed_fields = (
        "subject_id", "purpose_id", "wording_id", "wording_digest", "notice_id", "decision", "method", "language",
        "actor_kind", "actor_id", "evidence_digest", "occurred_at",
    )  # fmt: skip

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="consents")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="consents", verbose_name=_("purpose"))
    wording = models.ForeignKey(Wording, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("words"))
    wording_digest = models.CharField(max_length=64, blank=True)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("notice"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    method = models.CharField(_("method"), max_length=14, choices=Method.choices)
    language = models.CharField(_("language"), max_length=5, default="en")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)
    evidence_digest = models.CharField(max_length=64, blank=True)
    occurred_at = models.DateTimeField(_("time the client gave"), null=True)

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        ordering = ["-recorded_at", "-id"]
        indexes = [
            models.Index(fields=["epoch", "transaction"], name="consent_order"),
            models.Index(fields=["subject", "purpose", "-recorded_at"], name="consent_history"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.decision}"


class Evidence(models.Model):
    """What shows that a decision was made so: a call reference, a scan's number, a representative's authority.

    Kept beside the record, because it may name people and must be removable; the sealed record holds its digest.
    """

    record = models.OneToOneField(ConsentRecord, on_delete=models.PROTECT, related_name="evidence")
    content = EncryptedJSONField(_("evidence"))

    class Meta:
        verbose_name = _("evidence of consent")
        verbose_name_plural = _("evidence of consent")

    def __str__(self) -> str:
        return str(self.record_id)


class CurrentConsent(models.Model):
    """The present state for one person and purpose; kept in the same transaction as its record."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="current_consents")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+", verbose_name=_("purpose"))
    decision = models.CharField(_("state"), max_length=10, choices=Decision.choices)
    since = models.DateTimeField(_("since"))
    record = models.ForeignKey(ConsentRecord, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("current consent")
        verbose_name_plural = _("current consents")
        constraints = [models.UniqueConstraint(fields=["subject", "purpose"], name="current_consent_once")]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.decision}"


class IdempotentCall(models.Model):
    """The answer that an API caller got for an Idempotency-Key; the same key gets it again for a day."""

    key_digest = models.BinaryField(max_length=32, unique=True)
    body_digest = models.BinaryField(max_length=32)
    record = models.ForeignKey(ConsentRecord, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotent_call_age")]

    def __str__(self) -> str:
        return str(self.pk)
