"""The review queue.

Danger: a list that shows people's addresses to everybody who walks past, or puts them into the address bar.
Rule: addresses are masked; looking a person up is a POST that goes through the keyed index and leads to an opaque id.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin import action
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.decorators import display

from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind
from privacy.subjects.services import find_subject
from requests.admin.assigning import assign_page
from requests.admin.case_views import CaseViews
from requests.admin.counts import count_cases
from requests.admin.entering import HANDLE, EnteringViews
from requests.admin.filters import OTHER_VIEWS, VIEWS, PersonFilter, ShowFilter
from requests.admin.presenting import badge, flags, kind_word, law_badges, masked_person, with_row_data
from requests.errors import RequestInvalid
from requests.models import SubjectRequest
from requests.references import read_reference
from requests.selectors import due_status, visible_cases


class SubjectRequestAdmin(EnteringViews, CaseViews, ReadOnlyAdmin):
    """The queue, and behind each row the page of the case."""

    list_display = ("link", "person", "kind_word", "laws", "received", "due", "stage", "assigned")
    list_display_links = ("link",)
    list_filter = (ShowFilter, "kind", "state", PersonFilter)
    search_fields = ("reference",)
    search_help_text = gettext_lazy("Reference, for example PR-7F3K-92QD")
    ordering = ("due_on", "received_at")
    actions = ("assign_selected",)
    list_before_template = "officer/requests/queue_views.html"
    list_fullwidth = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubjectRequest]:
        return with_row_data(visible_cases(request.user))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        counts = count_cases(request.user)
        shown = request.GET.get("show", "open")
        views = [
            {"code": code, "title": title, "count": getattr(counts, code, None), "current": code == shown}
            for code, title in (*VIEWS, *OTHER_VIEWS)
        ]
        find = reverse("officer:requests_subjectrequest_find_person")
        may_enter = request.user.has_perm(HANDLE)
        extra = {"title": _("Cases"), "queue_views": views, "find_person_url": find, "may_enter_cases": may_enter}
        return super().changelist_view(request, extra | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        find = self.admin_site.admin_view(require_POST(self.find_person))
        return [path("find-person/", find, name="requests_subjectrequest_find_person"), *super().get_urls()]

    def find_person(self, request: HttpRequest) -> HttpResponse:
        """From an e-mail address to the person's cases, without the address ever being in an address bar."""
        queue = reverse("officer:requests_subjectrequest_changelist")
        try:
            subject = find_subject(kind=IdentifierKind.EMAIL, value=request.POST.get("email", ""))
        except IdentifierInvalid as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(queue)
        if subject is None or not visible_cases(request.user).filter(subject=subject).exists():
            messages.warning(request, _("There is no case under this e-mail address that you may see."))
            return HttpResponseRedirect(queue)
        return HttpResponseRedirect(f"{queue}?show=all&person={subject.pk}")

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
            return queryset.filter(reference__icontains=search_term.strip()), False

    @display(description=gettext_lazy("Reference"), ordering="reference")
    def link(self, case: SubjectRequest) -> SafeString:
        """The reference, and under it what is unusual about the case."""
        return format_html('<span class="pd-reference">{}</span> {}', case.reference, _flags_line(case))

    @display(description=gettext_lazy("Person"))
    def person(self, case: SubjectRequest) -> str:
        return masked_person(case)

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

    @display(description=gettext_lazy("Due"), ordering="due_on")
    def due(self, case: SubjectRequest) -> SafeString:
        status = due_status(case, case.today)  # type: ignore[attr-defined]
        return badge(status.words, status.level, date_format(case.due_on, "l j F Y"))

    @display(description=gettext_lazy("Stage"), ordering="state")
    def stage(self, case: SubjectRequest) -> str:
        return case.get_state_display()

    @display(description=gettext_lazy("Assigned to"), ordering="assignee__full_name")
    def assigned(self, case: SubjectRequest) -> SafeString | str:
        return str(case.assignee) if case.assignee else badge(_("nobody"), "plain")

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("requests.assign_subjectrequest")

    @action(description=gettext_lazy("Assign to an officer"), permissions=["assign"])
    def assign_selected(self, request: HttpRequest, cases: QuerySet[SubjectRequest]) -> HttpResponse | None:
        outcome = assign_page(self, request, cases)
        if isinstance(outcome, HttpResponse):
            return outcome
        messages.success(request, _assigned_words(outcome.done, outcome.chosen))
        for reason, number in outcome.refused.items():
            messages.warning(request, f"{number}: {reason}")
        return None


def _flags_line(case: SubjectRequest) -> SafeString:
    found = flags(case)
    return format_html('<span class="pd-flags">{}</span>', found) if found else found


def _assigned_words(done: int, chosen: int) -> str:
    words = ngettext("Assigned %(done)d of %(n)d case.", "Assigned %(done)d of %(n)d cases.", chosen)
    return words % {"done": done, "n": chosen}
