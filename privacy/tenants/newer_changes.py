"""Forms of the staff sites that two people have open at once.

Danger: whoever saves last takes back what the other has changed meanwhile, and neither is told; what gets deleted may
be what was just ruled out. Rule: each form of a row, also of a row inside another's page, carries a mark of the values
it was loaded with. Where the row has others by now nothing is saved, and what was typed stays on the screen.
"""

import json
from functools import cache
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin


class MarkedForm(ModelForm):
    """A form that knows whether its row was changed since the page was loaded.

    A form that brings no mark was never a page of ours, and is taken as it is.
    """

    is_outdated = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark = "" if self.instance._state.adding else _mark_of(self)

    @property
    def mark_name(self) -> str:
        return self.add_prefix("loaded")

    @property
    def mark_to_bring(self) -> str:
        """A form that was refused keeps its mark, so that pressing the button once more changes nothing either."""
        return str(self.data.get(self.mark_name, self.mark))

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        self.is_outdated = bool(self.mark) and not constant_time_compare(self.mark_to_bring, self.mark)
        if self.is_outdated:
            raise ValidationError(_("Somebody else changed this after you had opened it."))
        return given


class NewerChangesTold(ModelAdmin):
    """A page whose forms, and those inside of it, are refused where they would be saved over a newer change."""

    change_form_before_template = "officer/marks.html"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.form = marked(self.form)  # type: ignore[has-type]

    def get_inline_instances(self, request: HttpRequest, obj: Model | None = None) -> Any:
        inlines = super().get_inline_instances(request, obj)
        for each in inlines:
            each.form = marked(each.form)
        return inlines

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if object_id is None or request.method != "POST" or not self.has_change_permission(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self.lock_row(unquote(object_id))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def lock_row(self, key: str) -> None:
        """Two saves at the same moment: the second one reads what the first has written."""
        list(self.model._base_manager.select_for_update().filter(pk=key).values_list("pk"))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        inside = [form for inline in context["inline_admin_formsets"] for form in inline.formset.forms]
        if any(getattr(form, "is_outdated", False) for form in (context["adminform"].form, *inside)):
            words = _(
                "Somebody else changed this after you had opened it, so nothing was saved. What you typed is still "
                "here. Open the page anew beside this one, and enter there what should still be changed:"
            )
            link = '{} <a class="pd-link" href="{}" target="_blank">{}</a>'
            messages.error(request, format_html(link, words, request.get_full_path(), _("as it is now")))
        return super().render_change_form(request, context, *args, **kwargs)


@cache
def marked(form: type[ModelForm]) -> type[ModelForm]:
    """The same form with a mark."""
    return form if issubclass(form, MarkedForm) else type(form.__name__, (MarkedForm, form), {})


def _mark_of(form: ModelForm) -> str:
    """Of the values that the form offers for change, and of no others: what the portal notes in a row is no change."""
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    written = json.dumps({name: _plain(value) for name, value in values.items()}, sort_keys=True, default=str)
    return salted_hmac("staff.newer_changes", written, algorithm="sha256").hexdigest()


def _plain(value: Any) -> Any:
    """Rows that a row names are known by their keys, in whatever order they were read."""
    if isinstance(value, list) and all(isinstance(each, Model) for each in value):
        return sorted(str(each.pk) for each in value)
    return value
