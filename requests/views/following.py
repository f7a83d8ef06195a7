"""Asking for a link to one's case, and the case as the person sees it."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from privacy.law.enums import Cause
from privacy.ledger.actors import Actor
from privacy.portal.errors import too_many_attempts
from privacy.portal.floods import within_limit
from privacy.portal.machines import machine_of
from privacy.portal.mail_links import MailLinkView
from privacy.portal.visits import Visit, visit_needed
from privacy.subjects.models import LinkPurpose
from requests.addressees import representation_of
from requests.asked_of_person import identity_question, open_clarification, waits_for
from requests.case_files.adding import takes_evidence
from requests.case_files.selectors import open_asks
from requests.complaint_clock import law_sets_no_further_day
from requests.enums import RequestKind, RequestState
from requests.errors import WrongState
from requests.forms import TrackForm
from requests.models import SubjectRequest
from requests.public_words import KINDS
from requests.selectors import day_is_past, public_status, public_steps
from requests.services import ask_for_tracking_link, withdraw_request
from requests.services.fees import fee_waiting
from requests.transitions import TRANSITIONS
from requests.views.complaining import can_be_complained_of
from requests.views.visited import available_package, case_of

FROM_ONE_MACHINE, IN_AN_HOUR = 20, timedelta(hours=1)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class TrackView(View):
    """Reference and e-mail address; the answer is the same whether or not they belong together."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "requests/track.html", {"form": TrackForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TrackForm(request.POST)
        if not form.is_valid():
            return render(request, "requests/track.html", {"form": form})
        machine = machine_of(request)
        if not within_limit(what="requests.track", who=machine, limit=FROM_ONE_MACHINE, period=IN_AN_HOUR):
            return too_many_attempts(request)
        ask_for_tracking_link(reference=form.cleaned_data["reference"], email=form.cleaned_data["email"])
        return redirect("requests:track_sent")


@require_GET
def track_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "requests/track_sent.html")


class TrackLinkView(MailLinkView):
    purpose = LinkPurpose.TRACK
    leads_to = "requests:status"
    ask_again = "requests:track"
    heading = _("Follow your request")
    words = _("Press the button to see where your request stands.")
    button = _("Show my request")


def _may_be_withdrawn(case: SubjectRequest) -> bool:
    return RequestState.WITHDRAWN in TRANSITIONS[RequestState(case.state)]


@require_GET
@visit_needed(LinkPurpose.TRACK, otherwise="requests:track")
def status(request: HttpRequest, visit: Visit) -> HttpResponse:
    case = case_of(visit)
    asks = open_asks(case)
    identity = identity_question(case, asks)
    representation = representation_of(case)
    context = {
        "visit": visit,
        "case": case,
        "kind": KINDS[case.kind][0],
        "status": public_status(case),
        "is_represented": representation is not None,
        "steps": public_steps(case, for_representative=representation is not None),
        "day_is_past": day_is_past(case),
        "has_last_day": case.kind != RequestKind.COMPLAINT or not law_sets_no_further_day(case),
        "package": available_package(case),
        "waits_for_fee": waits_for(case, Cause.FEE) and fee_waiting(case) is not None,
        "identity": identity,
        "waits_for_reply": waits_for(case, Cause.CLARIFICATION),
        "question": open_clarification(case),
        "asks": [ask for ask in asks if identity is None or ask != identity.own_ask],
        "may_be_withdrawn": _may_be_withdrawn(case),
        "can_be_complained_of": can_be_complained_of(case),
        "cools_off": case.state == RequestState.COOLING_OFF,
        "takes_evidence": takes_evidence(case),
    }
    return render(request, "requests/status.html", context)


@method_decorator(visit_needed(LinkPurpose.TRACK, otherwise="requests:track"), name="dispatch")
class WithdrawView(View):
    """Says what withdrawing means, then does it."""

    def get(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        if not _may_be_withdrawn(case):
            return redirect("requests:status")
        context = {"visit": visit, "case": case, "kind": KINDS[case.kind][0]}
        context["cools_off"] = case.state == RequestState.COOLING_OFF
        return render(request, "requests/withdraw.html", context)

    def post(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        try:
            withdraw_request(case=case, actor=Actor.subject(case.subject))
        except WrongState:  # it was closed or carried out meanwhile; the page says which
            return redirect("requests:status")
        return render(request, "requests/withdrawn.html", {"visit": visit, "case": case})
