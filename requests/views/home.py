"""The organisation's start page: what one can ask, who answers, and how long it takes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from privacy.register.selectors import current_notice, local_date
from requests.offers import offered_groups


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "groups": offered_groups(local_date(timezone.now())),
        "notice": current_notice(get_language() or "en") or current_notice(),
    }
    return render(request, "requests/home.html", context)
