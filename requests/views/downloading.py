"""Downloading the answer to an access request.

Danger: the whole of a person's data in one file.
Rule: the page shows what the file is; only its button's POST hands it out, counted, as a stream that nobody keeps. Both
the tracking link and the download link lead here, for they go to the same address; no other link does.
"""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View

from privacy.portal.mail_links import MailLinkView
from privacy.portal.visits import Visit, visit_needed
from privacy.subjects.models import LinkPurpose
from privacy.tenants.context import current_organisation, organisation_context
from privacy.tenants.models import Organisation
from requests.errors import PackageGone
from requests.fulfilment.downloads import Download, take_download
from requests.models import SubjectRequest
from requests.views.visited import available_package, case_of


class DownloadLinkView(MailLinkView):
    purpose = LinkPurpose.DOWNLOAD
    leads_to = "requests:download"
    ask_again = "requests:track"
    heading = _("Your data is ready")
    words = _("Press the button to go to the download.")
    button = _("Go to the download")


@method_decorator(visit_needed(LinkPurpose.DOWNLOAD, LinkPurpose.TRACK, otherwise="requests:track"), name="dispatch")
class DownloadView(View):
    def get(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        return self._page(request, visit, case, available_package(case))

    def post(self, request: HttpRequest, visit: Visit) -> HttpResponse | StreamingHttpResponse:
        case = case_of(visit)
        try:
            download = take_download(case=case, subject=case.subject)
        except PackageGone:
            return self._page(request, visit, case, None, status=410)
        return _attachment(download)

    def _page(
        self, request: HttpRequest, visit: Visit, case: SubjectRequest, package: object, status: int = 200
    ) -> HttpResponse:
        is_from_status = visit.purpose == LinkPurpose.TRACK
        context = {"visit": visit, "case": case, "package": package, "from_status": is_from_status}
        return render(request, "requests/download.html", context, status=status)


def _attachment(download: Download) -> StreamingHttpResponse:
    chunks = _inside(current_organisation(), download.chunks)
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{download.name}"'
    response["Content-Length"] = str(download.size)
    response["Cache-Control"] = "no-store"
    return response


def _inside(organisation: Organisation, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The stream is read after the organisation was left; its keys are needed until the end."""
    with organisation_context(organisation):
        yield from chunks
