"""Unsubscribing from a mail: with one click in the mail program (RFC 8058), or on the page that the same link opens.

The mail program posts without cookies, so the signed link is all there is to it: whoever has the mail may do it.
Looking at the page changes nothing, for scanners of mail open every link.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from consent.services import unsubscribe
from consent.unsubscribing import letter_of
from privacy.portal.errors import too_many_attempts
from privacy.portal.floods import within_limit
from privacy.portal.machines import machine_of
from privacy.register.models import Purpose

FROM_ONE_MACHINE, IN_AN_HOUR = 300, timedelta(hours=1)  # mail providers post for all their users


@method_decorator(csrf_exempt, name="dispatch")
class UnsubscribeView(View):
    """GET shows the button, POST ends it. Both answer where the link is none with the same page."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        letter = letter_of(token)
        purpose = Purpose.objects.filter(code=letter.unsubscribe_from).first() if letter else None
        if letter is None or letter.subject is None or purpose is None:
            return _no_link(request)
        return render(request, "consent/unsubscribe.html", {"purpose": purpose, "done": False})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        machine = machine_of(request)
        if not within_limit(what="consent.unsubscribe", who=machine, limit=FROM_ONE_MACHINE, period=IN_AN_HOUR):
            return too_many_attempts(request)
        letter = letter_of(token)
        purpose = unsubscribe(letter=letter) if letter else None
        if purpose is None:
            return _no_link(request)
        return render(request, "consent/unsubscribe.html", {"purpose": purpose, "done": True})


def _no_link(request: HttpRequest) -> HttpResponse:
    return render(request, "consent/unsubscribe.html", {"purpose": None}, status=404)
