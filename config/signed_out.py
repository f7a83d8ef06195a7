"""What who sends a form when nobody is signed in any more gets: their own words back, and the way in.

Danger: a session that ends while somebody writes throws away what they wrote, or keeps it where others can read it.
Rule: the words go back on one page and nowhere else, neither into the address nor into the session, and no secret
among them (`privacy.tenants.typed`). Signing in leads to a page that can be opened, not to one that only takes forms.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from privacy.tenants.typed import typed_words


def without_session(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Answer a form that was sent when nobody was signed in; nothing of it was done.

    Args:
        site: the staff site whose page it was; nobody is led to a page above its first one.
    """
    login, home = reverse(f"{site.name}:login"), reverse(f"{site.name}:index")
    way_in = f"{login}?{urlencode({REDIRECT_FIELD_NAME: page_above(request.path, home)})}"
    written = typed_words(request.POST)
    if written:
        context = {
            "written": written,
            "way_in": way_in,
            "home": home,
            "site_title": site.each_context(request)["site_title"],
        }
        return render(request, "officer/signed_out.html", context, status=403)
    messages.info(request, _("You were signed out meanwhile, so nothing of what you sent was done."))
    return HttpResponseRedirect(way_in)


def page_above(path: str, home: str) -> str:
    """The nearest page above an address that takes forms: for an act on a case, the page of the case.

    Args:
        home: address of the first page of the site, above which nothing is looked for.
    """
    while path.startswith(home) and path != home:
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            if "url" not in resolve(path).kwargs:  # which only the answer to unknown addresses takes
                return path
        except Resolver404:
            continue
    return home
