"""The list of disclosures, the page of one, and the way to the pages that add to it. Nothing is changed here."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.ledger.services import record
from privacy.register.disclosures.admin.entering import (
    FIELDS_OF_REFUSALS,
    DisclosureForm,
    VoidForm,
    shown_as,
    subject_named,
)
from privacy.register.disclosures.admin.filters import StandFilter
from privacy.register.disclosures.admin.uploading import upload_urls
from privacy.register.disclosures.errors import DisclosureRefused, KeyReused
from privacy.register.disclosures.exporting import csv_chunks, known_as
from privacy.register.disclosures.recording import is_recorded, record_disclosure, record_once, void_disclosure
from privacy.register.finding_people import FindsPeople, PersonFilter
from privacy.register.models import Disclosure, Way
from privacy.tenants.context import current_organisation, organisation_context
from privacy.tenants.sent_pages import SENT_BEFORE, Page, hidden_field, number_to_show

_LIST = "officer:register_disclosure_changelist"


class DisclosureAdmin(FindsPeople, ReadOnlyAdmin):
    list_display = ("disclosed_on", "person", "recipient", "data", "purpose", "basis", "stand", "way")
    list_display_links = ("disclosed_on",)
    list_filter = (
        "recipient", "purpose", ("disclosed_on", RangeDateFilter), StandFilter, "way", PersonFilter,
    )  # fmt: skip
    list_filter_submit = True
    actions_list = ("upload", "export")
    actions_detail = ("make_void",)
    fieldsets = (
        (None, {"fields": ("stand", "disclosed_on", "person", "recipient", "transfer", "data", "purpose", "means")}),
        (gettext_lazy("Basis"), {"fields": ("basis", "approved_by", "told")}),
        (
            gettext_lazy("Entry"),
            {"fields": ("reference_shown", "note_shown", "way", "entered_at", "others")},
        ),
    )
    readonly_fields = (
        "stand", "person", "transfer", "data", "basis", "approved_by", "told", "reference_shown", "note_shown",
        "others",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Disclosure]:
        rows = super().get_queryset(request).select_related("recipient", "purpose", "voided", "note")
        return rows.prefetch_related("subject__identifiers")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("register.add_disclosure")

    def get_urls(self) -> list[URLPattern]:
        return [*upload_urls(self), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """By hand; `?subject=` names the person by an opaque number."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        subject = subject_named(request.GET.get("subject"))
        form = DisclosureForm(request.POST if request.method == "POST" else None, subject=subject)
        if form.is_valid() and self._enter(request, form):
            return HttpResponseRedirect(reverse(_LIST) + (f"?person={subject.pk}" if subject is not None else ""))
        context = {
            "title": _("Enter a disclosure"),
            "form": form,
            "person": shown_as(subject) if subject is not None else "",
            "number": hidden_field(number_to_show(request.POST, is_used=partial(_is_used, request))),
            "back": reverse(_LIST),
        }
        return self.page(request, "officer/register/disclosure_form.html", context)

    def _enter(self, request: HttpRequest, form: DisclosureForm) -> bool:
        """Once for each page: a second press would be a second disclosure, of which the person is told."""
        sent, said, actor = Page.of(request.POST), form.statement(), Actor.officer(request.user)
        try:
            if sent.number is None:
                record_disclosure(statement=said, way=Way.HAND, actor=actor)
            else:
                body = [list(each) for each in sent.said]
                record_once(
                    caller=_caller(request), key=str(sent.number), body=body, statement=said, actor=actor, way=Way.HAND
                )
        except KeyReused:
            form.add_error(None, SENT_BEFORE)
            return False
        except DisclosureRefused as refusal:
            field = FIELDS_OF_REFUSALS.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, refusal.message)
            return False
        messages.success(request, _("The disclosure is in the log."))
        return True

    @action(description=gettext_lazy("Import"), permissions=["add"], url_path="upload", icon="upload_file")
    def upload(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("officer:register_disclosure_import"))

    @action(description=gettext_lazy("Export as CSV"), permissions=["view"], url_path="export", icon="download")
    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """What the list shows with the filters of the address, as a file."""
        rows = self.get_changelist_instance(request).get_queryset(request)
        record(action="disclosure.exported", actor=Actor.officer(request.user), data={"rows": rows.count()})
        organisation = current_organisation()

        def inside() -> Any:
            with organisation_context(organisation):
                yield from csv_chunks(rows.order_by("-disclosed_on", "-entered_at", "-id"))

        response = StreamingHttpResponse(inside(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="disclosures.csv"'
        response["Cache-Control"] = "no-store"
        return response

    def has_void_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        allowed = request.user.has_perm("register.add_disclosure")
        return allowed and self.stands(object_id, voided__isnull=True)

    @action(description=gettext_lazy("Make void"), permissions=["void"], url_path="make-void")
    def make_void(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A counter-entry; asks first."""
        disclosure = get_object_or_404(Disclosure, pk=object_id)
        page = reverse("officer:register_disclosure_change", args=[disclosure.pk])
        form = VoidForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                void_disclosure(disclosure=disclosure, reason=reason, actor=Actor.officer(request.user))
                messages.success(request, _("The entry is void. Enter the right one if there is one."))
            except DisclosureRefused as refusal:
                messages.error(request, refusal.message)
            return HttpResponseRedirect(page)
        context = {"title": _("Make void"), "form": form, "submit": _("Make void"), "back": page, "is_grave": True}
        return self.page(request, "officer/form.html", context)

    def page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """A page of this site that is none of Django's own."""
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, template, self.admin_site.each_context(request) | {"opts": self.opts} | context
        )

    @display(description=gettext_lazy("Person"))
    def person(self, row: Disclosure) -> str:
        return known_as(row)

    @display(description=gettext_lazy("Kinds of data"))
    def data(self, row: Disclosure) -> str:
        return row.categories_words

    @display(description=gettext_lazy("Basis"))
    def basis(self, row: Disclosure) -> str:
        return row.basis_words

    @display(description=gettext_lazy("State"))
    def stand(self, row: Disclosure) -> SafeString:
        level, words = "ok", _("valid")
        if hasattr(row, "voided"):
            level, words = "plain", _("void: %(why)s") % {"why": row.voided.get_reason_display()}
        elif row.is_secret:
            level, words = "overdue", _("not to be told")
        elif row.ground:
            level, words = "soon", _("without consent")
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)

    @display(description=gettext_lazy("Country and safeguard"))
    def transfer(self, row: Disclosure) -> str:
        return ", ".join(part for part in (row.recipient.country, row.recipient.safeguard_words) if part)

    @display(description=gettext_lazy("Approved by"))
    def approved_by(self, row: Disclosure) -> str:
        return row.approver or "–"

    @display(description=gettext_lazy("Told to the person"))
    def told(self, row: Disclosure) -> str:
        return _("no: a law forbids it") if row.is_secret else _("yes, in every access package")

    @display(description=gettext_lazy("Reference"))
    def reference_shown(self, row: Disclosure) -> str:
        return row.reference or "–"

    @display(description=gettext_lazy("Note"))
    def note_shown(self, row: Disclosure) -> str:
        return row.note.text if hasattr(row, "note") else "–"

    @display(description=gettext_lazy("The same person"))
    def others(self, row: Disclosure) -> SafeString:
        words = _("All disclosures about this person")
        return format_html('<a href="{}?person={}">{}</a>', reverse(_LIST), row.subject_id, words)


def _caller(request: HttpRequest) -> str:
    return f"page of officer {request.user.pk}"


def _is_used(request: HttpRequest, number: uuid.UUID) -> bool:
    return is_recorded(caller=_caller(request), key=str(number))
