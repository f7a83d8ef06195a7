"""The job table on the operators' site: what waits, runs and failed, for all organisations, without personal data."""

from django.contrib import messages
from django.contrib.admin import action
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from privacy.jobs.models import Job, JobState
from privacy.jobs.services import requeue
from privacy.tenants.admin_base import ReadOnlyOperatorPage
from privacy.tenants.context import enter_organisation
from privacy.tenants.errors import OrganisationError

_LEVELS = {
    JobState.PENDING: "plain",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "overdue",
}


class JobAdmin(ReadOnlyOperatorPage):
    list_display = ("kind", "schema_name", "slot", "state_badge", "due_at", "attempts", "problem", "finished_at")
    list_filter = ("state", "kind")
    search_fields = ("schema_name", "slot", "problem")
    ordering = ("-id",)
    actions = ("try_again",)
    fields = (
        "kind", "schema_name", "slot", "state", "due_at", "attempts", "problem", "lease_until", "created_at",
        "finished_at",
    )  # fmt: skip

    @display(description=_("State"), ordering="state")
    def state_badge(self, job: Job) -> SafeString:
        level = _LEVELS.get(JobState(job.state), "plain")
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, job.get_state_display())

    @action(description=_("Try failed jobs again"), permissions=["view"])
    def try_again(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        chosen, done = list(jobs), 0
        for job in chosen:
            if job.state != JobState.FAILED:
                continue
            try:
                with enter_organisation(job.schema_name):
                    requeue(kind=job.kind, slot=job.slot)
                done += 1
            except OrganisationError as error:
                messages.error(request, str(error))
        words = ngettext(
            "%(done)d of %(n)d job is tried again.", "%(done)d of %(n)d jobs are tried again.", len(chosen)
        )
        messages.success(request, words % {"done": done, "n": len(chosen)})


class ScheduleAdmin(ReadOnlyOperatorPage):
    list_display = ("kind", "schema_name", "key", "every_seconds", "next_due_at", "enabled")
    list_filter = ("kind", "enabled")
    search_fields = ("schema_name", "key")
    ordering = ("next_due_at",)
