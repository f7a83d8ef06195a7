"""Runs on the officers' site: what was done to which table, whether it was verified, and how to go on."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from privacy.datamap.models import Action
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin
from retention.admin.progress import LEVELS, run_row, state_words, words_of
from retention.enums import RunState
from retention.errors import RetentionError
from retention.models import Run
from retention.services import resume_run

RESUMABLE = frozenset({RunState.ATTENTION})
LONGEST_WORDS = 80


class RunAdmin(ReadOnlyAdmin):
    list_display = ("title", "source", "state_badge", "rows_done", "problem_text", "created_at", "completed_at")
    list_filter = ("state", "kind", "rule", "source")
    search_fields = ("case_id",)
    search_help_text = gettext_lazy("Id of a case")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        runs = super().get_queryset(request).select_related("rule", "source").defer("plan", "frozen_keys")
        work = ~Q(steps__action=Action.KEEP)  # rows that are kept are no work
        return runs.annotate(
            done_rows=Sum("steps__rows", filter=work), planned_rows=Sum("steps__expected", filter=work)
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/resume/", wrap(require_POST(self.resume_view)), name="retention_run_resume"),
            path("<uuid:pk>/progress/", wrap(self.progress_view), name="retention_run_progress"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of a run; it changes nothing by itself."""
        run = self._run(request, object_id)
        context = {
            "run": run,
            "row": run_row(run),
            "kept": [step for step in run.steps.all() if step.action == Action.KEEP],
            "may_resume": self._may_resume(request) and run.state in RESUMABLE,
            "case_url": _case_url(request, run),
        }
        return self._page(request, "officer/retention/run.html", str(run), context)

    def progress_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The part of the page that changes, asked for again and again while the run is going on."""
        run = self._run(request, str(pk))
        response = self._page(request, "officer/retention/progress.html", "", {"run": run, "row": run_row(run)})
        response["X-Live"] = run.state
        return response

    def resume_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        run = self._run(request, str(pk))
        if not self._may_resume(request):
            raise Http404
        try:
            resume_run(run=run, actor=Actor.officer(request.user))
            messages.success(request, _("The run goes on where its record ends."))
        except RetentionError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("officer:retention_run_change", args=[run.pk]))

    def _may_resume(self, request: HttpRequest) -> bool:
        return request.user.has_perm("retention.start_run")

    def _run(self, request: HttpRequest, key: str) -> Run:
        try:
            pk = uuid.UUID(key)
        except ValueError:
            raise Http404 from None
        run = self.get_queryset(request).filter(pk=pk).prefetch_related("steps").first()
        if run is None or not self.has_view_permission(request, run):
            raise Http404
        return run

    def _page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "original": context["run"]}
        return TemplateResponse(request, template, base | context)

    @display(description=gettext_lazy("Run"), ordering="rule__name")
    def title(self, run: Run) -> str:
        return run.rule.name if run.rule else str(run.get_kind_display())

    @display(description=gettext_lazy("State"), ordering="state")
    def state_badge(self, run: Run) -> SafeString:
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', LEVELS[run.state], state_words(run))

    @display(description=gettext_lazy("Rows done"))
    def rows_done(self, run: Run) -> str:
        done, planned = run.done_rows or 0, run.planned_rows or 0  # type: ignore[attr-defined]
        return _("%(done)s of %(planned)s") % {"done": f"{done:,}", "planned": f"{planned:,}"}

    @display(description=gettext_lazy("Problem"))
    def problem_text(self, run: Run) -> str:
        words = words_of(run)
        return words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1] + "…"


def _case_url(request: HttpRequest, run: Run) -> str | None:
    """The case that asked for it, for officers who may see cases."""
    if run.case_id is None or not request.user.has_perm("requests.view_subjectrequest"):
        return None
    return reverse("officer:requests_subjectrequest_change", args=[run.case_id])
