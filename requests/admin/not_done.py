"""What an officer gets who sends a form about a case that has moved on: the reason, and what they wrote.

Danger: a page that is sent twice moves the case itself; then "not done" is untrue. Rule: that is asked first.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from privacy.tenants.not_done import not_done_page
from requests.models import SubjectRequest
from requests.services.sending_once import was_sent_before


def not_done(site: Any, request: HttpRequest, case: SubjectRequest, reason: object) -> HttpResponse:
    """The words that were typed, to copy; without any, the page of the case with the reason.

    Args:
        site: the admin of cases, which makes pages.
    """
    if request.method == "POST" and was_sent_before(request.POST):
        return sent_before(request, case)
    request.current_app = site.admin_site.name
    back = reverse("officer:requests_subjectrequest_change", args=[case.pk])
    level = messages.ERROR if request.method == "POST" else messages.INFO
    context = site.admin_site.each_context(request) | {"opts": site.opts, "original": case, "case": case}
    return not_done_page(request, reason, back=back, go_on=_("Go to the case"), level=level, context=context)


def sent_before(request: HttpRequest, case: SubjectRequest) -> HttpResponse:
    """The page of the case, which says that the same page was sent already."""
    messages.info(request, _("You had sent this page already. It was done once, and not again."))
    return HttpResponseRedirect(reverse("officer:requests_subjectrequest_change", args=[case.pk]))
