"""Files of cases: identity documents, evidence, letters that came in, answers to release, and what was redacted."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.documents.enums import ScanResult
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedJSONField, EncryptedTextField
from requests.models.cases import SubjectRequest


class CaseFileRole(models.TextChoices):
    """What a file is for; it also says who may see it and how long it is kept."""

    IDENTITY_DOCUMENT = "identity_document", _("identity document")
    AUTHORITY = "authority", _("authority of a representative")
    EVIDENCE = "evidence", _("evidence")
    INCOMING = "incoming", _("letter or scan that came in")
    ANSWER = "answer", _("document to be released")
    REDACTED = "redacted", _("redacted copy")
    PROOF = "proof", _("proof")


SENSITIVE_ROLES = frozenset({CaseFileRole.IDENTITY_DOCUMENT, CaseFileRole.AUTHORITY})
"""Given to show who asks, and used for nothing else (PIPEDA, principle 4.9.2)."""


RELEASABLE_ROLES = frozenset({CaseFileRole.ANSWER, CaseFileRole.REDACTED})
"""What can go to the person with their access package."""


class CaseFile(models.Model):
    """A file of a case, encrypted. It counts only once `digest` is there; a file that was deleted keeps its row.

    `officer` is who added it; None when the person did, or when their account is gone. `released_at` is since when it
    goes into access packages, see `requests.case_files.releasing`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="files", verbose_name=_("case"))
    role = models.CharField(_("what it is"), max_length=20, choices=CaseFileRole.choices)
    kind = models.CharField(_("kind"), max_length=5)
    name = EncryptedTextField(_("name"), null=True)
    comment = EncryptedTextField(_("comment"), null=True, blank=True)
    size = models.BigIntegerField(_("bytes"), default=0)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    scan = models.CharField(_("scan"), max_length=11, choices=ScanResult.choices, default=ScanResult.QUARANTINED)
    scanned_at = models.DateTimeField(_("scanned"), null=True)
    finding = models.CharField(_("what the scanner found"), max_length=200, blank=True)
    is_from_person = models.BooleanField(default=False)
    officer = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    released_at = models.DateTimeField(_("released"), null=True)
    deletion_asked_at = models.DateTimeField(_("deletion asked"), null=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True)

    class Meta:
        verbose_name = _("file of a case")
        verbose_name_plural = _("files of cases")
        ordering = ["added_at", "id"]
        permissions = [("view_identity_document", "Can open identity documents and authorities")]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(deletion_asked_at__isnull=False),
                name="case_file_deleted_when_asked",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(role__in=["answer", "redacted"]),
                name="case_file_released_is_an_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["added_at"],
                name="case_file_sensitive",
                condition=Q(role__in=["identity_document", "authority"], deletion_asked_at__isnull=True),
            ),
            models.Index(
                fields=["added_at"],
                name="case_file_unscanned",
                condition=Q(scan__in=["quarantined", "unscanned"], deletion_asked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_sensitive(self) -> bool:
        """Whether it shows who somebody is: seen by fewer people, and deleted with the decision."""
        return self.role in SENSITIVE_ROLES


class FileAsk(models.Model):
    """The organisation asks the person for a document. Answered by the first file that they send, or taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="file_asks")
    role = models.CharField(_("what is asked for"), max_length=20, choices=CaseFileRole.choices)
    words = EncryptedTextField(_("in the officer's words"))
    officer = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    file = models.ForeignKey(CaseFile, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("file"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("document asked for")
        verbose_name_plural = _("documents asked for")
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["case", "role"], condition=Q(ended_at__isnull=True), name="file_asked_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Redaction(models.Model):
    """Which parts of a document are painted over, and why. Once there is a copy it is the log of that copy.

    `marks` is a list of {id, page, left, top, width, height, reason}; page counts from 1, the others are parts of the
    page as it is shown. A reason that must stay secret is kept here and told nobody (see `requests.redaction.reasons`).
    `case` is that of both files: a retention rule needs one way to it, and over the files there are two.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="+", verbose_name=_("case"))
    file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="redactions", verbose_name=_("document"))
    pages = models.JSONField(default=list)
    marks = EncryptedJSONField(default=list)
    officer = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("redacted by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    copy_asked_at = models.DateTimeField(null=True)
    problem = models.CharField(_("problem"), max_length=60, blank=True)
    copy = models.OneToOneField(
        CaseFile, null=True, on_delete=models.SET_NULL, related_name="made_by", verbose_name=_("redacted copy")
    )
    copy_digest = models.CharField(_("SHA-256 of the copy"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["changed_at"]
        constraints = [
            models.UniqueConstraint(fields=["file"], condition=Q(copy_digest=""), name="redaction_one_draft")
        ]

    def __str__(self) -> str:
        return str(self.pk)
