"""Deciding a case part by part, and writing down that an authority was told."""

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.tenants.typed import typed_words
from requests import services
from requests.admin.decision_form import DecisionForm
from requests.admin.not_done import not_done, sent_before
from requests.deciding.preview import preview_decision
from requests.enums import RequestState
from requests.errors import CaseError, DecisionInvalid, PlanChanged
from requests.models import CategoryDecision, SubjectRequest
from requests.services.decisions import PART_BY_PART, is_narrowed
from requests.services.sending_once import send_once

View = Callable[..., HttpResponse]


def parts_context(case: SubjectRequest, request: HttpRequest) -> dict[str, Any]:
    """The form of a case that can be decided part by part, empty; nothing for any other."""
    if case.kind not in PART_BY_PART or case.plan is None or is_narrowed(case):
        return {"parts": None}
    return {"parts": DecisionForm(case, split=request.GET.getlist("by"))}


class DecisionViews:
    """Mixed into the admin of cases."""

    def decision_views(self) -> dict[str, View]:
        """Its pages by code."""
        return {
            "decide_parts": require_POST(self.decide_parts_view),
            "authority_notified": require_POST(self.authority_notified_view),
        }

    def decide_parts_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The decision, or the letter that it would lead to."""
        case: SubjectRequest = self._case(request, pk)  # type: ignore[attr-defined]
        if case.state != RequestState.DECIDING or case.kind not in PART_BY_PART:
            return not_done(self, request, case, _("There is nothing to decide in this case now."))
        form = DecisionForm(case, split=request.POST.getlist("by"), data=request.POST)
        shown: dict[str, Any] = {"parts": form}
        if form.is_valid():
            try:
                if "preview" not in request.POST:
                    return self._decided(request, case, form)
                given = form.decided()
                shown["preview"] = preview_decision(case, given, officer=request.user, now=timezone.now())  # type: ignore[arg-type]
                shown["previewed"] = True
            except DecisionInvalid as error:
                form.blame(error)
            except PlanChanged as error:
                case.refresh_from_db()
                shown = _anew(case, request.POST, error)
        return self.decide_view(request, pk, more=shown)  # type: ignore[attr-defined]

    def _decided(self, request: HttpRequest, case: SubjectRequest, form: DecisionForm) -> HttpResponse:
        """Raises DecisionInvalid and PlanChanged, so that the form is shown again with what was typed."""
        decide = partial(
            services.decide_case,
            case=case, officer=request.user, plan_hash=form.plan_hash, decisions=form.decided(),  # type: ignore[arg-type]
        )  # fmt: skip
        try:
            done = send_once(typed=request.POST, work=decide)
        except (DecisionInvalid, PlanChanged):
            raise
        except CaseError as error:
            return not_done(self, request, case, error)
        if done.before:
            return sent_before(request, case)
        messages.success(request, _DONE[RequestState(done.case.state)]())
        return self._back(case)  # type: ignore[attr-defined]

    def authority_notified_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Write down on which day the authority was told."""
        case = self._case(request, pk)  # type: ignore[attr-defined]
        decision = CategoryDecision.objects.filter(case=case, pk=_number(request.POST.get("decision"))).first()
        if decision is None:
            raise Http404
        on = _day(request.POST.get("on", ""))
        if on is None:
            messages.error(request, _("Enter the day on which the authority was told."))
            return self._back(case)  # type: ignore[attr-defined]
        return self._perform(  # type: ignore[attr-defined]
            request, case,
            lambda: services.note_authority_notified(decision=decision, officer=request.user, on=on),  # type: ignore[arg-type]
            _("Written down."),
        )  # fmt: skip


def _anew(case: SubjectRequest, typed: QueryDict, error: PlanChanged) -> dict[str, Any]:
    """The form of the plan as it is now, with what was typed about the same parts; and what was of others."""
    form = DecisionForm(case, split=typed.getlist("by"), typed=typed)
    gone = tuple(f"part{place}-" for place in form.gone)
    words = [each for each in typed_words(typed) if each.name.startswith(gone)] if gone else []
    return {"parts": form, "not_done": str(error), "gone": words}


_DONE: dict[RequestState, Callable[[], str]] = {
    RequestState.EXECUTING: lambda: _("Decided. What was granted is being carried out."),
    RequestState.AWAITING_APPROVAL: lambda: _("Granted. A second officer has to approve the erasure."),
    RequestState.PLANNING: lambda: _(
        "Decided. The plan is made without what you refused, then a second officer looks."
    ),
    RequestState.REFUSED: lambda: _("Refused. The letter with the reasons is on its way."),
}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 19 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
