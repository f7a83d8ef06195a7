"""An announcement of a privacy notice, and who was told by it."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from privacy.datamap.models import Dataset
from privacy.officers.models import Officer
from privacy.register.models import Notice
from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.models import Subject


class AnnouncementState(models.TextChoices):
    RUNNING = "running", _("under way")
    STOPPED = "stopped", _("stopped")
    DONE = "done", _("done")
    TAKEN_BACK = "taken_back", _("ended: the notice was taken back")


class NoticeAnnouncement(models.Model):
    """One notice is announced once, with its versions in other languages.

    When one of them is taken back, this has ended for good, for people were told words and a day that may not come. It
    says no more that anybody was told, and the notice can be announced again.

    `after` is the last person who was written to, in the order of ids.
    `pages` counts the pages that are written, and names the job of the next; `next_at` is when the next letter may be.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="announcements", verbose_name=_("notice"))
    translations = models.ManyToManyField(
        Notice, related_name="announced_with", verbose_name=_("versions in other languages"), editable=False
    )
    per_minute = models.PositiveIntegerField(
        _("letters a minute"),
        default=300,
        validators=[MinValueValidator(1), MaxValueValidator(6000)],
        help_text=_("As many as your mail server takes without being taken for a sender of spam."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=AnnouncementState.choices, default=AnnouncementState.RUNNING, editable=False
    )
    pages = models.PositiveIntegerField(default=0, editable=False)
    after = models.UUIDField(null=True, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)
    written = models.PositiveIntegerField(_("people written to"), default=0, editable=False)
    unreachable = models.PositiveIntegerField(_("people without an e-mail address"), default=0, editable=False)
    left_out = models.PositiveIntegerField(_("people left out: erased, or restricted"), default=0, editable=False)
    begun_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    ended_at = models.DateTimeField(_("done"), null=True, editable=False)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=~models.Q(state="taken_back"), name="notice_announced_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.notice)

    def notices(self) -> list[Notice]:
        """The notice and its versions in other languages."""
        return [self.notice, *self.translations.order_by("language")]


class AnnouncedDataset(models.Model):
    """A table of a source in which an announcement looks for people whom the portal does not know.

    `after` is the primary key of the last row that was dealt with; it is empty once the table is read. `rows` is how
    many were, and every one of them is counted once: written to, known (told already, or another row of theirs was),
    left out (erased, restricted, or an address that is a former one), or without an address that can be one.
    """

    announcement = models.ForeignKey(NoticeAnnouncement, on_delete=models.CASCADE, related_name="datasets")
    dataset = models.ForeignKey(Dataset, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=250)
    turn = models.PositiveSmallIntegerField()
    after = models.JSONField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    without_address = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("table of an announcement")
        verbose_name_plural = _("tables of announcements")
        ordering = ["announcement", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "turn"], name="announced_in_turn"),
            models.CheckConstraint(
                condition=models.Q(
                    rows=models.F("written") + models.F("known") + models.F("left_out") + models.F("without_address")
                ),
                name="announced_rows_are_counted_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NoticeTold(models.Model):
    """A person was written to about a notice. The letter may be gone before this row is: its number and hash stay.

    `address_index` is the keyed index of the address that was written to. Somebody whom only a source knows has no
    other name here; when they turn up, they are known by it to have been told.
    """

    append_only = True

    announcement = models.ForeignKey(NoticeAnnouncement, on_delete=models.PROTECT, related_name="told")
    subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="notices_told")
    address_index = models.BinaryField(max_length=32, null=True)
    letter_id = models.UUIDField()
    pdf_sha256 = models.CharField(max_length=64)
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("person told of a notice")
        verbose_name_plural = _("people told of a notice")
        constraints = [
            models.UniqueConstraint(fields=["announcement", "subject"], name="told_of_a_notice_once"),
            models.UniqueConstraint(fields=["announcement", "address_index"], name="told_at_an_address_once"),
            models.CheckConstraint(
                condition=models.Q(subject__isnull=False) | models.Q(address_index__isnull=False),
                name="somebody_was_told",
            ),
        ]
        indexes = [models.Index(fields=["letter_id"], name="told_by_letter")]

    def __str__(self) -> str:
        return str(self.pk)


class AcceptedHow(models.TextChoices):
    """What stands behind an acceptance: words, or only that somebody went on using the service after being told."""

    STATED = "stated", _("said so")
    CONTINUED_USE = "continued_use", _("went on using the service")


class NoticeAcceptance(models.Model):
    """A person accepted a notice, and how. Never a consent: what rests on consent asks for one.

    Somebody may first go on using the service and say so later: one row for each. `occurred_at` is the caller's time,
    `recorded_at` the server's, and the one that counts.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="acceptances")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="accepted_notices")
    how = models.CharField(_("how"), max_length=13, choices=AcceptedHow.choices)
    activity = EncryptedTextField(_("what the person did"), null=True)
    occurred_at = models.DateTimeField(_("time the caller gave"), null=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("acceptance of a notice")
        verbose_name_plural = _("acceptances of notices")
        constraints = [models.UniqueConstraint(fields=["notice", "subject", "how"], name="notice_accepted_once")]
        indexes = [models.Index(fields=["-recorded_at", "-id"], name="notice_accepted_when")]

    def __str__(self) -> str:
        return f"{self.get_how_display()}, {date_format(timezone.localtime(self.recorded_at), 'j M Y')}"
