"""What an officer gets who sends a form about a case that has moved on: the reason, and what they wrote."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from privacy.tenants.not_done import not_done_page
from requests.models import SubjectRequest


def not_done(site: Any, request: HttpRequest, case: SubjectRequest, reason: object) -> HttpResponse:
    """The words that were typed, to copy; without any, the page of the case with the reason.

    Args:
        site: the admin of cases, which makes pages.
    """
    request.current_app = site.admin_site.name
    back = reverse("officer:requests_subjectrequest_change", args=[case.pk])
    level = messages.ERROR if request.method == "POST" else messages.INFO
    context = site.admin_site.each_context(request) | {"opts": site.opts, "original": case, "case": case}
    return not_done_page(request, reason, back=back, go_on=_("Go to the case"), level=level, context=context)
