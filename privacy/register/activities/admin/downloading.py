"""A register as a download: whole, never cached, and written down."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.activities.export.table import Format, R
from privacy.register.selectors import local_date


def download(
    request: HttpRequest, register: R, *, form: Format[R], name: str, act: str, rows: dict[str, int]
) -> HttpResponse:
    """The file; the ledger has what was downloaded by whom, and how long it was. Called inside a transaction.

    Args:
        name: of the file, before the day.
        act: of the ledger entry.
        rows: what the ledger calls its rows, and how many there are.
    """
    record(action=act, actor=Actor.officer(request.user), data={"format": form.extension, **rows})
    response = HttpResponse(form.render(register), content_type=form.content_type)
    day = local_date(register.as_at).isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{form.extension}"'
    response["Cache-Control"] = "no-store"
    return response


class Downloads:
    """Mixed into the admin of a register: its files for people, which whoever sees the list may have."""

    def download_as(self, request: HttpRequest, extension: str) -> HttpResponse:
        raise NotImplementedError

    @action(description=_("XLSX"), permissions=["view"], url_path="export-xlsx", icon="download")
    def as_xlsx(self, request: HttpRequest) -> HttpResponse:
        return self.download_as(request, "xlsx")

    @action(description=_("CSV"), permissions=["view"], url_path="export-csv", icon="download")
    def as_csv(self, request: HttpRequest) -> HttpResponse:
        return self.download_as(request, "csv")

    @action(description=_("PDF"), permissions=["view"], url_path="export-pdf", icon="download")
    def as_pdf(self, request: HttpRequest) -> HttpResponse:
        return self.download_as(request, "pdf")
