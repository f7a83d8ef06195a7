"""The organisation's start page: what one can ask, who answers, and how long it takes."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from privacy.register.selectors import current_notice, local_date
from requests.clocks import clocks_at_receipt
from requests.enums import RequestKind
from requests.public_words import KINDS
from requests.traits import PORTAL_KINDS


@dataclass(frozen=True)
class Offer:
    """Something to ask for, and the day by which somebody who asks today is answered."""

    kind: str
    title: str | Promise
    words: str | Promise
    due_on: date
    citations: list[str]


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    today = local_date(timezone.now())
    context = {
        "offers": [_offer(kind, today) for kind in PORTAL_KINDS],
        "notice": current_notice(get_language() or "en") or current_notice(),
    }
    return render(request, "requests/home.html", context)


def _offer(kind: RequestKind, today: date) -> Offer:
    clocks = clocks_at_receipt(kind=kind, received_on=today)
    title, words = KINDS[kind]
    return Offer(kind, title, words, clocks.due_on, [clock["citation"] for clock in clocks.deadlines])
