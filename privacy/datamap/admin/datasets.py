"""Datasets on the officers' site: what each table and column holds and what becomes of it, on one screen.

Whatever is changed has to be confirmed again; plans are made of nothing else than what was confirmed.
"""

from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import action as list_action
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from privacy.datamap.admin.conditions import ConditionsField
from privacy.datamap.admin.lines import as_lines, read_as_lines
from privacy.datamap.admin.pairs import PairsField
from privacy.datamap.admin.particulars import ParticularsField
from privacy.datamap.admin.steps import StepsField
from privacy.datamap.admin.trying import ConditionsTriedForm, tell_untried
from privacy.datamap.catalogs import CatalogsOnce
from privacy.datamap.chains import chain
from privacy.datamap.cutoffs import holds_date
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.spec import Join
from privacy.datamap.errors import AddressRefused, ChainBroken, DatasetIncomplete
from privacy.datamap.mask_words import CLASSES_EXPLAINED, mask_choices
from privacy.datamap.models import Action, DataCategory, Dataset, Field, SourceKind
from privacy.datamap.services import confirm_dataset
from privacy.datamap.services.locking import lock_sources
from privacy.datamap.suggestions.created import suggest_created
from privacy.datamap.trying_ways import unfit_joins
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.tenants.list_filters import filled_or_not

CONFIRM = "save_and_confirm"
CONFIRM_BUTTON = f"datamap_dataset_{CONFIRM}"


def _is_own(dataset: Any) -> bool:
    """Whether it is one of the portal's own tables."""
    return isinstance(dataset, Dataset) and dataset.source.kind == SourceKind.PORTAL


