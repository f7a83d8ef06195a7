"""What every page of the operators' site is built on.

Danger: Django's own admin log lives in organisations' schemas only; writing to it from the public host fails, and
operators have no business there. Rule: operators' pages write no admin log; acts on organisations are written to the
organisation's own ledger by the services that do them.
"""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from privacy.tenants.change_list import PlainChangeList
from privacy.tenants.late_acts import LateActsTold
from privacy.tenants.missing_rows import MissingRowsTold
from privacy.tenants.newer_changes import NewerChangesTold


class OperatorPage(MissingRowsTold, LateActsTold, NewerChangesTold):
    """A page of operators; nothing is deleted from it."""

    show_full_result_count = False
    list_per_page = 50
    actions: Any = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[PlainChangeList]:
        return PlainChangeList

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        return None

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        return None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is no history of a row to show; back to the list."""
        return HttpResponseRedirect(reverse(f"operator:{self.opts.app_label}_{self.opts.model_name}_changelist"))


class ReadOnlyOperatorPage(OperatorPage):
    """A page on which nothing can be typed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
