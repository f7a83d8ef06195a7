"""What somebody gets whose form does not fit the cookie of their browser.

Signing in gives the browser a new one. So the form of a page that was opened before is refused: of whoever was signed
out while they wrote, signed in again in another window, and then pressed the button in the first.
Danger: a page of another site sends a form here and makes our page say what it likes. Rule: words go back only to a
form that came from a page of ours (`privacy.portal.own_pages`); every other gets a page that repeats nothing.
"""

import logging

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from config.admin_sites import officer_site, operator_site
from config.signed_out import page_above, without_session
from privacy.portal import errors
from privacy.portal.own_pages import is_from_own_page
from privacy.tenants.not_done import not_done_page

logger = logging.getLogger(__name__)

_SITES = {site.name: site for site in (officer_site, operator_site)}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or another one's; nothing of it was done."""
    site = _SITES.get(request.resolver_match.namespace) if request.resolver_match else None
    if site is None:
        return errors.csrf_failure(request, reason)
    if not is_from_own_page(request):
        return errors.form_refused(request, reason)
    if request.path == reverse(f"{site.name}:login"):
        return _sent_sign_in(request, reason, site)
    logger.warning("a form of an outdated page was refused: %s", reason)
    return _outdated(request, site) if site.has_permission(request) else without_session(request, site=site)


def _sent_sign_in(request: HttpRequest, reason: str, site: AdminSite) -> HttpResponse:
    if not site.has_permission(request):
        return errors.form_refused(request, reason)
    messages.info(request, _("You are signed in already. To come in as somebody else, sign out first."))
    return HttpResponseRedirect(reverse(f"{site.name}:index"))


def _outdated(request: HttpRequest, site: AdminSite) -> HttpResponse:
    request.current_app = site.name
    return not_done_page(
        request,
        _(
            "You signed in again, or the cookies of your browser were deleted, after the page was opened from which "
            "you sent this. So nothing of it was done. Open that page again and send it from there."
        ),
        back=page_above(request.path, reverse(f"{site.name}:index")),
        go_on=_("Go on"),
        level=messages.ERROR,
        context=site.each_context(request),
        status=403,
    )
