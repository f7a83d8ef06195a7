"""The page from which the file for an authority, or the person's copy of it, is downloaded."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from privacy.letters.composing import letter_language
from requests.authority_file.making import make_file
from requests.authority_file.shape import For
from requests.complaint_clock import authorities_for
from requests.errors import CaseError
from requests.models import SubjectRequest
from requests.services.moves import check_may_handle


class AuthorityFileViews:
    """Mixed into the views of cases."""

    _case: Callable[..., SubjectRequest]
    _page: Callable[..., HttpResponse]
    _back: Callable[..., HttpResponse]

    def authority_file_views(self) -> dict[str, Callable[..., HttpResponse]]:
        """The views by their codes."""
        return {"authority_file": self.authority_file_view}

    def authority_file_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Says what is in the file; its POST makes and downloads it, and the ledger notes that."""
        case = self._case(request, pk)
        try:
            check_may_handle(request.user, case)  # type: ignore[arg-type]
            if request.method == "POST":
                reader = For.PERSON if request.POST.get("for") == For.PERSON else For.AUTHORITY
                return _download(case, request, reader)
        except CaseError as error:
            messages.error(request, str(error))
            return self._back(case)
        language = dict(settings.LETTER_LANGUAGES)[letter_language(case.language)]
        context = {"authorities": authorities_for(case), "language": language}
        return self._page(request, "officer/requests/authority_file.html", case, _("File for the authority"), context)


def _download(case: SubjectRequest, request: HttpRequest, reader: For) -> HttpResponse:
    made = make_file(case=case, officer=request.user, reader=reader)  # type: ignore[arg-type]
    return HttpResponse(
        made.data,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )
