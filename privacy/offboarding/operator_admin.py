"""Cancelling organisations on the operators' site, and the certificates of those that were destroyed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from privacy.offboarding.cancelling import cancel_organisation, undo_cancellation
from privacy.offboarding.errors import OffboardingError
from privacy.register.organisation_admin import OrganisationAdmin
from privacy.tenants.admin_base import ReadOnlyOperatorPage
from privacy.tenants.models import DestructionCertificate, Organisation


class CancelForm(forms.Form):
    """Why an organisation is cancelled."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("For the operators, for example “contract ended”. Name no people."),
        widget=UnfoldAdminTextInputWidget(),
    )
    slug = forms.CharField(
        label=gettext_lazy("Short name (slug) of the organisation"),
        help_text=gettext_lazy(
            "Type it to confirm. The portal is read-only at once; 30 days later everything of the organisation is "
            "destroyed. Its officers are told by letter. Until the last day it can be undone here."
        ),
        widget=UnfoldAdminTextInputWidget(),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisation = organisation

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug != self._organisation.slug:
            raise forms.ValidationError(_("This is not the short name of the organisation on this page."))
        return slug


class ClosingOrganisationAdmin(OrganisationAdmin):
    """Organisations, with the acts that end them."""

    actions_detail = ("cancel", "undo")
    fields = (
        "name", "slug", "state", "cancelled_at", "destroy_at", "cancel_reason", "shard", "schema_name", "created_at",
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "cancelled_at", "destroy_at", "cancel_reason")

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_change_permission(request) and self.stands(object_id, state=Organisation.State.ACTIVE)

    def has_undo_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_change_permission(request) and self.stands(object_id, state=Organisation.State.CANCELLED)

    @action(description=gettext_lazy("Cancel the organisation"), permissions=["cancel"], url_path="cancel")
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        organisation = self._organisation(request, object_id)
        form = CancelForm(request.POST or None, organisation=organisation)
        if form.is_valid():
            try:
                cancel_organisation(
                    organisation=organisation,
                    reason=form.cleaned_data["reason"],
                    operator=request.user,  # type: ignore[arg-type]
                )
            except OffboardingError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The organisation is cancelled. Its officers are told by letter."))
                return HttpResponseRedirect(_page(organisation))
        context = {
            "form": form,
            "title": _("Cancel %(name)s") % {"name": organisation},
            "submit": _("Cancel the organisation"),
            "is_grave": True,
            "back": _page(organisation),
            "original": organisation,
        }
        return self._page(request, "officer/form.html", context)

    @action(description=gettext_lazy("Undo the cancellation"), permissions=["undo"], url_path="undo")
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        organisation = self._organisation(request, object_id)
        if request.method == "POST":
            try:
                undo_cancellation(organisation=organisation, operator=request.user)  # type: ignore[arg-type]
                messages.success(request, _("The organisation is active again. What had waited goes on by itself."))
            except OffboardingError as error:
                messages.error(request, str(error))
            return HttpResponseRedirect(_page(organisation))
        context = {
            "title": _("Undo the cancellation of %(name)s") % {"name": organisation},
            "explanation": [
                _("The portal works as before, and work that had waited goes on by itself."),
                _("Complete exports that were made are deleted here. The officers are told by letter."),
            ],
            "button": _("Undo the cancellation"),
            "back": _page(organisation),
            "keep": _("Leave it cancelled"),
            "original": organisation,
        }
        return self._page(request, "officer/confirm.html", context)

    def _organisation(self, request: HttpRequest, object_id: str) -> Organisation:
        organisation = get_object_or_404(Organisation, pk=object_id)
        if not self.has_change_permission(request, organisation):
            raise PermissionDenied
        return organisation


class DestructionCertificateAdmin(ReadOnlyOperatorPage):
    """What is left of organisations that were destroyed."""

    list_display = ("name", "state_badge", "began_at", "completed_at")
    search_fields = ("name", "schema_name")
    fields = ("name", "state_badge", "began_at", "completed_at", "facts", "download_link")
    readonly_fields = ("state_badge", "facts", "download_link")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        name = "tenants_destructioncertificate_signed"
        return [path("<uuid:pk>/signed/", wrap(self.signed_view), name=name), *super().get_urls()]

    def signed_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The signed certificate as a file; `manage.py verify_destruction` checks it."""
        certificate = get_object_or_404(DestructionCertificate, pk=pk)
        if not certificate.signed:
            raise Http404
        response = HttpResponse(certificate.signed + "\n", content_type="application/jose")
        name = f"destruction-{certificate.schema_name}.jws"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @display(description=gettext_lazy("State"), ordering="completed_at")
    def state_badge(self, certificate: DestructionCertificate) -> SafeString:
        level, words = ("ok", _("destroyed")) if certificate.completed_at else ("soon", _("being destroyed"))
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)

    @display(description=gettext_lazy("What was destroyed"))
    def facts(self, certificate: DestructionCertificate) -> str:
        content = certificate.content
        return _("%(rows)s rows in %(tables)s tables, %(files)s files; newest seals: %(seals)s") % {
            "rows": f"{sum(content['tables'].values()):,}",
            "tables": len(content["tables"]),
            "files": content["files"]["count"],
            "seals": ", ".join(f"{name} {seal['number']}" for name, seal in content["last_seals"].items()) or "–",
        }

    @display(description=gettext_lazy("Signed certificate"))
    def download_link(self, certificate: DestructionCertificate) -> SafeString | str:
        if not certificate.signed:
            return "–"
        link = reverse("operator:tenants_destructioncertificate_signed", args=[certificate.pk])
        return format_html('<a href="{}">{}</a>', link, _("Download"))


def _page(organisation: Organisation) -> str:
    return reverse("operator:tenants_organisation_change", args=[organisation.pk])
