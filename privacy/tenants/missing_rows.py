"""Pages of the staff sites whose address names a row that is not there.

Danger: who may act on a row is asked with the key of the address before anybody looks whether it is a key at all, and
what PostgreSQL cannot compare with the column ends as an error of ours. Rule: an address under a row's key is answered
only for a row of this page; every other key is told as a row that is not there, as Django's own pages tell it.
"""

from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from unfold.admin import ModelAdmin
from unfold.dataclasses import UnfoldAction

from privacy.tenants.typed import typed_words


class MissingRowsTold(ModelAdmin):
    """A page that looks whether the row is there before it asks who may act on it."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The theme asks which acts are offered before Django looks for the row; a key that can be none ends here."""
        if object_id is not None and not can_be_key(self.model, unquote(object_id)):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_unfold_action(self, action: str) -> UnfoldAction:
        """Acts on a row, each behind the same question; acts on the whole list have no key and go on."""
        found = super().get_unfold_action(action)

        @wraps(found.method)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
            key = kwargs.get("object_id")
            if key is None or self._is_there(request, key):
                return found.method(request, *args, **kwargs)
            if not self.has_view_or_change_permission(request):
                raise PermissionDenied
            return self._get_obj_does_not_exist_redirect(request, self.opts, key)

        return replace(found, method=asked)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """What was written for a row that was deleted meanwhile is shown again, as for every page that is not there."""
        if request.method == "POST" and typed_words(request.POST):
            raise Http404
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def _is_there(self, request: HttpRequest, key: str) -> bool:
        return can_be_key(self.model, key) and self.get_queryset(request).filter(pk=key).exists()


def can_be_key(model: type[Model], text: str) -> bool:
    """Whether PostgreSQL can be asked for a row with this key."""
    try:
        model._meta.pk.to_python(text)
    except ValidationError:
        return False
    return "\0" not in text
