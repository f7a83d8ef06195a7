"""What somebody gets whose form came too late: the reason, and what they wrote."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from privacy.tenants.typed import named_files, typed_words


def not_done_page(
    request: HttpRequest,
    reason: object,
    *,
    back: str,
    go_on: str,
    level: int,
    context: dict[str, Any],
    status: int = HTTPStatus.CONFLICT,
) -> HttpResponse:
    """The words that were typed and the names of files, to copy; without any, the page to go back to, with the reason.

    Args:
        back: address of the page to go on with; `go_on` names it.
        level: of the message there.
        context: of a page of the site, and what of the row stands above.
    """
    typed = [*typed_words(request.POST), *named_files(request.POST, request.FILES)]
    if not typed:
        messages.add_message(request, level, str(reason))
        return HttpResponseRedirect(back)
    shown = {"title": _("Not done"), "reason": str(reason), "typed": typed, "back": back, "go_on": go_on}
    return TemplateResponse(request, "officer/not_done.html", context | shown, status=status)
