"""Assigning several cases at once; says how many could be assigned, and why the others could not."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django import forms
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from privacy.officers.models import Officer, Role
from requests.errors import CaseError
from requests.models import SubjectRequest
from requests.services import assign

if TYPE_CHECKING:
    from requests.admin.queue import SubjectRequestAdmin


class AssignForm(forms.Form):
    """Who shall handle the cases."""

    assignee = forms.ModelChoiceField(
        queryset=Officer.objects.none(),
        required=False,
        label=gettext_lazy("Assign to"),
        empty_label=gettext_lazy("nobody"),
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        possible = Officer.objects.filter(is_active=True).exclude(role=Role.AUDITOR)
        self.fields["assignee"].queryset = possible  # type: ignore[attr-defined]


@dataclass
class Outcome:
    """How many cases were chosen and assigned; `refused` counts the others by reason."""

    chosen: int
    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def assign_page(
    admin: "SubjectRequestAdmin", request: HttpRequest, cases: QuerySet[SubjectRequest]
) -> "HttpResponse | Outcome":
    """The page that asks to whom, or the outcome once it was answered."""
    form = AssignForm(request.POST if "assign" in request.POST else None)
    if form.is_bound and form.is_valid():
        return assign_all(list(cases), request.user, form.cleaned_data["assignee"])  # type: ignore[arg-type]
    context = admin.admin_site.each_context(request) | {
        "title": _("Assign cases"),
        "opts": admin.opts,
        "form": form,
        "cases": cases,
        "selected": helpers.ACTION_CHECKBOX_NAME,
        "media": admin.media,
    }
    request.current_app = admin.admin_site.name
    page: HttpResponse = TemplateResponse(request, "officer/requests/assign.html", context)
    return page


def assign_all(cases: list[SubjectRequest], officer: Officer, assignee: Officer | None) -> Outcome:
    """Assign each case that can be; one that cannot does not keep the others back."""
    outcome = Outcome(chosen=len(cases))
    for case in cases:
        try:
            assign(case=case, officer=officer, assignee=assignee)
            outcome.done += 1
        except CaseError as error:
            outcome.refused[str(error)] += 1
    return outcome
