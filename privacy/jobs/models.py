"""The job table: the truth about work to be done. The broker only wakes workers.

Lives in the public schema so that one query finds what is due for every organisation. It holds kinds, opaque slots and
times; never personal data. An organisation's role sees its own rows only (row-level security).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(models.Model):
    """One piece of work for one organisation. `slot` names it: the same slot is never queued twice."""

    row_guarded = True

    schema_name = models.CharField(max_length=63)
    kind = models.CharField(max_length=60)
    slot = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.PENDING)
    due_at = models.DateTimeField()
    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)  # a code, never a message: messages can hold personal data
    asked_again = models.BooleanField(default=False, db_default=False)  # while it runs: once more when that is over
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["schema_name", "kind", "slot"], name="job_slot_once"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until__isnull=True)),
                name="job_lease_while_running",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="job_pending", condition=Q(state=JobState.PENDING)),
            models.Index(fields=["lease_until"], name="job_leased", condition=Q(state=JobState.RUNNING)),
            models.Index(fields=["finished_at"], name="job_finished", condition=Q(state=JobState.DONE)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slot}"


class Schedule(models.Model):
    """Work that returns: each `every_seconds` a job is made for it. One query finds all that are due."""

    row_guarded = True

    schema_name = models.CharField(max_length=63)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    every_seconds = models.PositiveIntegerField()
    next_due_at = models.DateTimeField()
    enabled = models.BooleanField(default=True)
    paused = models.BooleanField(default=False)  # while the organisation is cancelled; apart from `enabled`: an undo

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.UniqueConstraint(fields=["schema_name", "kind", "key"], name="schedule_once"),
            models.CheckConstraint(condition=Q(every_seconds__gt=0), name="schedule_moves_on"),
        ]
        indexes = [models.Index(fields=["next_due_at"], name="schedule_due", condition=Q(enabled=True, paused=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
