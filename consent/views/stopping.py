"""Stopping everything: every consequence on one page, then one button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.http import require_GET

from consent import selectors
from consent.services import stop_everything
from consent.services.campaigns import waiting_for
from consent.views.choosing import during_a_visit
from privacy.ledger.actors import Actor
from privacy.portal.visits import Visit
from privacy.subjects.models import Subject


@method_decorator(during_a_visit, name="dispatch")
class StopView(View):
    """What was agreed to since the page was opened is stopped as well: who stops everything means everything."""

    def get(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        context = _context(visit)
        if not context["given"] and not context["silence"]:
            return redirect("consent:preferences")
        return render(request, "consent/stop.html", context)

    def post(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        subject = Subject.objects.get(pk=visit.subject_id)
        stop_everything(subject=subject, actor=Actor.subject(subject), language=get_language() or "en")
        return redirect("consent:stopped")


@require_GET
@during_a_visit
def stopped(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What holds now."""
    context = _context(visit)
    if context["given"]:
        return redirect("consent:preferences")
    return render(request, "consent/stopped.html", context)


def _context(visit: Visit) -> dict[str, object]:
    subject = Subject.objects.get(pk=visit.subject_id)
    shown = selectors.preferences(subject, get_language() or "en")
    given = [one for one in shown if one.can_withdraw]
    goes_on = [one for one in shown if one.why_not and not one.is_bound and not one.restriction]
    return {
        "visit": visit,
        "given": given,
        "can_agree_again": [one for one in given if one.rests_on_consent],
        "bound": [one for one in shown if one.is_bound],
        "goes_on": goes_on,
        "moved": [one for one in goes_on if one.decision is not None],
        "silence": [one.campaign.purpose for one in waiting_for(subject)],
    }
