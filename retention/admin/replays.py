"""Erasing again on the officers' site: one officer looks at the plan and asks for it, another approves."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.plan import Plan
from privacy.datamap.errors import DatamapError
from privacy.datamap.models import Action, Dataset, Source
from privacy.ledger.actors import Actor
from retention.admin.progress import newer_words
from retention.enums import RunState
from retention.errors import RetentionError
from retention.kept.looking import kept_until
from retention.models import Run
from retention.services import approve_replay, drop_replay, plan_kept, plan_replay, start_kept, start_replay
from retention.services.replays import check_may_approve_replay
from retention.transitions import AGAIN


def replay_page(request: HttpRequest, source_pk: int) -> tuple[dict[str, Any], HttpResponse | None]:
    """What the page that plans an erasure again shows; with a response when the officer asked for it.

    Raises:
        Http404: the officer may not start runs, or there is no such source.
    """
    if not request.user.has_perm("retention.start_run"):
        raise Http404
    source = get_object_or_404(Source, pk=source_pk, is_active=True)
    try:
        replay = plan_replay(source=source)
    except (RetentionError, DatamapError, EngineError) as error:
        return {"source": source, "problem": str(error)}, None
    if request.method == "POST" and request.POST.get("plan_hash") == replay.plan.hash:
        run = start_replay(source=source, replay=replay, actor=Actor.officer(request.user))
        messages.success(request, _("It is planned. Another officer has to approve it on this page."))
        return {}, _to(run)
    if request.method == "POST":
        messages.warning(request, _("The data changed meanwhile. Look at the plan again."))
    return {
        "source": source,
        "steps": _steps(source, replay.plan, replay.received_on),
        "plan_hash": replay.plan.hash,
    }, None


def kept_page(request: HttpRequest, source_pk: int) -> tuple[dict[str, Any], HttpResponse | None]:
    """The same for rows that erasures left because the law wanted them kept, and that it does not want any more.

    Raises:
        Http404: the officer may not start runs, or there is no such source.
    """
    if not request.user.has_perm("retention.start_run"):
        raise Http404
    source = get_object_or_404(Source, pk=source_pk, is_active=True)
    try:
        plan = plan_kept(source=source)
    except (RetentionError, DatamapError, EngineError) as error:
        return {"source": source, "problem": str(error)}, None
    if request.method == "POST" and request.POST.get("plan_hash") == plan.hash:
        run = start_kept(source=source, plan=plan, actor=Actor.officer(request.user))
        messages.success(request, _("It is planned. Another officer has to approve it on this page."))
        return {}, _to(run)
    if request.method == "POST":
        messages.warning(request, _("The data changed meanwhile. Look at the plan again."))
    why = kept_until(source)
    steps = [each | {"why": why.get(each["table"], ())} for each in _steps(source, plan)]
    return {"source": source, "steps": steps, "plan_hash": plan.hash}, None


def approve(request: HttpRequest, run: Run) -> HttpResponse:
    officer: Any = request.user
    return _act(request, run, lambda: approve_replay(run=run, officer=officer), _("Approved. The erasure begins."))


def drop(request: HttpRequest, run: Run) -> HttpResponse:
    if not request.user.has_perm("retention.start_run"):
        raise Http404
    officer: Any = request.user
    return _act(request, run, lambda: drop_replay(run=run, officer=officer), _("Dropped. Nothing was changed."))


def awaits_approval(run: Run) -> bool:
    return run.kind in AGAIN and run.state == RunState.AWAITING


def approval_problem(request: HttpRequest, run: Run) -> str:
    """Why the officer who looks cannot approve an erasure that waits; empty when they can, or none waits."""
    officer: Any = request.user
    try:
        if awaits_approval(run):
            check_may_approve_replay(run, officer)
    except RetentionError as error:
        return str(error)
    return ""


def _act(request: HttpRequest, run: Run, act: Any, words: str) -> HttpResponse:
    try:
        act()
        messages.success(request, words)
    except RetentionError as error:
        messages.error(request, str(error))
    return _to(run)


def _to(run: Run) -> HttpResponse:
    return HttpResponseRedirect(reverse("officer:retention_run_change", args=[run.pk]))


def _steps(source: Source, plan: Plan, received_on: date | None = None) -> list[dict[str, Any]]:
    """Args: received_on: the day after which the plan leaves rows."""
    labels = {each.key: each.label for each in Dataset.objects.filter(source=source)}
    return [
        {
            "label": labels.get(step.dataset, step.dataset),
            "table": step.dataset,
            "action": Action(step.action).label,
            "rows": step.expected_count,
            "held": step.held_count,
            "newer_words": newer_words(step.newer_count, received_on),
        }
        for step in plan.steps
        if step.expected_count or step.held_count or step.newer_count
    ]
