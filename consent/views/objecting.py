"""Saying no to what an opt-out letter told of. The letter's link shows a button; pressing it is all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from consent.services.campaigns import object_by_link
from privacy.portal.mail_links import dead_link


class ObjectingView(View):
    """GET looks nothing up: mail scanners open every link, and nobody may say no in a person's name by that."""

    heading = _("You do not want this?")
    words = _("Press the button, and your data is not used for what our letter told you of.")
    button = _("I do not want this")

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "portal/open_link.html", {"page": self})

    @method_decorator(sensitive_variables("token"))
    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not object_by_link(token=token, language=get_language() or "en"):
            return dead_link(request, ask_again="consent:preferences")
        return redirect("consent:objected")


@require_GET
def objected(request: HttpRequest) -> HttpResponse:
    return render(request, "consent/said_no.html")
