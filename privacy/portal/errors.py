"""Pages for what goes wrong. They say what to do next, and nothing about the inside."""

import logging
import re
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.portal.own_pages import is_from_own_page
from privacy.tenants.typed import Typed, typed_words

logger = logging.getLogger(__name__)

_ONE_CODE = re.compile(r"[\w.:-]*", re.ASCII)
"""What a choice is sent as, or one short word: nobody misses it as words of their own."""


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_desk(request):
        words = _("It does not exist, or it is a case that is not assigned to you. Ask a Privacy Officer to assign it.")
        return _page(request, 404, _("Nothing to be seen here"), words)
    return _page(
        request,
        404,
        _("Page not found"),
        _("If you typed the address, check it. If you used a link from our mail, make sure that it was copied whole."),
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_desk(request):
        words = _("Your role does not include this. A Privacy Officer can do it, or give you another role.")
        return _page(request, 403, _("You may not do this"), words)
    return _page(request, 403, _("You may not open this page"), _("Go back to the start and begin there."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request, 400, _("We could not read what was sent"), _("Go back, check what you entered, and send it again.")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form from another site looks like to us, or one without our cookie.

    Browsers forget the cookie when they are closed, and open the page again as it was filled in. Words go back only to
    a form of our own pages: no other site says here what it likes.
    """
    written = typed_words(request.POST) if is_from_own_page(request) else []
    return form_refused(request, reason, [each for each in written if not _ONE_CODE.fullmatch(each.words)])


def form_refused(request: HttpRequest, reason: str, written: Sequence[Typed] = ()) -> HttpResponse:
    """The page for a form that does not fit the cookie, with the words that may be shown again."""
    logger.warning("a form was refused: %s", reason)
    return _page(
        request,
        403,
        _("We could not accept the form"),
        _(
            "Nothing of it was recorded. Forms here need a cookie that lasts until you close your browser; it serves "
            "no other purpose. Open the page again and send the form once more. If that does not help, allow cookies "
            "for this site."
        ),
        written,
    )


def too_many_attempts(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        429,
        _("Please try again later"),
        _("This was tried too often in a short time, so we did not take it. Wait an hour, or write to us or phone us."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Anything may be broken here, the database too; then a page that needs nothing is shown."""
    heading = _("Something went wrong on our side")
    words = _("It has been noted. Nothing you did caused it. Try again in a few minutes, or write to us or phone us.")
    try:
        return _page(request, 500, heading, words)
    except Exception:
        logger.exception("the page for errors failed too")
        return HttpResponse(
            render_to_string("portal/error_bare.html", {"heading": heading, "words": words}), status=500
        )


def _is_desk(request: HttpRequest) -> bool:
    return request.path.startswith("/officer/")


def _page(
    request: HttpRequest,
    status: int,
    heading: str | Promise,
    words: str | Promise,
    written: Sequence[Typed] = (),
) -> HttpResponse:
    template = "officer/error.html" if _is_desk(request) else "portal/error.html"
    return render(request, template, {"heading": heading, "words": words, "written": written}, status=status)
