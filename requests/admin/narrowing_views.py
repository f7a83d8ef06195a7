"""The page on which an officer decides what stops: for each purpose of an objection, restriction or withdrawal."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from privacy.law.shapes import RefusalGround
from privacy.register.models import LawfulBasis, Purpose
from requests import services
from requests.admin.case_page import case_context
from requests.admin.decision_form import ground_label
from requests.admin.viewing import note_view
from requests.asked import stated_purposes
from requests.enums import RequestKind, RequestState
from requests.errors import CaseError, ChangeInvalid
from requests.models import SubjectRequest
from requests.selectors import next_step
from requests.services.restricting import KINDS, Scope, ScopeDecided, scopes_of

View = Callable[..., HttpResponse]
_STOP, _MARKETING, _REFUSE = "stop", "marketing", "refuse"


class ScopeForm(forms.Form):
    """The decision about one purpose, or about everything."""

    verdict = forms.ChoiceField(
        label=_("Decision"), widget=UnfoldAdminSelectWidget(),
        error_messages={"required": _("Choose whether it stops.")},
    )  # fmt: skip
    ground = forms.ChoiceField(
        label=_("Ground in law, if you refuse"), required=False, widget=UnfoldAdminSelectWidget()
    )
    reasons = forms.CharField(
        label=_("Reasons, as the person will read them"), required=False, max_length=5000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(
        self, given: Any = None, *, scope: Scope, kind: str, grounds: Sequence[RefusalGround], place: int
    ) -> None:
        self.scope, self.about = scope, scope.title
        super().__init__(given, prefix=f"scope-{place}")
        self.fields["verdict"].choices = [("", _("Choose")), *_verdicts(kind, scope)]  # type: ignore[attr-defined]
        if kind == RequestKind.CONSENT_WITHDRAWAL:
            del self.fields["ground"], self.fields["reasons"]
            return
        listed = [(each.code, ground_label(each)) for each in grounds]
        self.fields["ground"].choices = [("", _("Choose a ground")), *listed]  # type: ignore[attr-defined]

    @property
    def decided(self) -> ScopeDecided:
        given = self.cleaned_data
        return ScopeDecided(
            self.scope.code, given["verdict"] != _REFUSE, given["verdict"] == _MARKETING,
            given.get("ground", ""), given.get("reasons", ""),
        )  # fmt: skip


class PurposesForm(forms.Form):
    """Which purposes the person means."""

    codes = forms.MultipleChoiceField(
        label=_("Purposes"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )

    def __init__(self, given: Any = None, *, case: SubjectRequest) -> None:
        super().__init__(given, initial={"codes": stated_purposes(case.particulars)})
        purposes = Purpose.objects.filter(is_prohibited=False)
        if case.kind == RequestKind.CONSENT_WITHDRAWAL:
            purposes = purposes.filter(lawful_basis=LawfulBasis.CONSENT)
        self.fields["codes"].choices = [(each.code, each.title) for each in purposes]  # type: ignore[attr-defined]


def narrowing_views(site: Any) -> dict[str, View]:
    """Views by the code of their address. Args: site: the admin of cases, which finds cases and makes pages."""
    return {
        "decide_purposes": partial(_decide_view, site),
        "note_purposes": require_POST(partial(_note_view, site)),
    }


def _decide_view(site: Any, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    case = site._case(request, pk)
    step = next_step(case, request.user)  # type: ignore[arg-type]
    if case.state != RequestState.DECIDING or case.kind not in KINDS:
        messages.info(request, gettext("There is nothing to decide in this case now."))
        return _back(site, case)
    if step is not None and step.blocked_reason:
        messages.error(request, str(step.blocked_reason))
        return _back(site, case)
    note_view(case=case, officer=request.user)  # type: ignore[arg-type]
    listed = _forms(request, case)
    invalid = [each for each in listed if request.method == "POST" and not each.is_valid()]
    if request.method == "POST" and not invalid:
        try:
            decisions = [each.decided for each in listed]
            services.decide_scopes(case=case, officer=request.user, decisions=decisions)  # type: ignore[arg-type]
        except ChangeInvalid as error:
            _show(error, listed, request)
        except CaseError as error:
            messages.error(request, str(error))
            return _back(site, case)
        else:
            messages.success(request, gettext("Decided and carried out. The letter is on its way."))
            return _back(site, case)
    wrong = [each for each in listed if each.errors]
    context = case_context(case, request.user) | {  # type: ignore[arg-type]
        "scopes": listed, "purposes_form": PurposesForm(case=case), "wrong_forms": wrong,
    }  # fmt: skip
    template = "officer/requests/decide_purposes.html"
    page: HttpResponse = site._page(request, template, case, gettext("Decide what stops"), context)
    return page


def _note_view(site: Any, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    case = site._case(request, pk)
    form = PurposesForm(request.POST, case=case)
    if not form.is_valid():
        messages.error(request, gettext("Choose purposes from the list."))
    else:
        try:
            services.note_purposes(case=case, officer=request.user, codes=form.cleaned_data["codes"])  # type: ignore[arg-type]
        except CaseError as error:
            messages.error(request, str(error))
    return HttpResponseRedirect(reverse("officer:requests_subjectrequest_decide_purposes", args=[case.pk]))


def _forms(request: HttpRequest, case: SubjectRequest) -> list[ScopeForm]:
    given = request.POST if request.method == "POST" else None
    grounds = services.refusal_grounds(case)
    return [
        ScopeForm(given, scope=each, kind=case.kind, grounds=grounds, place=place)
        for place, each in enumerate(scopes_of(case))
    ]


def _show(error: ChangeInvalid, listed: list[ScopeForm], request: HttpRequest) -> None:
    """Beside the purpose that it is about."""
    if error.number is None:
        messages.error(request, str(error))
    else:
        listed[error.number].add_error(None, str(error))


def _verdicts(kind: str, scope: Scope) -> list[tuple[str, Any]]:
    if kind == RequestKind.CONSENT_WITHDRAWAL:
        return [(_STOP, _("Withdraw the consent"))]
    if kind == RequestKind.RESTRICTION:
        return [(_STOP, _("Restrict: keep the data and do nothing else with it")), (_REFUSE, _("Refuse"))]
    marketing = [(_MARKETING, _("Stop: it is direct marketing"))] if scope.purpose else []
    return [(_STOP, _("Stop")), *marketing, (_REFUSE, _("Refuse: our grounds weigh more"))]


def _back(site: Any, case: SubjectRequest) -> HttpResponse:
    answer: HttpResponse = site._back(case)
    return answer
