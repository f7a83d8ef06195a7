"""The pages of an import: upload, look at what was found, confirm or throw away."""

import csv
import io
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminFileFieldWidget

from privacy.ledger.actors import Actor
from privacy.register.disclosures.columns import COLUMNS
from privacy.register.disclosures.importing import (
    check_upload,
    confirm_upload,
    discard_upload,
    upload_disclosures,
)
from privacy.register.disclosures.reading import FileUnreadable
from privacy.register.models import DisclosureUpload

if TYPE_CHECKING:
    from privacy.register.disclosures.admin.pages import DisclosureAdmin

SHOWN_FAULTS = 200
_NAME = "register_disclosure_import"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy("UTF-8, 10,000 rows and 8 MB at most. Nothing is stored before you confirm."),
    )


def upload_urls(admin: "DisclosureAdmin") -> list[URLPattern]:
    """The pages, for the address list of the disclosure log."""
    pages = Uploading(admin)
    wrap = admin.admin_site.admin_view
    return [
        path("import/", wrap(pages.upload), name=_NAME),
        path("import/columns/", wrap(pages.columns), name=f"{_NAME}_columns"),
        path("import/<uuid:upload_id>/", wrap(pages.review), name=f"{_NAME}_review"),
    ]


class Uploading:
    """Each page for those who may add disclosures; a file only for the officer who sent it."""

    def __init__(self, admin: "DisclosureAdmin") -> None:
        self._admin = admin

    def upload(self, request: HttpRequest) -> HttpResponse:
        actor = self._actor(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_valid():
            try:
                kept = upload_disclosures(content=form.cleaned_data["file"].read(), actor=actor)
                return HttpResponseRedirect(reverse(f"officer:{_NAME}_review", args=[kept.pk]))
            except FileUnreadable as error:
                form.add_error("file", str(error))
        context = {
            "title": _("Import disclosures"),
            "form": form,
            "columns": COLUMNS,
            "back": reverse("officer:register_disclosure_changelist"),
        }
        return self._admin.page(request, "officer/register/import.html", context)

    def columns(self, request: HttpRequest) -> HttpResponse:
        """An empty file with the names of the columns."""
        self._actor(request)
        text = io.StringIO()
        csv.writer(text).writerow([column.name for column in COLUMNS])
        response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="disclosures-to-import.csv"'
        return response

    def review(self, request: HttpRequest, upload_id: UUID) -> HttpResponse:
        """What would become of the file; storing it is a POST of its own."""
        actor = self._actor(request)
        listed = HttpResponseRedirect(reverse("officer:register_disclosure_changelist"))
        if request.method == "POST" and "discard" in request.POST:
            discard_upload(upload_id=upload_id, actor=actor)
            messages.success(request, _("The file was thrown away. Nothing was stored."))
            return listed
        kept = get_object_or_404(DisclosureUpload, pk=upload_id, officer_id=actor.id)
        if request.method == "POST":
            report = confirm_upload(upload_id=kept.pk, actor=actor)
            if report.may_be_stored:
                messages.success(request, _stored(report.new))
                return listed
        else:
            report = check_upload(kept)
        context = {
            "title": _("Import disclosures"),
            "report": report,
            "faults": report.faults[:SHOWN_FAULTS],
            "more": max(0, len(report.faults) - SHOWN_FAULTS),
            "again": reverse(f"officer:{_NAME}"),
        }
        return self._admin.page(request, "officer/register/import_review.html", context)

    def _actor(self, request: HttpRequest) -> Actor:
        if not self._admin.has_add_permission(request):
            raise PermissionDenied
        return Actor.officer(request.user)


def _stored(number: int) -> str:
    return ngettext("%(n)d disclosure is in the log.", "%(n)d disclosures are in the log.", number) % {"n": number}
