"""Adding and changing sources that are no database. The secret of a processor is typed once and never shown again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from privacy.datamap.admin import SourceAdmin as DatabaseAdmin
from privacy.datamap.asking import asking_kinds
from privacy.datamap.errors import DatamapError
from privacy.datamap.models import Source, SourceKind
from privacy.errands.admin.forms import ManualForm, ProcessorForm
from privacy.errands.errors import ErrandError
from privacy.errands.services import add_manual_source, add_processor, change_manual_source, change_processor
from privacy.ledger.actors import Actor

_FORMS: dict[str, type[ManualForm] | type[ProcessorForm]] = {
    SourceKind.MANUAL: ManualForm,
    SourceKind.OPENDSR: ProcessorForm,
}
_ADD = {SourceKind.MANUAL: add_manual_source, SourceKind.OPENDSR: add_processor}
_CHANGE = {SourceKind.MANUAL: change_manual_source, SourceKind.OPENDSR: change_processor}


class SourceAdmin(DatabaseAdmin):
    """Sources of every kind."""

    actions_list = ("add_manual", "add_processor")
    actions_detail = (*DatabaseAdmin.actions_detail, "change_particulars")  # type: ignore[assignment]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Of a place where somebody is asked: what is asked, and nothing of a server that it does not have."""
        if not isinstance(obj, Source) or obj.kind not in asking_kinds():
            return super().get_fields(request, obj)
        asked = ("done_by", "instructions", "days") if obj.kind == SourceKind.MANUAL else ("service_address",)
        return ("name", "is_active", "kind", *asked)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        asked = ("done_by", "instructions", "days", "service_address")
        return (*super().get_readonly_fields(request, obj), *asked)

    @display(description=gettext_lazy("Done by"))
    def done_by(self, source: Source) -> str:
        return str(source.manual_work.owner)

    @display(description=gettext_lazy("What to look for, and what to delete"))
    def instructions(self, source: Source) -> SafeString:
        return format_html('<span class="pd-lines">{}</span>', source.manual_work.instructions)

    @display(description=gettext_lazy("Days until due"))
    def days(self, source: Source) -> int:
        return source.manual_work.days

    @display(description=gettext_lazy("Address"))
    def service_address(self, source: Source) -> str:
        return source.processor.base_url

    @display(description=gettext_lazy("State"), ordering="is_active")
    def state(self, source: Source) -> SafeString:
        """Nobody tries to reach a place where somebody is asked."""
        if source.kind in asking_kinds() and source.is_active:
            return format_html('<span class="pd-badge pd-badge--ok">{}</span>', _("in use"))
        return super().state(source)

    def has_ask_source_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return super().has_ask_source_permission(request, object_id) and not _is_asked(object_id)

    def has_change_particulars_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("datamap.change_source") and _is_asked(object_id)

    def has_add_asked_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    @action(description=gettext_lazy("Add work by hand"), permissions=["add_asked"], url_path="add-manual")
    def add_manual(self, request: HttpRequest) -> HttpResponse:
        return self._add(request, SourceKind.MANUAL, _("Add a place where a person does the work"))

    @action(description=gettext_lazy("Add a processor"), permissions=["add_asked"], url_path="add-processor")
    def add_processor(self, request: HttpRequest) -> HttpResponse:
        return self._add(request, SourceKind.OPENDSR, _("Add a processor that speaks OpenDSR"))

    @action(
        description=gettext_lazy("Change what is asked"), permissions=["change_particulars"], url_path="particulars"
    )
    def change_particulars(self, request: HttpRequest, object_id: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=object_id, kind__in=asking_kinds())
        form = _FORMS[source.kind](request.POST or None, initial=_particulars(source), with_name=False)
        change: Any = _CHANGE[SourceKind(source.kind)]
        if self._is_done(request, form, lambda given: change(source=source, **given)):
            messages.success(request, _("Changed."))
            return self._to(source)
        back = reverse("officer:datamap_source_change", args=[source.pk])
        context = {"form": form, "title": source.name, "submit": _("Save"), "back": back}
        return self._page(request, "officer/form.html", context)

    def _add(self, request: HttpRequest, kind: SourceKind, title: str) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, add, made = _FORMS[kind](request.POST or None), _ADD[kind], []
        if self._is_done(request, form, lambda given: made.append(add(**given))):  # type: ignore[operator]
            messages.success(request, _("Added. It is part of every plan from now on."))
            return self._to(made[0])
        back = reverse("officer:datamap_source_changelist")
        context = {"form": form, "title": title, "submit": _("Add"), "back": back}
        return self._page(request, "officer/form.html", context)

    def _is_done(self, request: HttpRequest, form: Form, act: Any) -> bool:
        """Whether the form was sent and its service did what it says."""
        if not form.is_valid():
            return False
        try:
            act(form.cleaned_data | {"actor": Actor.officer(request.user)})
        except (DatamapError, ErrandError) as error:
            form.add_error(None, str(error))
            return False
        return True

    def _to(self, source: Source) -> HttpResponse:
        return HttpResponseRedirect(reverse("officer:datamap_source_change", args=[source.pk]))


def _is_asked(object_id: Any) -> bool:
    return object_id is not None and Source.objects.filter(pk=object_id, kind__in=asking_kinds()).exists()


def _particulars(source: Source) -> dict[str, Any]:
    if source.kind == SourceKind.MANUAL:
        work = source.manual_work
        return {"owner": work.owner, "instructions": work.instructions, "days": work.days}
    processor = source.processor
    names = ("base_url", "controller_id", "key_pem", "identity_format")
    return {name: getattr(processor, name) for name in names}
