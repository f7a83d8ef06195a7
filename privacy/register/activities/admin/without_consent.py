"""Processing without consent on the officers' site: entered, decided by a second officer, reviewed, ended."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.officers.models import Officer
from privacy.register.activities import without_consent as services
from privacy.register.activities.admin.downloading import Downloads, download
from privacy.register.activities.admin.forms import DeclineForm, EndForm, NextReviewForm, WithoutConsentForm
from privacy.register.activities.errors import ActivityError, ProcessingInvalid
from privacy.register.activities.export import WITHOUT_CONSENT_FORMATS, register_of_processing_without_consent
from privacy.register.activities.models import ProcessingWithoutConsent, Standing
from privacy.register.selectors import local_date

_LIST = "officer:activities_processingwithoutconsent_changelist"
_PAGE = "officer:activities_processingwithoutconsent_change"
_LEVELS = {Standing.AWAITING: "soon", Standing.APPROVED: "ok", Standing.DECLINED: "overdue", Standing.ENDED: "plain"}

Act = Callable[..., ProcessingWithoutConsent]


class WithoutConsentAdmin(Downloads, ReadOnlyAdmin):
    list_display = ("reference", "ground", "about_whom", "begins_on", "review_badge", "stand")
    list_display_links = ("reference",)
    list_filter = ("standing", "ground", "purpose")
    actions_list = ("as_xlsx", "as_csv", "as_pdf")
    actions_detail = ("approve", "decline", "review", "end")
    fieldsets = (
        (None, {"fields": ("stand", "ground", "authority", "what_shown", "about_whom", "data", "purpose")}),
        (gettext_lazy("Days"), {"fields": ("begins_on", "review_badge", "reviewed_on", "ended_on", "why_ended")}),
        (gettext_lazy("Two officers"), {"fields": ("entered_by", "entered_at", "decided_by", "decided_at")}),
    )
    readonly_fields = ("stand", "what_shown", "data", "review_badge", "why_ended")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcessingWithoutConsent]:
        rows = super().get_queryset(request).annotate(today=Value(local_date(timezone.now())))
        return rows.select_related("purpose", "entered_by", "decided_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("activities.add_processingwithoutconsent")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Entered by hand, and never changed afterwards."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = WithoutConsentForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                entered = services.enter_processing(statement=form.statement(), officer=_officer(request))
            except ProcessingInvalid as error:
                form.add_error(error.field, str(error))
            else:
                messages.success(request, _("It is entered. Another officer can approve it on this page."))
                return HttpResponseRedirect(reverse(_PAGE, args=[entered.pk]))
        context = {
            "title": _("Processing without consent"),
            "form": form,
            "submit": _("Enter"),
            "back": reverse(_LIST),
        }
        return self._page(request, "officer/form.html", context)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Who entered it, or might be the same person, is not offered to decide."""
        found = list(super().get_actions_detail(request, object_id))
        row = ProcessingWithoutConsent.objects.select_related("entered_by").filter(pk=object_id).first()
        if row is None or not services.why_not_approve(row, _officer(request)):
            return found
        return [each for each in found if each.path not in ("approve-entry", "decline-entry")]

    def download_as(self, request: HttpRequest, extension: str) -> HttpResponse:
        return _download(request, extension)

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may(request, "approve", object_id, Standing.AWAITING)

    def has_keep_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may(request, "add", object_id, Standing.APPROVED)

    @action(description=gettext_lazy("Approve"), permissions=["decide"], url_path="approve-entry")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The second officer says yes."""
        row = get_object_or_404(ProcessingWithoutConsent, pk=object_id)
        if request.method == "POST":
            return self._done(request, row, services.approve_processing, {}, _("It is approved."))
        context = {
            "original": row,
            "title": _("Approve processing without consent"),
            "explanation": [
                _("Another officer entered it. Approve only if the ground is given and nothing milder would do."),
                _("You are told when its review is due."),
            ],
            "button": _("Approve"),
            "back": reverse(_PAGE, args=[row.pk]),
        }
        return self._page(request, "officer/confirm.html", context)

    @action(description=gettext_lazy("Decline"), permissions=["decide"], url_path="decline-entry")
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The second officer says no."""
        form = DeclineForm(request.POST if request.method == "POST" else None)
        return self._ask(request, object_id, form, services.decline_processing, _("Decline"), _("It is declined."))

    @action(description=gettext_lazy("Still needed"), permissions=["keep"], url_path="review")
    def review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Looked at again; asks for the next day."""
        form = NextReviewForm(request.POST if request.method == "POST" else None)
        done = _("The review is written down.")
        return self._ask(request, object_id, form, services.review_processing, _("Still needed"), done)

    @action(description=gettext_lazy("End"), permissions=["keep"], url_path="end")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It is over."""
        form = EndForm(request.POST if request.method == "POST" else None)
        return self._ask(request, object_id, form, services.end_processing, _("End"), _("It has ended."))

    def _may(self, request: HttpRequest, right: str, object_id: Any, standing: Standing) -> bool:
        allowed = request.user.has_perm(f"activities.{right}_processingwithoutconsent")
        return allowed and self.stands(object_id, standing=standing)

    def _ask(
        self, request: HttpRequest, object_id: str, form: forms.Form, act: Act, title: str, done: str
    ) -> HttpResponse:
        """Asks with a form, then does one act."""
        row = get_object_or_404(ProcessingWithoutConsent, pk=object_id)
        if form.is_valid():
            return self._done(request, row, act, form.cleaned_data, done)
        context = {
            "original": row,
            "title": title,
            "form": form,
            "submit": title,
            "back": reverse(_PAGE, args=[row.pk]),
        }
        return self._page(request, "officer/form.html", context)

    def _done(
        self, request: HttpRequest, row: ProcessingWithoutConsent, act: Act, given: dict[str, Any], done: str
    ) -> HttpResponse:
        """Does one act; what the service refuses becomes a message."""
        try:
            act(processing=row, officer=_officer(request), **given)
            messages.success(request, done)
        except ActivityError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse(_PAGE, args=[row.pk]))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, template, base | context)

    @display(description=gettext_lazy("Provision, order or file"), ordering="authority")
    def reference(self, row: ProcessingWithoutConsent) -> str:
        return row.authority

    @display(description=gettext_lazy("What is done"))
    def what_shown(self, row: ProcessingWithoutConsent) -> str:
        return str(row.what)

    @display(description=gettext_lazy("Kinds of data"))
    def data(self, row: ProcessingWithoutConsent) -> str:
        return row.categories_words

    @display(description=gettext_lazy("Why it ended"))
    def why_ended(self, row: ProcessingWithoutConsent) -> str:
        return row.end_reason or "–"

    @display(description=gettext_lazy("Review on"), ordering="review_on")
    def review_badge(self, row: ProcessingWithoutConsent) -> SafeString | str:
        day = date_format(row.review_on, "j M Y")
        if row.standing != Standing.APPROVED or row.review_on > row.today:  # type: ignore[attr-defined]  # annotated
            return day
        return format_html('<span class="pd-badge pd-badge--overdue">{}</span>', _("due since %(day)s") % {"day": day})

    @display(description=gettext_lazy("State"), ordering="standing")
    def stand(self, row: ProcessingWithoutConsent) -> SafeString:
        level = _LEVELS[Standing(row.standing)]
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, row.get_standing_display())


@transaction.atomic
def _download(request: HttpRequest, name: str) -> HttpResponse:
    """All of the register, whatever the list is narrowed to."""
    content = register_of_processing_without_consent()
    return download(
        request,
        content,
        form=WITHOUT_CONSENT_FORMATS[name],
        name="processing-without-consent",
        act="processing_without_consent.exported",
        rows={"entries": len(content.entries)},
    )


def _officer(request: HttpRequest) -> Officer:
    """Who is signed in; the site lets nobody else in."""
    assert isinstance(request.user, Officer)
    return request.user
