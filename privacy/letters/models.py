"""Letters: all that we write to a person. The row is the outbox; a job sends it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedBytesField, EncryptedTextField
from privacy.subjects.models import Subject


class LetterState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    BY_POST = "by_post", _("To be printed and posted")
    WITHHELD = "withheld", _("Not sent, for it was not wanted any more")


class Failure(models.TextChoices):
    """Why a letter was not sent."""

    ADDRESS_REFUSED = "address_refused", _("The mail server knows no such address.")
    MAIL_REFUSED = "mail_refused", _("The mail server refused the mail.")
    SERVER_AWAY = "server_away", _("The mail server could not be reached, though we tried many times.")
    INTERRUPTED = "interrupted", _("Our work was interrupted while it was being sent, so it may have arrived or not.")


class Letters(models.Manager["Letter"]):
    """Lists of letters leave the PDFs in the table; a single letter fetches its own when it is asked for."""

    def get_queryset(self) -> models.QuerySet["Letter"]:
        return super().get_queryset().defer("pdf")


class Letter(models.Model):
    """A letter to a data subject; without one, to an officer, or to somebody whom only a source knows, not the portal.

    `address_index` is the keyed index of the address of a letter to somebody whom the portal does not know: when they
    turn up, it becomes theirs (`services.claim_letters`), so that no letter about a person is missing from their file.
    `secret` is a link that goes into the text where it says [[link]]; it is removed once the letter is sent, so that
    nobody who reads the letter here can act as the person. `link_purpose` says what the link is for, so that one can be
    made when a draft is sent. `unsubscribe_from` is the code of the purpose that one click in the mail program ends.
    While it is a draft, `body` is the text without what stands under every letter; `pdf` and its SHA-256 are made when
    it goes into the outbox, and never change after that. A letter to somebody without an e-mail address waits until an
    officer has printed and posted it. `sending_since` is set by the one worker that sends it. What is marketing is
    withheld when the person said no before it went.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    subject = models.ForeignKey(Subject, null=True, on_delete=models.CASCADE, related_name="letters")
    case_id = models.UUIDField(_("case"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    law = models.CharField(_("law"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    name = EncryptedTextField(_("name"), null=True)
    address = EncryptedTextField(_("to"))
    address_index = models.BinaryField(max_length=32, null=True, editable=False)
    heading = models.CharField(_("subject line"), max_length=200)
    body = EncryptedTextField(_("text"))
    wording = models.CharField(_("wording"), max_length=40, blank=True)
    secret = EncryptedTextField(null=True, editable=False)
    link_purpose = models.CharField(max_length=20, blank=True, editable=False)
    unsubscribe_from = models.CharField(max_length=60, blank=True, editable=False)
    pdf = EncryptedBytesField(_("as PDF"), null=True, editable=False)
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True)
    dated_on = models.DateField(_("date of the letter"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=LetterState.choices, default=LetterState.QUEUED)
    failure = models.CharField(_("why it was not sent"), max_length=20, choices=Failure.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sendings = models.PositiveSmallIntegerField(default=0)
    sending_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = Letters()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at"]
        permissions = [("send_letter", "Can edit drafts of letters and send letters")]
        indexes = [
            models.Index(fields=["case_id", "-created_at"], name="letter_case"),
            models.Index(fields=["address_index"], name="letter_address"),
            models.Index(fields=["state"], condition=Q(state__in=["draft", "failed"]), name="letter_waits_for_officer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="failed") | Q(failure=""), name="only_failed_letters_have_a_failure"
            ),
            models.CheckConstraint(
                condition=~Q(state="draft") | Q(sent_at__isnull=True, pdf__isnull=True, sending_since__isnull=True),
                name="drafts_are_not_sent",
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class LetterTemplate(models.Model):
    """One version of an organisation's own wording for a kind of letter. Versions are kept; at most one is in use.

    law: code of the law for which it is used; empty for every law that has none of its own.
    """

    kind = models.CharField(_("kind"), max_length=60)
    law = models.CharField(_("law"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=5)
    version = models.PositiveIntegerField(_("version"))
    heading = models.CharField(_("subject line"), max_length=200)
    text = models.TextField(_("text"))
    edited_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("edited by"))
    edited_at = models.DateTimeField(_("edited"), auto_now_add=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("wording of letters")
        verbose_name_plural = _("wordings of letters")
        ordering = ["kind", "law", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "law", "language", "version"], name="letter_template_version"),
            models.UniqueConstraint(
                fields=["kind", "law", "language"], condition=Q(is_active=True), name="letter_template_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.version}"
