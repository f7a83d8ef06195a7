"""The page of officers about the end of their organisation: until when it can be read, and the complete export."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.offboarding.errors import OffboardingError
from privacy.offboarding.exporting import PERMISSION, ask_for_export, take_export
from privacy.offboarding.models import ExportState, OrganisationExport
from privacy.register.selectors import profile
from privacy.tenants.context import current_organisation, organisation_context
from privacy.tenants.models import Organisation

_LEVELS = {ExportState.QUEUED: "info", ExportState.READY: "ok", ExportState.FAILED: "overdue"}


class OrganisationExportAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        name = "offboarding_organisationexport"
        return [
            path("make/", wrap(require_POST(self.make_view)), name=f"{name}_make"),
            path("<uuid:pk>/download/", wrap(require_POST(self.download_view)), name=f"{name}_download"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What happens to the organisation, and its exports."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        request.current_app = self.admin_site.name
        organisation = current_organisation()
        exports = [(each, _LEVELS[ExportState(each.state)]) for each in OrganisationExport.objects.all()]
        context = {
            "title": _("End of the organisation"),
            "opts": self.opts,
            "organisation": organisation,
            "last_day": last_day(organisation),
            "exports": exports,
            "may_export": organisation.is_cancelled and request.user.has_perm(PERMISSION),
            "is_being_made": any(export.state == ExportState.QUEUED for export, _level in exports),
        }
        base = self.admin_site.each_context(request)
        return TemplateResponse(request, "officer/offboarding/closing.html", base | context)

    def make_view(self, request: HttpRequest) -> HttpResponse:
        try:
            ask_for_export(officer=request.user)  # type: ignore[arg-type]
            messages.success(request, _("The export is being made. This page shows when it is ready."))
        except OffboardingError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(self._page())

    def download_view(self, request: HttpRequest, pk: Any) -> HttpResponse | StreamingHttpResponse:
        export = get_object_or_404(OrganisationExport, pk=pk)
        try:
            download = take_export(export=export, officer=request.user)  # type: ignore[arg-type]
        except OffboardingError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self._page())
        response = StreamingHttpResponse(_inside(current_organisation(), download.chunks), "application/zip")
        response["Content-Disposition"] = f'attachment; filename="{download.name}"'
        response["Content-Length"] = str(download.size)
        response["Cache-Control"] = "no-store"
        return response

    def _page(self) -> str:
        return reverse("officer:offboarding_organisationexport_changelist")


def last_day(organisation: Organisation) -> object:
    """The last day on which a cancelled organisation can be read; None while it is active."""
    if organisation.destroy_at is None:
        return None
    return organisation.destroy_at.astimezone(ZoneInfo(profile().time_zone)).date() - timedelta(days=1)


def _inside(organisation: Organisation, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream is read after the organisation was left; its keys are needed until the end."""
    with organisation_context(organisation):
        yield from chunks
