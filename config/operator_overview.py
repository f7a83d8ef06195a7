"""The first page that an operator sees: organisations and work, in numbers; nothing of any organisation's data."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from config.officer_dashboard import Figure
from privacy.jobs.models import Job, JobState, Schedule
from privacy.tenants.models import Organisation
from privacy.tenants.schema_version import expected_version

LATE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Overview:
    """`waiting_since` is when the job that waits longest fell due; None when none is late."""

    figures: tuple[Figure, ...]
    failed: list[Job]
    waiting_since: object


def overview() -> Overview:
    """How the installation is. A constant number of queries, whatever the number of organisations."""
    late = timezone.now() - LATE_AFTER
    jobs = Job.objects.exclude(state=JobState.DONE).aggregate(
        waiting=Count("pk", filter=Q(state=JobState.PENDING)),
        running=Count("pk", filter=Q(state=JobState.RUNNING)),
        failed=Count("pk", filter=Q(state=JobState.FAILED)),
        waiting_since=Min("due_at", filter=Q(state=JobState.PENDING, due_at__lt=late)),
    )
    organisations = Organisation.objects.aggregate(
        active=Count("pk", filter=Q(state=Organisation.State.ACTIVE)),
        lagging=Count("pk", filter=~Q(schema_version=expected_version())),
    )
    schedules = Schedule.objects.filter(enabled=True, paused=False, next_due_at__lt=late).count()
    listed = reverse("operator:tenants_organisation_changelist")
    work = reverse("operator:jobs_job_changelist")
    figures = (
        Figure(_("Active organisations"), organisations["active"], "ok", listed),
        Figure(_("With tables that lag behind"), organisations["lagging"], "overdue", listed),
        Figure(_("Jobs waiting"), jobs["waiting"], "ok", f"{work}?state__exact={JobState.PENDING}"),
        Figure(_("Jobs running"), jobs["running"], "ok", f"{work}?state__exact={JobState.RUNNING}"),
        Figure(_("Jobs failed"), jobs["failed"], "overdue", f"{work}?state__exact={JobState.FAILED}"),
        Figure(_("Schedules overdue"), schedules, "overdue", reverse("operator:jobs_schedule_changelist")),
    )
    failed = list(Job.objects.filter(state=JobState.FAILED).order_by("-finished_at")[:8])
    return Overview(figures, failed, jobs["waiting_since"])
