"""Work in sources that are no database: who does it, what was asked, and what shows that it was done."""

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Source
from privacy.documents.enums import ScanResult
from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.models import Subject


class ManualWork(models.Model):
    """How a source is worked on by hand."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="manual_work")
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("done by"))
    instructions = models.TextField(_("what to look for, and what to delete"))
    days = models.PositiveSmallIntegerField(_("days until due"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("work by hand")
        verbose_name_plural = _("work by hand")

    def __str__(self) -> str:
        return str(self.source_id)


class IdentityFormat(models.TextChoices):
    RAW = "raw", _("as they are")
    SHA256 = "sha256", _("as SHA-256 hashes")


class Processor(models.Model):
    """How a processor is reached by OpenDSR. The secret is encrypted and never shown again."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="processor")
    base_url = models.URLField(_("address"), max_length=300)
    controller_id = models.CharField(_("our controller id"), max_length=100)
    key_pem = models.TextField(_("its certificate or public key"))
    secret = EncryptedTextField(_("bearer token"))
    identity_format = models.CharField(
        _("identifiers are sent"), max_length=6, choices=IdentityFormat.choices, default=IdentityFormat.RAW
    )

    class Meta:
        verbose_name = _("processor")
        verbose_name_plural = _("processors")

    def __str__(self) -> str:
        return str(self.source_id)


class ErrandWork(models.TextChoices):
    ERASURE = "erasure", _("delete")
    ACCESS = "access", _("copy")
    CORRECTION = "correction", _("correct")


class ErrandState(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    NOTHING_FOUND = "nothing", _("nothing found")
    IMPOSSIBLE = "impossible", _("cannot be done")
    CANCELLED = "cancelled", _("not needed any more")


class Errand(models.Model):
    """What somebody was asked to do for one case in one source. Its id is what a processor knows the question by.

    `ask_hash` is that of the `Ask` under which it was opened. Of a processor: `asked_at` is written before the question
    leaves, `accepted_at` when its signed yes was read, `status` is what it said last; `callback_digest` is the SHA-256
    of the token in the address that it may call.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="errands", verbose_name=_("source"))
    case_id = models.UUIDField(_("case"))
    run_id = models.UUIDField(null=True, unique=True)
    work = models.CharField(_("work"), max_length=10, choices=ErrandWork.choices)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="errands")
    ask_hash = models.CharField(max_length=64)
    instructions = models.TextField(_("instructions"), blank=True)
    task = EncryptedTextField(_("what is to be changed"), null=True)
    owner = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="errands", verbose_name=_("done by")
    )
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=ErrandState.choices, default=ErrandState.OPEN)
    comment = EncryptedTextField(_("comment"), null=True)
    closed_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True)
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)
    reminded_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(_("asked"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    expected_at = models.DateTimeField(_("expected"), null=True)
    status = models.CharField(_("what it said last"), max_length=20, blank=True)
    polls = models.PositiveIntegerField(default=0)
    callback_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "source"], condition=Q(work="access"), name="errand_once_for_a_copy"
            ),
            models.CheckConstraint(
                condition=~Q(work="correction") | Q(task__isnull=False), name="errand_of_a_correction_says_what"
            ),
            models.UniqueConstraint(fields=["callback_digest"], name="errand_callback_once"),
            models.CheckConstraint(
                condition=(Q(state="open") & Q(closed_at__isnull=True))
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="closed_errand_has_a_date",
            ),
            models.CheckConstraint(
                condition=(Q(work="erasure") & Q(run_id__isnull=False)) | (~Q(work="erasure") & Q(run_id__isnull=True)),
                name="errand_of_an_erasure_has_a_run",
            ),
        ]
        indexes = [
            models.Index(fields=["case_id"], name="errand_case"),
            models.Index(fields=["due_on"], name="errand_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.get_work_display()}, {date_format(localtime(self.created_at), 'j M Y')}"


class FileRole(models.TextChoices):
    PROOF = "proof", _("proof")
    COPY = "copy", _("copy for the person")


class ErrandFile(models.Model):
    """A file that belongs to an errand, encrypted. It counts only once `is_kept`: closing the errand says so.

    `scan` is clean or unscanned; infected for one that was taken before there was a scanner, and deleted since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    errand = models.ForeignKey(Errand, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=5, choices=FileRole.choices)
    name = EncryptedTextField(_("name"))
    size = models.BigIntegerField(_("bytes"), default=0)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    scan = models.CharField(_("scan"), max_length=11, choices=ScanResult.choices, default=ScanResult.UNSCANNED)
    is_kept = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True)

    class Meta:
        verbose_name = _("file of a task")
        verbose_name_plural = _("files of tasks")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.pk)
