"""Acts on a row of the staff sites that come too late: somebody else did it a moment before, or pressed twice.

`has_<right>_permission` answers two questions: without a key whether somebody may do such an act at all, and with one
whether they may and the row stands so that it can be done. Danger: whoever may not act at all learns from a friendly
answer how a row stands. Rule: only who may act on rows that stand otherwise is told; everybody else is refused.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.dataclasses import UnfoldAction

from privacy.tenants.not_done import not_done_page


class LateActsTold(ModelAdmin):
    """A page that tells who comes too late the reason, and leads back to the row, where they would only be refused."""

    def stands(self, key: Any, **so: Any) -> bool:
        """Whether the row with this key stands so; without a key it is asked of nobody."""
        return key is None or self.model._default_manager.filter(pk=key, **so).exists()

    def get_unfold_action(self, action: str) -> UnfoldAction:
        """Acts on a row, each behind the question whether it still can be done."""
        found = super().get_unfold_action(action)

        @wraps(found.method)
        def in_time(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
            key = kwargs.get("object_id")
            if key is None or not self._is_late(request, getattr(found.method, "allowed_permissions", ()), key):
                return found.method(request, *args, **kwargs)
            return self._too_late(request, key, found.description)

        return replace(found, method=in_time)

    def _too_late(self, request: HttpRequest, key: str, act: object) -> HttpResponse:
        """The reason on the page of the row; with what was typed, where something was."""
        request.current_app = self.admin_site.name
        page = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        return not_done_page(
            request,
            _("“%(act)s” cannot be done as it stands now, and nothing was changed.") % {"act": act},
            back=reverse(page, args=[key]),
            go_on=_("Go on"),
            level=messages.WARNING,
            context=self.admin_site.each_context(request) | {"opts": self.opts},
        )

    def _is_late(self, request: HttpRequest, rights: Iterable[str], key: str) -> bool:
        may = [getattr(self, f"has_{right}_permission") for right in rights]
        return all(each(request) for each in may) and not all(each(request, key) for each in may)
