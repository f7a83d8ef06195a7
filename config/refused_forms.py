"""What somebody gets whose form is answered with "not found" or "not allowed": their words.

It happens to who did nothing wrong: the case was given to somebody else while they wrote, the row was deleted, or their
role was changed.
Danger: the page tells that a case is there which they may not see. Rule: it says of every address the same, and shows
nothing but what they sent.
"""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from privacy.tenants.not_done import not_done_page
from privacy.tenants.typed import named_files, typed_words


def with_words(request: HttpRequest, error: Http404 | PermissionDenied, *, site: AdminSite) -> HttpResponse:
    """Answer such a form with what was written in it.

    Raises:
        Http404, PermissionDenied: it is no form, or nothing was written in it; the usual page says enough.
    """
    if request.method != "POST" or not (typed_words(request.POST) or named_files(request.POST, request.FILES)):
        raise error
    is_missing, is_officers = isinstance(error, Http404), site.name == "officer"
    request.current_app = site.name
    return not_done_page(
        request,
        _not_there(is_officers) if is_missing else _not_allowed(is_officers),
        back=reverse(f"{site.name}:index"),
        go_on=_("Go to the first page"),
        level=messages.ERROR,
        context=site.each_context(request),
        status=404 if is_missing else 403,
    )


def _not_there(is_officers: bool) -> str:
    told = _("Nothing of it was done. What you sent it for is not there, or you may not see it, or not any more.")
    return f"{told} {_('If it is a case, a Privacy Officer can give it to you.')}" if is_officers else told


def _not_allowed(is_officers: bool) -> str:
    told = _("Nothing of it was done. You may not do it, or it cannot be done as things stand now.")
    hint = _("If your role does not include it, a Privacy Officer can do it, or give you another role.")
    return f"{told} {hint}" if is_officers else told