class FieldInline(TabularInline):
    """Every column of the table, editable where it stands."""

    model = Field
    fields = (
        "what", "category", "identifier_kind", "on_erasure", "on_retention", "mask_params", "keep_reason", "label",
        "purposes", "origin", "is_quasi_identifier", "coarser", "letter_role",
    )  # fmt: skip
    readonly_fields = ("what", "mask_params_lines", "coarser_lines")
    extra = 0
    can_delete = False
    hide_title = True
    verbose_name_plural = gettext_lazy("Columns")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if _is_own(obj):
            return ("what", "label", "category")
        if self.has_change_permission(request, obj):
            return self.fields
        return tuple(f"{name}_lines" if name in ("mask_params", "coarser") else name for name in self.fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Field]:
        return super().get_queryset(request).prefetch_related("purposes")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Whether a field was changed is judged by the row, not by what the page says it was."""
        if db_field.name == "mask_params":
            return ParticularsField(label=capfirst(db_field.verbose_name), required=False)
        if db_field.name == "coarser":
            kwargs["form_class"] = StepsField
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("on_erasure", "on_retention") and field is not None:
            field.choices, field.help_text = mask_choices(), CLASSES_EXPLAINED
        if field is not None:
            field.show_hidden_initial = False
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The choices are read once for all rows of the screen."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.choices = list(field.choices)
        field.help_text = ""
        return field

    @display(description=gettext_lazy("Particulars of the mask"))
    def mask_params_lines(self, field: Field) -> SafeString:
        return as_lines(ParticularsField(required=False), field.mask_params)

    @display(description=gettext_lazy("Made coarser in small groups"))
    def coarser_lines(self, field: Field) -> SafeString:
        return as_lines(StepsField(required=False), field.coarser)

    @display(description=gettext_lazy("Column"))
    def what(self, field: Field) -> SafeString:
        return format_html(
            '<span class="pd-code">{}</span><br><span class="pd-quiet" title="{}">{}</span><br>'
            '<span class="pd-quiet">{}</span>',
            field.column,
            field.data_type,
            Truncator(field.data_type).chars(60),  # an enumeration names all its values
            field.suggestion_reason,
        )


class DatasetForm(ConditionsTriedForm):
    """One table. A table that is kept names its reason; a parent comes with the columns that lead to it."""

    scope = ConditionsField(
        label=gettext_lazy("Scope"),
        required=False,
        help_text=gettext_lazy(
            "Which rows are this organisation's, in a table shared with others; part of every statement. "
            "One condition on each line, for example: workspace_id = 7"
        ),
    )
    link_columns = PairsField(
        label=gettext_lazy("By the columns"),
        required=False,
        help_text=gettext_lazy("Own column = parent's column, one pair on each line."),
    )

    class Meta:
        model = Dataset
        fields = ("label", "on_erasure", "keep_reason", "created_column", "parent", "link_columns", "scope")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            others = Dataset.objects.filter(source=self.instance.source_id).exclude(pk=self.instance.pk)
            self.fields["parent"].queryset = others  # type: ignore[attr-defined]
        if "created_column" in self.fields:
            self.fields["created_column"] = self._created_field()

    def _created_field(self) -> forms.ChoiceField:
        """The columns that hold a date; one that is named and is none any more is there to be seen and replaced."""
        columns = [(each.column, each.data_type) for each in self.instance.fields.all() if each.vanished_at is None]
        names = [name for name, data_type in columns if holds_date(data_type)]
        if self.instance.created_column:
            names = list(dict.fromkeys([*names, self.instance.created_column]))
        words = [
            _("An erasure leaves rows that came about after the day on which it was asked for. Without such a column a "
              "row counts as old as the one from which it hangs, and if none has one, all rows go.")
        ]  # fmt: skip
        suggested = suggest_created(columns)
        if suggested is not None and suggested.column != self.instance.created_column:
            words.append(_("Suggested: %(column)s, %(reason)s.") % vars(suggested))
        return forms.ChoiceField(
            label=_("A row came about"), required=False, help_text=" ".join(words),
            choices=[("", _("no column says it")), *((name, name) for name in names)], widget=UnfoldAdminSelectWidget,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("on_erasure") == Action.KEEP and not given.get("keep_reason"):
            self.add_error("keep_reason", _("Give the legal reason to keep these rows; the person is told it."))
        if bool(given.get("parent")) != bool(given.get("link_columns")) and "link_columns" not in self.errors:
            self.add_error(
                "link_columns", _("A table that is reached from another one needs the columns that lead there.")
            )
        if isinstance(parent := given.get("parent"), Dataset):
            self._check_chain(parent)
            if {"parent", "link_columns"} & {*self.changed_data}:
                self._try_link(parent, given.get("link_columns") or [])
        if "scope" in self.changed_data:
            self._check_scope(given.get("scope") or [])
        return given

    def _check_chain(self, chosen: Dataset) -> None:
        try:
            chain(self.instance, lambda each: chosen if each.pk == self.instance.pk else each.parent)
        except ChainBroken as error:
            self.add_error("parent", str(error))

    def _try_link(self, parent: Dataset, pairs: list[list[str]]) -> None:
        """What cannot be tried now is tried when the table is confirmed, and by every plan."""
        own, theirs = ({each.column for each in table.fields.all()} for table in (self.instance, parent))
        if not pairs or self.errors or not all(ours in own and other in theirs for ours, other in pairs):
            return
        join = Join(tuple(pair[0] for pair in pairs), parent.key, tuple(pair[1] for pair in pairs))
        with suppress(EngineError, AddressRefused):
            for problem in unfit_joins(self.instance.source, {self.instance.key: join}):
                self.add_error("link_columns", problem)

    def _check_scope(self, scope: list[dict[str, Any]]) -> None:
        known = {each.column for each in self.instance.fields.all()}
        if unknown := sorted({each["column"] for each in scope} - known):
            words = _("The table has no column %(columns)s. It has: %(known)s.")
            self.add_error("scope", words % {"columns": ", ".join(unknown), "known": ", ".join(sorted(known))})
        self.try_conditions("scope", self.instance, scope)


class DatasetAdmin(RecordedAdmin):
    form = DatasetForm
    inlines = (FieldInline,)
    list_display = ("label", "table", "rows_about", "on_erasure", "reached_from", "state")
    list_filter = (
        "source",
        ("confirmed_at", filled_or_not(gettext_lazy("confirmed"), gettext_lazy("to be confirmed"))),
        "on_erasure",
    )
    search_fields = ("label", "table_name")
    actions = ("confirm_selected",)
    actions_submit_line = (CONFIRM,)
    actions_detail = ("why_here",)
    list_fullwidth = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dataset]:
        unknown = Count("fields", filter=Q(fields__category=DataCategory.UNCLASSIFIED))
        return super().get_queryset(request).select_related("source", "parent").annotate(unclassified=unknown)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if _is_own(obj):
            return ((None, {"fields": ("where", "label", "on_erasure", "keep_reason", "parent", "state")}),)
        why = ("why_suggested",) if isinstance(obj, Dataset) and obj.suggestion_reason else ()
        fieldsets = (
            (None, {"fields": ("where", "label", "on_erasure", "keep_reason", "created_column", "state")}),
            (
                gettext_lazy("Whose rows, and how they are reached"),
                {"fields": (*why, "parent", "link_columns", "scope")},
            ),
        )
        if self.has_change_permission(request, obj):
            return fieldsets
        return read_as_lines(fieldsets, ("link_columns", "scope"))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("where", "state", "why_suggested")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The portal's own tables are what its code says they are."""
        return not _is_own(obj) and super().has_change_permission(request, obj)

    def get_actions_submit_line(self, request: HttpRequest, object_id: Any) -> Any:
        is_own = Dataset.objects.filter(pk=object_id, source__kind=SourceKind.PORTAL).exists()
        return [] if is_own else super().get_actions_submit_line(request, object_id)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tables come from discovery."""
        return False

    def lock_row(self, key: str) -> None:
        lock_sources(Dataset.objects.filter(pk=key).values_list("source_id", flat=True))

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            Dataset.objects.filter(pk=form.instance.pk).update(confirmed_at=None)
        tell_untried(request, form)
        if CONFIRM_BUTTON in request.POST:
            self._confirm(request, form.instance)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """A mistake in the twelfth field of the twentieth column is named at the top as well, or nobody finds it."""
        mistakes = [
            (form.instance.column, form.fields[name].label, error)
            for inline in context["inline_admin_formsets"]
            for form in inline.formset.forms
            for name, errors in form.errors.items()
            if name in form.fields
            for error in errors
        ]
        if mistakes:
            listed = format_html_join("", "<li>{}, {}: {}</li>", mistakes)
            messages.error(request, format_html("{}<ul>{}</ul>", _("Columns with a mistake:"), listed))
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        """Whoever could not confirm stays at the table, where it can be put right."""
        if CONFIRM_BUTTON not in request.POST:
            return super().response_change(request, obj)
        if Dataset.objects.filter(pk=obj.pk, confirmed_at=None).exists():
            messages.info(request, _("What you entered is saved."))
            return HttpResponseRedirect(request.get_full_path())
        messages.success(request, _("“%(name)s” is saved and confirmed.") % {"name": obj})
        return self.response_post_save_change(request, obj)

    @action(description=gettext_lazy("Save and confirm"), permissions=["change"])
    def save_and_confirm(self, request: HttpRequest, obj: Dataset) -> None:
        """Done in `save_related`, once the columns are saved as well."""

    def has_why_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("retention.view_rule")

    @action(description=gettext_lazy("Why is a record still here?"), permissions=["why"], url_path="why")
    def why_here(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The question is answered by retention, for a key that is typed there."""
        return HttpResponseRedirect(reverse("officer:retention_why_of", args=[object_id]))

    def _confirm(self, request: HttpRequest, dataset: Dataset, catalogs: CatalogsOnce | None = None) -> bool:
        def tell_untried(why: str) -> None:
            words = _("%(name)s: the source could not be asked whether it takes the masks: %(why)s A plan asks again.")
            messages.warning(request, words % {"name": dataset, "why": why})

        try:
            actor = Actor.officer(request.user)
            confirm_dataset(dataset=dataset, actor=actor, tell_untried=tell_untried, catalogs=catalogs)
        except DatasetIncomplete as error:
            listed = format_html_join("", "<li>{}</li>", ((problem,) for problem in error.problems))
            messages.error(
                request, format_html("{}<ul>{}</ul>", _("%(name)s is not confirmed yet:") % {"name": dataset}, listed)
            )
            return False
        return True

    @list_action(description=gettext_lazy("Confirm"), permissions=["change"])
    def confirm_selected(self, request: HttpRequest, datasets: QuerySet[Dataset]) -> None:
        chosen, catalogs = list(datasets), CatalogsOnce()
        done = sum(self._confirm(request, dataset, catalogs) for dataset in chosen)
        words = ngettext("Confirmed %(done)d of %(n)d dataset.", "Confirmed %(done)d of %(n)d datasets.", len(chosen))
        messages.success(request, words % {"done": done, "n": len(chosen)})

    @display(description=gettext_lazy("Table"), ordering="table_name")
    def table(self, dataset: Dataset) -> SafeString:
        return format_html(
            '<span class="pd-code">{}</span><br><span class="pd-quiet">{}</span>', dataset.key, dataset.source.name
        )

    @display(description=gettext_lazy("Where"))
    def where(self, dataset: Dataset) -> str:
        return f"{dataset.source.name}, {dataset.key}, {_('primary key')}: {', '.join(dataset.primary_key)}"

    @display(description=gettext_lazy("Why suggested"))
    def why_suggested(self, dataset: Dataset) -> str:
        """By which key the person was looked for, or why that is left to whoever confirms."""
        return dataset.suggestion_reason

    @display(description=gettext_lazy("By the columns"))
    def link_columns_lines(self, dataset: Dataset) -> SafeString:
        return as_lines(PairsField(required=False), dataset.link_columns)

    @display(description=gettext_lazy("Scope"))
    def scope_lines(self, dataset: Dataset) -> SafeString:
        return as_lines(ConditionsField(required=False), dataset.scope)

    @display(description=gettext_lazy("Rows, about"), ordering="row_estimate")
    def rows_about(self, dataset: Dataset) -> str:
        return _("unknown") if dataset.row_estimate is None else f"{dataset.row_estimate:,}"

    @display(description=gettext_lazy("Reached from"), ordering="parent")
    def reached_from(self, dataset: Dataset) -> str:
        return dataset.parent.label if dataset.parent else "–"

    @display(description=gettext_lazy("State"), ordering="confirmed_at")
    def state(self, dataset: Dataset) -> SafeString:
        level, words = "soon", _("to be confirmed")
        if dataset.confirmed_at is not None:
            level, words = "ok", _("confirmed")
        elif unknown := getattr(dataset, "unclassified", 0):
            words = ngettext("%(n)d column unclassified", "%(n)d columns unclassified", unknown) % {"n": unknown}
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)
