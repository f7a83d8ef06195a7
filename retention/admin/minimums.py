"""Statutory minimums on the officers' site."""

from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from privacy.datamap.admin.lines import read_as_lines
from privacy.ledger.actors import Actor
from retention.admin.counted import COUNTED_FIELDS, WAY, WHEN, CountedAdmin, CountedForm
from retention.models import Minimum, Rule
from retention.services import save_minimum
from retention.wording import in_words, minimum_in_words, when_in_words


class MinimumForm(CountedForm):
    class Meta:
        model = Minimum
        fields = (*COUNTED_FIELDS, "name", "protects", "legal_reason", "citation", "is_active")


class MinimumAdmin(CountedAdmin):
    form = MinimumForm
    list_display = ("name", "dataset", "when", "citation", "state")
    list_filter = ("is_active",)
    search_fields = ("name", "citation")
    fieldsets = (
        (None, {"fields": ("name", "legal_reason", "citation", "is_active")}),
        (gettext_lazy("What"), {"fields": ("dataset", "protects")}),
        WHEN,
        WAY,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Minimum]:
        found = super().get_queryset(request).select_related("dataset", "start_dataset")
        return found.prefetch_related("start_dataset__fields")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        stood = (gettext_lazy("As it stands"), {"fields": ("sentence", "afterwards")})
        fieldsets = (*self.fieldsets, stood) if obj is not None else self.fieldsets
        if self.has_change_permission(request, obj):
            return fieldsets
        return read_as_lines(fieldsets, ("conditions", "path"))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("sentence", "afterwards")

    def save_model(self, request: HttpRequest, obj: Minimum, form: forms.Form, change: bool) -> None:
        save_minimum(minimum=obj, actor=Actor.officer(request.user))

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """`save_minimum` has written it down."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """`save_minimum` has written it down."""

    @display(description=gettext_lazy("When"))
    def when(self, minimum: Minimum) -> str:
        return when_in_words(minimum)

    @display(description=gettext_lazy("In words"))
    def sentence(self, minimum: Minimum) -> str:
        return minimum_in_words(minimum)

    @display(description=gettext_lazy("When it is over"))
    def afterwards(self, minimum: Minimum) -> str:
        """An erasure leaves these rows; unless a rule takes them later, nothing ever does."""
        takes = Q(dataset=minimum.dataset_id, category="") | Q(along=minimum.dataset_id)
        rules = Rule.objects.filter(takes, is_active=True).distinct().order_by("name")
        if found := [in_words(rule) for rule in rules.select_related("dataset", "start_dataset")]:
            return " ".join(found)
        return _("No active rule takes these rows afterwards: they would stay for ever. Add a rule over this dataset.")

    @display(description=gettext_lazy("State"), ordering="is_active")
    def state(self, minimum: Minimum) -> SafeString:
        level, words = ("ok", _("in force")) if minimum.is_active else ("plain", _("switched off"))
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)
