"""What every page of the officers' site is built on: pages that cannot change anything, and pages whose changes are
written to the ledger.

Danger: Django's own admin log keeps what a row was called, which can be personal data, and anybody with rights on the
table can change it. Rule: nothing is written to it; the ledger takes its place, and holds names of fields, not values.
Nothing is deleted from an admin page.
"""

from typing import Any

from django.db.models import Model, QuerySet, URLField
from django.forms import IntegerField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.tenants.change_list import PlainChangeList
from privacy.tenants.late_acts import LateActsTold
from privacy.tenants.missing_rows import MissingRowsTold
from privacy.tenants.newer_changes import NewerChangesTold
from privacy.tenants.number_words import OF_NUMBERS


class RecordedAdmin(MissingRowsTold, LateActsTold, NewerChangesTold):
    """A page of officers. What is added or changed is written to the ledger in the same transaction."""

    show_full_result_count = False
    list_per_page = 50
    actions: Any = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[PlainChangeList]:
        return PlainChangeList

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An address without a scheme is taken for https. Number fields say in plain words what they take."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, IntegerField):
            field.error_messages |= OF_NUMBERS
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        self._record(request, obj, "added", [])

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        self._record(request, obj, "changed", _changed_fields(message))

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        raise NotImplementedError("nothing is deleted from the officers' site")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Nobody enters rows by the dozen here, so there is no button for the next one."""
        extra = {"show_save_and_add_another": False} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, extra)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a row is what the ledger says about it."""
        try:
            ledger = reverse("admin:ledger_ledgerentry_changelist", current_app=self.admin_site.name)
        except NoReverseMatch:
            return HttpResponseRedirect(reverse("admin:index", current_app=self.admin_site.name))
        return HttpResponseRedirect(f"{ledger}?object_type={self.opts.label_lower}&object_id={object_id}")

    def _record(self, request: HttpRequest, obj: Model, what: str, fields: list[str]) -> None:
        data = {"fields": fields} if fields else None
        record(action=f"{self.opts.model_name}.{what}", actor=Actor.officer(request.user), target=obj, data=data)


class ReadOnlyAdmin(RecordedAdmin):
    """A page on which nothing can be changed by anybody."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _changed_fields(message: Any) -> list[str]:
    """Names of fields out of Django's description of a change; values are never in it."""
    parts = message if isinstance(message, list) else []
    return [name for part in parts for what in part.values() for name in what.get("fields", [])]
