"""Looking somebody up on a list of the officers' site by what they are known by.

Danger: an address bar, a log and a browser's history hold every query string.
Rule: what is typed is posted; the list is narrowed by the opaque number of the person.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from privacy.register.selectors import profile
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind
from privacy.subjects.services import find_subject


class PersonFilter(SimpleListFilter):
    """Rows about one person; set by a link, so it offers no choices."""

    title = _("Person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(self.value(), _("The person found"))] if self.value() else []

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        try:
            return queryset.filter(subject_id=UUID(str(self.value())))
        except ValueError:
            return queryset.none()


class FindsPeople:
    """Mixed into the admin of rows that have a `subject`; it lists `PersonFilter` among its filters."""

    list_before_template = "officer/find_person.html"
    nobody_found: Any = _("There is nothing here about anybody who is known by this.")
    found_query = ""
    """Goes before the person in the query of the narrowed list."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        find = self.admin_site.admin_view(require_POST(self.find_person))
        return [path("find-person/", find, name=f"{self._name}_find_person"), *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        find = reverse(f"officer:{self._name}_find_person")
        extra = {"find_person_url": find, "identifier_kinds": IdentifierKind.choices}
        answer: HttpResponse = super().changelist_view(request, extra | (extra_context or {}))  # type: ignore[misc]
        return answer

    def find_person(self, request: HttpRequest) -> HttpResponse:
        """From what a person is known by to the rows about them that the officer may see."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        all_rows = reverse(f"officer:{self._name}_changelist")
        kind, value = request.POST.get("kind", ""), request.POST.get("value", "")
        try:
            subject = find_subject(kind=kind, value=value, region=profile().country)
        except IdentifierInvalid as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(all_rows)
        if subject is None or not self.get_queryset(request).filter(subject=subject).exists():  # type: ignore[attr-defined]
            messages.warning(request, self.nobody_found)
            return HttpResponseRedirect(all_rows)
        return HttpResponseRedirect(f"{all_rows}?{self.found_query}person={subject.pk}")

    @property
    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"
