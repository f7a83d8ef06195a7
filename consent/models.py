"""Consent: every decision is a new row that nobody can change; the state beside it answers quickly."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consent.keys.models import ReceiptKey
from consent.propagation.models import WithdrawalTask
from privacy.documents.enums import ScanResult
from privacy.ledger.canonical import canonical
from privacy.ledger.sealed import SealedRow
from privacy.register.models import Notice, Purpose
from privacy.subjects.fields import EncryptedJSONField, EncryptedTextField
from privacy.subjects.models import Subject

if TYPE_CHECKING:
    from consent.register_reading import Sender

__all__ = [
    "STATED", "CampaignState", "ConsentDocument", "ConsentRecord", "CurrentConsent", "Decision", "Evidence",
    "IdempotentCall", "Method", "OptOutCampaign", "OptOutNotice", "OptOutOutcome", "ReceiptKey", "RegisterTerms",
    "WhyStopped", "WithdrawalTask", "Wording",
]  # fmt: skip


class Decision(models.TextChoices):
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    """Nobody decides this: a consent that is valid for so many days ends by itself."""


STATED = (Decision.GIVEN, Decision.REFUSED, Decision.WITHDRAWN)
"""What people decide."""


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

    @property
    def is_intact(self) -> bool:
        """Whether the words are those that were published, by the digest beside them."""
        return words_digest(self.text) == self.digest


def words_digest(text: str) -> str:
    """SHA-256 of words, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class RegisterTerms(models.Model):
    """What the register said of a purpose, the organisation and the notice when decisions were recorded.

    Each set once, found by its digest; made and read in `consent.register_terms`. It holds nobody's personal data.
    """

    append_only = True

    text = b""
    """The content in canonical JSON, where it was just made."""

    digest = models.CharField(_("SHA-256 of the content"), max_length=64, primary_key=True, editable=False)
    content = models.JSONField(_("content"), editable=False)

    class Meta:
        verbose_name = _("terms of a consent")
        verbose_name_plural = _("terms of consents")

    def __str__(self) -> str:
        return self.digest

    @cached_property
    def is_intact(self) -> bool:
        """Whether the content is what was written down, by the digest it is found by."""
        try:
            return terms_digest(self.text or canonical(self.content)) == self.digest
        except ValueError:  # what was put in its place cannot even be written in the canonical form
            return False


def terms_digest(text: bytes) -> str:
    """SHA-256 of terms in canonical JSON, in hexadecimal."""
    return hashlib.sha256(text).hexdigest()


class RecordedUnderTerms(SealedRow):
    """Base of records that were made under terms. Those from before terms were kept have none."""

    terms = models.ForeignKey(
        RegisterTerms, null=True, on_delete=models.PROTECT, related_name="+", db_column="terms_digest", db_index=False
    )

    class Meta:
        abstract = True

    @property
    def terms_stand(self) -> bool:
        """Whether the terms are those that the sealed record holds the digest of; so they are where it holds none."""
        if self.terms_id is None:
            return True
        found = self._terms_found()
        return found is not None and found.is_intact

    def _terms_found(self) -> RegisterTerms | None:
        try:
            return self.terms
        except RegisterTerms.DoesNotExist:
            return None


class ConsentRecord(RecordedUnderTerms):
    """One decision of one person about one purpose. `recorded_at` is the server's time, and the one that counts."""

    sealed_fields = (
        "subject_id", "purpose_id", "wording_id", "wording_digest", "notice_id", "decision", "method", "language",
        "actor_kind", "actor_id", "evidence_digest", "occurred_at", "expires_at", "terms_id",
    )  # fmt: skip
    sealed_if_set: ClassVar[Sequence[str]] = ("expires_at", "terms_id")

    sender: "Sender | None" = None
    """What its receipt says of the organisation, where that was read along with the terms it was recorded under."""

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
    expires_at = models.DateTimeField(_("valid until"), null=True)

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        ordering = ["-recorded_at", "-id"]
        indexes = [
            models.Index(fields=["epoch", "transaction"], name="consent_order"),
            models.Index(fields=["subject", "purpose", "-recorded_at"], name="consent_history"),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}, {self.recorded_at:%Y-%m-%d}"

    @property
    def title_shown(self) -> str:
        """How the purpose was called when it was decided; how it is called now where no terms were kept, or they were
        altered since."""
        terms = self.terms if self.terms_stand else None
        return terms.content["purpose"]["title"] if terms is not None else self.purpose.title

    @property
    def decided_at(self) -> datetime:
        """When it was decided, as far as somebody said; never after it was recorded."""
        return min(self.occurred_at or self.recorded_at, self.recorded_at)

    @property
    def was_over(self) -> bool:
        """Whether it is of a consent whose days had run out before it was recorded."""
        ends = self.expires_at
        return self.decision == Decision.GIVEN and ends is not None and ends <= self.recorded_at

    @property
    def words_stand(self) -> bool:
        """Whether the words are those that the sealed record holds the digest of."""
        return self.wording is None or words_digest(self.wording.text) == self.wording_digest


