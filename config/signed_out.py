"""What an officer gets who sends a form when nobody is signed in any more: their own words back, and the way in.

Danger: a session that ends while somebody writes throws away what they wrote, or keeps it where others can read it.
Rule: the words go back on one page and nowhere else, neither into the address nor into the session, and no secret
among them (`privacy.portal.typed`). Signing in leads to a page that can be opened, not to one that only takes forms.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from privacy.portal.typed import typed_words


def without_session(request: HttpRequest, *, login: str, home: str) -> HttpResponse:
    """Answer a form that was sent when nobody was signed in; nothing of it was done.

    Args:
        login: address of the page on which one signs in.
        home: address of the first page of the desk; nobody is led to a page above it.
    """
    way_in = f"{login}?{urlencode({REDIRECT_FIELD_NAME: _page_above(request.path, home)})}"
    written = typed_words(request.POST)
    if written:
        return render(request, "officer/signed_out.html", {"written": written, "way_in": way_in}, status=403)
    messages.info(request, _("You were signed out meanwhile, so nothing of what you sent was done."))
    return HttpResponseRedirect(way_in)


def _page_above(path: str, home: str) -> str:
    """The nearest page above an address that takes forms: for an act on a case, the page of the case."""
    while path.startswith(home) and path != home:
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            if "url" not in resolve(path).kwargs:  # which only the answer to unknown addresses takes
                return path
        except Resolver404:
            continue
    return home
