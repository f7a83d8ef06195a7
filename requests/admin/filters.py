"""Views of the queue. The default is what has to be worked on: open and confirmed."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from privacy.register.models import OrganisationProfile
from requests.admin.counts import conditions, today_for
from requests.enums import RequestState
from requests.models import SubjectRequest

VIEWS = (
    ("open", _("Open")),
    ("mine", _("My work")),
    ("unassigned", _("Unassigned")),
    ("overdue", _("Overdue")),
    ("soon", _("Due within 5 days")),
    ("waiting", _("Waiting for the person")),
    ("approval", _("Awaiting second approval")),
    ("problem", _("With a problem")),
)
OTHER_VIEWS = (
    ("unconfirmed", _("Not confirmed by the person")),
    ("closed", _("Closed")),
    ("all", _("All")),
)


def view_of(request: HttpRequest) -> str:
    """Which view is shown. Whoever looks for a reference, or asks for a stage, means every case that has it."""
    if code := request.GET.get("show"):
        return code
    return "all" if request.GET.get("q") or StageFilter.parameter_name in request.GET else "open"


class ShowFilter(SimpleListFilter):
    """Which cases to show."""

    title = _("Show")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [*VIEWS[1:], *OTHER_VIEWS]

    def choices(self, changelist: ChangeList) -> Any:
        for choice in super().choices(changelist):
            if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name]):
                choice["display"] = VIEWS[0][1]
            yield choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[SubjectRequest]) -> QuerySet[SubjectRequest]:
        code = view_of(request)
        if code == "all":
            return queryset
        if code == "closed":
            return queryset.filter(closed_at__isnull=False)
        if code == "unconfirmed":
            return queryset.filter(state=RequestState.UNCONFIRMED)
        working = queryset.filter(closed_at__isnull=True).exclude(state=RequestState.UNCONFIRMED)
        views = conditions(request.user, today_for(request))
        return working.filter(views.get(code, views["open"]))


class StageFilter(SimpleListFilter):
    """Where a case stands."""

    title = _("Stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return RequestState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[SubjectRequest]) -> QuerySet[SubjectRequest]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class LawFilter(SimpleListFilter):
    """Cases on which the clock of one law runs; offered are the laws that apply to the organisation."""

    title = _("Law")
    parameter_name = "law"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        found = OrganisationProfile.objects.values_list("laws", flat=True).first() or []
        return [(code, code) for code in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SubjectRequest]) -> QuerySet[SubjectRequest]:
        return queryset.filter(law_codes__contains=[self.value()]) if self.value() else queryset