class Evidence(models.Model):
    """What shows that a decision was made so: a call reference, a scan's number, a representative's authority.

    Kept beside the record, because it may name people and must be removable; the sealed record holds its digest.
    """

    unchangeable = True

    record = models.OneToOneField(ConsentRecord, on_delete=models.PROTECT, related_name="evidence")
    content = EncryptedJSONField(_("evidence"))

    class Meta:
        verbose_name = _("evidence of consent")
        verbose_name_plural = _("evidence of consent")

    def __str__(self) -> str:
        return str(self.record_id)


class ConsentDocument(models.Model):
    """A scan of what a person signed, encrypted on disk. It counts only once `evidence` is set: recording does that.

    A file that was found infected is deleted; its row and hash stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.OneToOneField(Evidence, null=True, on_delete=models.CASCADE, related_name="document")
    kind = models.CharField(max_length=4)
    name = EncryptedTextField(_("name"))
    size = models.BigIntegerField(_("bytes"), default=0)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    scan = models.CharField(_("scan"), max_length=11, choices=ScanResult.choices, default=ScanResult.QUARANTINED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("document of a consent")
        verbose_name_plural = _("documents of consents")

    def __str__(self) -> str:
        return str(self.pk)


class CurrentConsent(models.Model):
    """The present state for one person and purpose; kept in the same transaction as its record.

    A consent that ran out says so in `standing` at once, whenever the job comes that writes it down.
    """

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="current_consents")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+", verbose_name=_("purpose"))
    decision = models.CharField(_("state"), max_length=10, choices=Decision.choices)
    since = models.DateTimeField(_("since"))
    record = models.ForeignKey(ConsentRecord, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("valid until"), null=True)
    asked_again_at = models.DateTimeField(_("asked again"), null=True)

    class Meta:
        verbose_name = _("current consent")
        verbose_name_plural = _("current consents")
        constraints = [models.UniqueConstraint(fields=["subject", "purpose"], name="current_consent_once")]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(decision="given", expires_at__isnull=False), name="consent_expiry"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.decision}"

    def standing(self, now: datetime) -> str:
        """What holds at a moment, a `Decision`."""
        ran_out = self.decision == Decision.GIVEN and self.expires_at is not None and self.expires_at <= now
        return Decision.EXPIRED.value if ran_out else self.decision


class CampaignState(models.TextChoices):
    TELLING = "telling", _("the letters are written")
    WAITING = "waiting", _("people can object")
    RECORDING = "recording", _("consents are recorded")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")


class WhyStopped(models.TextChoices):
    """Why a campaign was stopped by itself: the register changed, and silence is no consent to the purpose any more."""

    PROHIBITED = "prohibited", _("The purpose was prohibited.")
    NOT_BY_CONSENT = "not_by_consent", _("The purpose does not rest on consent any more.")
    BINDING = "binding", _("A consent to the purpose cannot be withdrawn any more, and silence does not bind anybody.")
    SENSITIVE = "sensitive", _("The purpose needs sensitive data by now, and silence is no consent to that.")
    MINIMUM_AGE = (
        "minimum_age",
        _("The purpose has a minimum age by now, and silence does not tell how old people are."),
    )


class OptOutCampaign(models.Model):
    """People are told of a purpose and can object; who does not within the period is taken to agree.

    `closes_on` is the last day on which people can object; it is known once the last letter is written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+", verbose_name=_("purpose"))
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+", verbose_name=_("words"))
    period_days = models.PositiveSmallIntegerField(_("days to object"))
    state = models.CharField(_("state"), max_length=9, choices=CampaignState.choices, default=CampaignState.TELLING)
    closes_on = models.DateField(_("last day to object"), null=True)
    why_stopped = models.CharField(
        _("why it was stopped by itself"), max_length=14, choices=WhyStopped.choices, blank=True
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)

    class Meta:
        verbose_name = _("opt-out campaign")
        verbose_name_plural = _("opt-out campaigns")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["telling", "stopped"]) | Q(closes_on__isnull=False), name="told_has_a_last_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose}, {self.created_at:%Y-%m-%d}"


class OptOutOutcome(models.TextChoices):
    OPEN = "open", _("not over yet")
    OBJECTED = "objected", _("objected")
    RECORDED = "recorded", _("taken to agree")
    LEFT_OUT = "left_out", _("left out")


class OptOutNotice(models.Model):
    """One person of a campaign: when they were told, and what became of it. Of the link only the SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(OptOutCampaign, on_delete=models.CASCADE, related_name="notices")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="opt_out_notices")
    token_digest = models.BinaryField(max_length=32, null=True)
    told_at = models.DateTimeField(_("told"), null=True)
    letter_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=8, choices=OptOutOutcome.choices, default=OptOutOutcome.OPEN)
    record = models.ForeignKey(ConsentRecord, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("notice of an opt-out campaign")
        verbose_name_plural = _("notices of opt-out campaigns")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "subject"], name="told_once_in_a_campaign"),
            models.UniqueConstraint(fields=["token_digest"], name="opt_out_link_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class IdempotentCall(models.Model):
    """The answer that an API caller got for an Idempotency-Key; the same key gets it again for a day.

    Of one decision it is made anew from its record; of many the answer itself is kept.
    """

    key_digest = models.BinaryField(max_length=32, unique=True)
    body_digest = models.BinaryField(max_length=32)
    record = models.ForeignKey(ConsentRecord, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotent_call_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=True) ^ Q(answer__isnull=True), name="idempotent_call_of_one_or_many"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
