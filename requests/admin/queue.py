"""The review queue.

Danger: a list that shows people's addresses to everybody who walks past, or puts them into the address bar.
Rule: addresses are masked; looking a person up is a POST that goes through the keyed index and leads to an opaque id.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets, action
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.officers.access import HANDLING_ROLES
from privacy.register.finding_people import FindsPeople, PersonFilter
from requests.admin.bulk import BULK_ACTS, BulkAct
from requests.admin.bulk.pages import bulk_page
from requests.admin.case_views import CaseViews
from requests.admin.counted import CountedPaginator
from requests.admin.counts import counts_for, today_for
from requests.admin.entering import HANDLE, EnteringViews
from requests.admin.filters import OTHER_VIEWS, VIEWS, LawFilter, ShowFilter, StageFilter, view_of
from requests.admin.page_of_cases import QueueChangeList
from requests.admin.presenting import (
    badge,
    due_badge,
    flags_line,
    kind_word,
    law_badges,
    masked_person,
    tasks_word,
    with_row_data,
)
from requests.errors import RequestInvalid
from requests.models import SubjectRequest
from requests.references import read_reference
from requests.selectors import visible_cases

_ORDER_OF_VIEWS = {"closed": ("-closed_at",), "all": ("-received_at",)}
_NARROWS_NOTHING = frozenset({"show", "p", "o", "all"})


def _as_action(act: BulkAct) -> Any:
    """An act as Django's list of actions knows it; whether it is offered is asked of `has_<right>_permission`."""

    @action(
        description=act.title,  # type: ignore[arg-type]
        permissions=[act.right],
    )
    def run(admin: "SubjectRequestAdmin", request: HttpRequest, cases: QuerySet[SubjectRequest]) -> Any:
        return bulk_page(admin, request, cases, act)

    run.__name__ = act.code
    return run


class SubjectRequestAdmin(EnteringViews, CaseViews, FindsPeople, ReadOnlyAdmin):
    """The queue, and behind each row the page of the case."""

    list_display = ("link", "person", "kind_word", "laws", "received", "due", "stage", "tasks", "assigned")
    list_display_links = ("link",)
    list_filter = (
        ShowFilter, "kind", LawFilter, StageFilter, "channel", ("received_on", RangeDateFilter), PersonFilter,
    )  # fmt: skip
    list_filter_submit = True
    show_facets = ShowFacets.NEVER  # one more count of everything for each choice
    search_fields = ("reference",)
    search_help_text = gettext_lazy("Reference, for example PR-7F3K-92QD")
    actions = tuple(_as_action(act) for act in BULK_ACTS)
    list_before_template = "officer/requests/queue_views.html"
    nobody_found = gettext_lazy("There is no case under this identifier that you may see.")
    found_query = "show=all&"
    list_fullwidth = True

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("requests.assign_subjectrequest")

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Whether some cases may be theirs to handle; which, each act asks for each case."""
        return getattr(request.user, "role", None) in HANDLING_ROLES

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("requests.export_subjectrequests")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubjectRequest]:
        return with_row_data(visible_cases(request.user), today_for(request))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[QueueChangeList]:
        return QueueChangeList

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What is to be worked on first; of closed cases the last closed, of all the last received."""
        return _ORDER_OF_VIEWS.get(view_of(request), ("work_by", "received_at"))

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, orphans: int = 0, allow_empty_first_page: bool = True
    ) -> CountedPaginator:
        """The number of rows is not asked for again where the numbers above the list say it already."""
        known = None
        if _NARROWS_NOTHING.issuperset(request.GET):
            known = getattr(counts_for(request), view_of(request), None)
        return CountedPaginator(queryset, per_page, orphans, allow_empty_first_page, known=known)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        counts = counts_for(request)
        shown = view_of(request)
        views = [
            {"code": code, "title": title, "count": getattr(counts, code, None), "current": code == shown}
            for code, title in (*VIEWS, *OTHER_VIEWS)
        ]
        may_enter = request.user.has_perm(HANDLE)
        extra = {
            "title": _("Cases"), "queue_views": views, "may_enter_cases": may_enter,
        }  # fmt: skip
        return super().changelist_view(request, extra | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SubjectRequest], search_term: str
    ) -> tuple[QuerySet[SubjectRequest], bool]:
        if not search_term:
            return queryset, False
        if "@" in search_term:
            messages.error(request, _("To look somebody up by e-mail address use “Find a person”."))
            return queryset.none(), False
        try:
            return queryset.filter(reference=read_reference(search_term)), False
        except RequestInvalid:
            return queryset.filter(reference__startswith=search_term.strip().upper()), False

    @display(description=gettext_lazy("Reference"), ordering="reference")
    def link(self, case: SubjectRequest) -> SafeString:
        """The reference, and under it what is unusual about the case."""
        return format_html('<span class="pd-reference">{}</span> {}', case.reference, flags_line(case))

    @display(description=gettext_lazy("Person"))
    def person(self, case: SubjectRequest) -> SafeString:
        local, at, domain = masked_person(case).rpartition("@")
        return format_html("{}<wbr>{}{}", local, at, domain)  # a long address breaks where it means something

    @display(description=gettext_lazy("Kind"), ordering="kind")
    def kind_word(self, case: SubjectRequest) -> str:
        return kind_word(case)

    @display(description=gettext_lazy("Law"))
    def laws(self, case: SubjectRequest) -> SafeString:
        return law_badges(case)

    @display(description=gettext_lazy("Received"))
    def received(self, case: SubjectRequest) -> str:
        this_year = case.received_on.year == case.today.year  # type: ignore[attr-defined]
        return date_format(case.received_on, "j M" if this_year else "j M Y")

    @display(description=gettext_lazy("Due"), ordering="work_by")
    def due(self, case: SubjectRequest) -> SafeString:
        return due_badge(case)

    @display(description=gettext_lazy("Stage"), ordering="state")
    def stage(self, case: SubjectRequest) -> str:
        return case.get_state_display()

    @display(description=gettext_lazy("Tasks"))
    def tasks(self, case: SubjectRequest) -> str:
        return tasks_word(case) or "–"

    @display(description=gettext_lazy("Assigned to"), ordering="assignee__full_name")
    def assigned(self, case: SubjectRequest) -> SafeString | str:
        return str(case.assignee) if case.assignee else badge(_("nobody"), "plain")
