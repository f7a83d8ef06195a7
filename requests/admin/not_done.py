"""What an officer gets who sends a form about a case that has moved on: the reason, and what they wrote."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from privacy.portal.typed import typed_words
from requests.models import SubjectRequest


def not_done(site: Any, request: HttpRequest, case: SubjectRequest, reason: object) -> HttpResponse:
    """The words that were typed, to copy; without any, the page of the case with the reason.

    Args:
        site: the admin of cases, which makes pages.
    """
    typed = typed_words(request.POST)
    if not typed:
        messages.add_message(request, messages.ERROR if request.method == "POST" else messages.INFO, str(reason))
        back: HttpResponse = site._back(case)
        return back
    context = {"reason": str(reason), "typed": typed}
    page: HttpResponse = site._page(request, "officer/requests/not_done.html", case, _("Not done"), context)
    page.status_code = HTTPStatus.CONFLICT
    return page
