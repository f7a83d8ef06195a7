"""Letters: all that we write to a person. The row is the outbox; a job sends it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.models import Subject


class LetterState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")


class Letter(models.Model):
    """A letter to a data subject; without one, to an officer, or to somebody whom only a source knows, not the portal.

    `address_index` is the keyed index of the address of a letter to somebody whom the portal does not know: when they
    turn up, it becomes theirs (`services.claim_letters`), so that no letter about a person is missing from their file.
    `secret` is a link that goes into the text where it says [[link]]; it is removed once the letter is sent, so that
    nobody who reads the letter here can act as the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    subject = models.ForeignKey(Subject, null=True, on_delete=models.CASCADE, related_name="letters")
    case_id = models.UUIDField(_("case"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    address = EncryptedTextField(_("to"))
    address_index = models.BinaryField(max_length=32, null=True, editable=False)
    heading = models.CharField(_("subject line"), max_length=200)
    body = EncryptedTextField(_("text"))
    secret = EncryptedTextField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=LetterState.choices, default=LetterState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["case_id", "-created_at"], name="letter_case"),
            models.Index(fields=["address_index"], name="letter_address"),
        ]

    def __str__(self) -> str:
        return self.heading
