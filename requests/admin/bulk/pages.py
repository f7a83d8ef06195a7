"""The page that says how many of the chosen cases qualify, and why the others do not, before anything is done."""

from collections import Counter
from dataclasses import dataclass, field
from inspect import signature
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from privacy.officers.models import Officer
from requests.admin.bulk.shape import BulkAct, Given, Reasons
from requests.errors import CaseError
from requests.models import SubjectRequest

if TYPE_CHECKING:
    from requests.admin.queue import SubjectRequestAdmin

MOST = 500
"""Cases at once: each is done by itself, within one answer of the server."""
GO = "go"


@dataclass
class Outcome:
    """How many cases were chosen and done; `refused` counts the others by reason."""

    chosen: int
    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def bulk_page(
    admin: "SubjectRequestAdmin", request: HttpRequest, chosen: QuerySet[SubjectRequest], act: BulkAct
) -> HttpResponseBase | None:
    """The page that asks; None, with messages, once it was answered and done."""
    officer: Officer = request.user  # type: ignore[assignment]
    cases = list(chosen[: MOST + 1])
    if len(cases) > MOST:
        messages.error(request, _("Choose %(n)d cases at most.") % {"n": MOST})
        return None
    is_sent = GO in request.POST
    form = _form(act, request, officer) if act.form else None
    is_answered = is_sent and (form is None or form.is_valid())
    given: Given = form.cleaned_data if form is not None and is_answered else {}
    left_out = act.judge(cases, officer, given)
    if not is_answered or len(left_out) == len(cases):
        return _ask(admin, request, act, cases, left_out, form)
    fit = [case for case in cases if case.pk not in left_out]
    if act.answer is not None:
        return act.answer(fit, officer)
    outcome = Outcome(chosen=len(cases), refused=Counter(left_out.values()))
    _do(act, fit, officer, given, outcome)
    _tell(request, act, outcome)
    return None


def _form(act: BulkAct, request: HttpRequest, officer: Officer) -> forms.Form:
    assert act.form is not None
    data = request.POST if GO in request.POST else None
    return act.form(data, officer=officer) if "officer" in signature(act.form).parameters else act.form(data)


def _do(act: BulkAct, cases: list[SubjectRequest], officer: Officer, given: Given, outcome: Outcome) -> None:
    """Each case by itself: one that is refused does not keep the others back."""
    assert act.perform is not None
    for case in cases:
        try:
            act.perform(case, officer, given)
            outcome.done += 1
        except CaseError as error:
            outcome.refused[str(error)] += 1


def _tell(request: HttpRequest, act: BulkAct, outcome: Outcome) -> None:
    words = _("%(done_word)s: %(done)d of %(n)d cases.")
    messages.success(request, words % {"done_word": act.done, "done": outcome.done, "n": outcome.chosen})
    for reason, number in outcome.refused.items():
        messages.warning(request, f"{number}: {reason}")


def _ask(
    admin: "SubjectRequestAdmin",
    request: HttpRequest,
    act: BulkAct,
    cases: list[SubjectRequest],
    left_out: Reasons,
    form: forms.Form | None,
) -> HttpResponse:
    groups: dict[str | Promise, list[str]] = {}
    for case in cases:
        if (reason := left_out.get(case.pk)) is not None:
            groups.setdefault(reason, []).append(case.reference)
    context = admin.admin_site.each_context(request) | {
        "title": act.title,
        "opts": admin.opts,
        "act": act,
        "form": form,
        "cases": cases,
        "fit": [case for case in cases if case.pk not in left_out],
        "groups": groups,
        "selected": helpers.ACTION_CHECKBOX_NAME,
        "media": admin.media,
    }
    request.current_app = admin.admin_site.name
    page: HttpResponse = TemplateResponse(request, "officer/requests/bulk.html", context)
    return page
