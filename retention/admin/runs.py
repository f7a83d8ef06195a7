"""Runs on the officers' site: what was done to which table, whether it was verified, and how to go on."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from privacy.datamap.models import Action
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from retention.admin import replays
from retention.admin.progress import is_waiting, level_of, live_state, run_row, state_words, words_of
from retention.certificate.document import as_file
from retention.certificate.pdf import as_pdf
from retention.enums import RunKind, RunState
from retention.errors import RetentionError
from retention.further_steps import further_steps
from retention.models import Certificate, RuleVersion, Run
from retention.second_look import ApprovalReason
from retention.services import approve_run, cancel_run, decline_run, pause_run, resume_run
from retention.services.run_approval import check_may_approve, check_same_rule
from retention.transitions import FINAL, GOING_ON

LONGEST_WORDS = 80


_FILES: dict[str, tuple[Callable[[str], bytes], str]] = {
    "json": (as_file, "application/json"),
    "pdf": (as_pdf, "application/pdf"),
}


class RunAdmin(ReadOnlyAdmin):
    list_display = ("title", "source", "state_badge", "rows_done", "problem_text", "created_at", "completed_at")
    list_filter = ("state", "kind", "rule", "source")
    search_fields = ("case_id",)
    search_help_text = gettext_lazy("Id of a case")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        runs = super().get_queryset(request).select_related("rule", "source").defer("plan", "frozen_keys")
        # rows that are kept are no work; passes over small groups are more of it
        work = ~Q(steps__action=Action.KEEP) & Q(steps__level=0)
        return runs.annotate(
            done_rows=Sum("steps__rows", filter=work),
            planned_rows=Sum("steps__expected", filter=work),
            held_rows=Sum("steps__held", filter=work),
            waiting_rows=Sum("steps__waiting", filter=work),
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/resume/", wrap(require_POST(self.resume_view)), name="retention_run_resume"),
            path("<uuid:pk>/pause/", wrap(require_POST(self.pause_view)), name="retention_run_pause"),
            path("<uuid:pk>/cancel/", wrap(self.cancel_view), name="retention_run_cancel"),
            path("<uuid:pk>/approve/", wrap(require_POST(self.approve_view)), name="retention_run_approve"),
            path("<uuid:pk>/decline/", wrap(require_POST(self.decline_view)), name="retention_run_decline"),
            path("<uuid:pk>/progress/", wrap(self.progress_view), name="retention_run_progress"),
            path("<uuid:pk>/certificate/", wrap(self.certificate_view), name="retention_run_certificate"),
            path(
                "<uuid:pk>/approve-again/",
                wrap(require_POST(self.approve_replay_view)),
                name="retention_run_approve_replay",
            ),
            path("<uuid:pk>/drop/", wrap(require_POST(self.drop_view)), name="retention_run_drop"),
            path("again/<int:source>/", wrap(self.replay_view), name="datamap_source_erase_again"),
            path("kept/<int:source>/", wrap(self.kept_view), name="datamap_source_erase_kept"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of a run; it changes nothing by itself."""
        run = self._run(request, object_id)
        row = run_row(run)
        context = {
            "run": run,
            "row": row,
            "rule_words": _rule_words(run),
            "live_state": live_state(run),
            "approval": _approval(request, run),
            "kept": [step for step in run.steps.all() if step.action == Action.KEEP],
            "further_steps": further_steps(run.plan.get("engine", {}), source_id=run.source_id),
            "acts": self._acts(request, run),
            "case_url": _case_url(request, run),
            "awaits_approval": replays.awaits_approval(run) and self._may_act(request),
            "replay_problem": replays.approval_problem(request, run),
        }
        return self._page(request, "officer/retention/run.html", row.title, context)

    def progress_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The part of the page that changes, asked for again and again while the run is going on."""
        run = self._run(request, str(pk))
        response = self._page(request, "officer/retention/progress.html", "", {"run": run, "row": run_row(run)})
        response["X-Live"] = live_state(run)
        return response

    def resume_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self._act(request, pk, resume_run, _("The run goes on where its record ends."))

    def pause_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self._act(request, pk, pause_run, _("The run rests. Resume it when it may go on."))

    def cancel_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Asks first: a cancelled run never goes on."""
        run = self._run(request, str(pk))
        if request.method == "POST" or run.state in FINAL:
            return self._act(request, pk, cancel_run, _("The run is cancelled. Its record says what was done."))
        if not self._may_act(request):
            raise PermissionDenied
        context = {
            "run": run,
            "explanation": cancel_explanation(run),
            "button": _("Cancel the run"),
            "keep": _("Back to the run"),
            "back": _page_of(run),
        }
        return self._page(request, "officer/confirm.html", _("Cancel the run?"), context)

    def certificate_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The certificate as a file: `as=pdf` or `as=json`."""
        run = self._run(request, str(pk))
        make, kind = _FILES.get(request.GET.get("as", "json"), _FILES["json"])
        certificate = get_object_or_404(Certificate, run=run)
        name = f"certificate-{certificate.pk}.{kind.rpartition('/')[2]}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return HttpResponse(make(certificate.document), content_type=kind, headers=headers)

    def _act(self, request: HttpRequest, pk: uuid.UUID, act: Callable[..., Run], done: str) -> HttpResponse:
        run = self._run(request, str(pk))
        if not self._may_act(request):
            raise PermissionDenied
        try:
            act(run=run, actor=Actor.officer(request.user))
            messages.success(request, done)
        except RetentionError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(_page_of(run))

    def approve_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The second officer's yes to the plan whose hash the page carried."""
        return self._decide(request, pk, lambda run, officer: approve_run(
            run=run, officer=officer, plan_hash=request.POST.get("plan_hash", "")
        ), _("Approved. The run starts."))  # fmt: skip

    def decline_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self._decide(
            request, pk, lambda run, officer: decline_run(run=run, officer=officer), _("Declined. Nothing was changed.")
        )

    def _decide(
        self, request: HttpRequest, pk: uuid.UUID, act: Callable[[Run, Officer], Run], done: str
    ) -> HttpResponse:
        run = self._run(request, str(pk))
        if not isinstance(request.user, Officer) or not request.user.has_perm("retention.approve_run"):
            raise Http404
        try:
            act(run, request.user)
            messages.success(request, done)
        except RetentionError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("officer:retention_run_change", args=[run.pk]))

    def replay_view(self, request: HttpRequest, source: int) -> HttpResponse:
        """Plan erasing again what came back in a source."""
        context, response = replays.replay_page(request, source)
        if response is not None:
            return response
        return self._page(request, "officer/retention/replay.html", _("Erase again"), {"run": None} | context)

    def kept_view(self, request: HttpRequest, source: int) -> HttpResponse:
        """Plan erasing what the law does not want kept any more in a source."""
        context, response = replays.kept_page(request, source)
        if response is not None:
            return response
        return self._page(
            request, "officer/retention/kept.html", _("Erase what was kept by law"), {"run": None} | context
        )

    def approve_replay_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return replays.approve(request, self._run(request, str(pk)))

    def drop_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return replays.drop(request, self._run(request, str(pk)))

    def _may_act(self, request: HttpRequest) -> bool:
        return request.user.has_perm("retention.start_run")

    def _acts(self, request: HttpRequest, run: Run) -> dict[str, Any]:
        """Which buttons the page of a run has."""
        if not self._may_act(request) or run.state in FINAL:
            return {}
        return {
            "resume": _("Try again now") if is_waiting(run) else _("Resume"),
            "may_resume": run.state in (RunState.PAUSED, RunState.ATTENTION) or is_waiting(run),
            "may_pause": run.state in GOING_ON,
            "may_cancel": True,
        }

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
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level_of(run), state_words(run))

    @display(description=gettext_lazy("Rows done"))
    def rows_done(self, run: Run) -> str:
        done, planned = run.done_rows or 0, run.planned_rows or 0  # type: ignore[attr-defined]
        return _("%(done)s of %(planned)s") % {"done": f"{done:,}", "planned": f"{planned:,}"}

    @display(description=gettext_lazy("Problem"))
    def problem_text(self, run: Run) -> str:
        words = words_of(run)
        return words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1] + "…"


def _approval(request: HttpRequest, run: Run) -> dict[str, Any] | None:
    """Why a waiting run waits, and whether the officer who looks may approve it, or why not."""
    if run.state != RunState.AWAITING or run.kind != RunKind.RETENTION:
        return None
    problem = ""
    try:
        check_may_approve(run, request.user)  # type: ignore[arg-type]
        check_same_rule(run)
    except RetentionError as error:
        problem = str(error)
    return {
        "why": ApprovalReason(run.approval_reason).label,
        "problem": problem,
        "may_decline": request.user.has_perm("retention.approve_run"),
    }


def _rule_words(run: Run) -> str:
    """What the rule said when the run was planned, word for word."""
    if run.rule is None or run.rule_version is None:
        return ""
    version = RuleVersion.objects.filter(rule=run.rule, number=run.rule_version).first()
    return version.words if version else ""


def cancel_explanation(run: Run) -> list[str]:
    """What cancelling this run means."""
    found = [
        _("It ends the piece of work it is at, and nothing more is changed. What was changed already stays changed."),
        _("A cancelled run never goes on; its record stays."),
    ]
    if run.kind == RunKind.ERASURE:
        found.append(
            _("The approval of the erasure becomes void in every source: the case is decided and approved anew.")
        )
    elif run.rule is not None and run.rule.is_followed(local_date(timezone.now())):
        found.append(_("The rule stays active: what is due is looked for again tomorrow. To end that, switch it off."))
    elif run.rule is not None:
        found.append(_("The rule is switched off or not in force: nothing is looked for again as long as it is."))
    return found


def _page_of(run: Run) -> str:
    return reverse("officer:retention_run_change", args=[run.pk])


def _case_url(request: HttpRequest, run: Run) -> str | None:
    """The case that asked for it, for officers who may see cases."""
    if run.case_id is None or not request.user.has_perm("requests.view_subjectrequest"):
        return None
    return reverse("officer:requests_subjectrequest_change", args=[run.case_id])
