"""What the person says to us while we work on their case: about a fee, and anything else."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from privacy.ledger.actors import Actor
from privacy.portal.forms import PortalForm
from privacy.portal.visits import Visit, visit_needed
from privacy.subjects.models import LinkPurpose
from requests.addressees import representation_of
from requests.asked_of_person import open_clarification, open_ways
from requests.errors import CaseError, FeeChanged, FeeRefused, WrongState
from requests.models import FeeEstimate, SubjectRequest
from requests.services.asking_back import take_reply
from requests.services.fees import accept_fee, change_instead, decline_fee, fee_waiting
from requests.services.intake import LONGEST_DETAILS
from requests.services.sending_once import send_once, was_sent_before
from requests.views.moved_on import closed_meanwhile, why_no_answer_is_needed
from requests.views.visited import case_of

ANSWERS = (
    ("yes", _("Yes, go on"), _("You agree to the estimated cost.")),
    ("change", _("Change my request"), _("Ask for less, so that it costs less or nothing. Say below what you want.")),
    ("no", _("No, do not go on"), _("Your request is closed, and you owe nothing.")),
)


class FeeForm(PortalForm):
    answer = forms.ChoiceField(
        label=_("Do you want to go on?"),
        choices=[(code, title) for code, title, _words in ANSWERS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you want to go on.")},
    )
    details = forms.CharField(
        label=_("What you want instead (only if you change your request)"),
        required=False,
        max_length=LONGEST_DETAILS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> None:
        if self.cleaned_data.get("answer") == "change" and not self.cleaned_data.get("details", "").strip():
            self.add_error("details", _("Write what you want instead, for example which years or which kind of data."))

    @classmethod
    def for_another_estimate(cls, typed: QueryDict) -> "FeeForm":
        """What was typed under an estimate that is not the one that waits by now; whether to go on is asked anew."""
        form = cls({"details": typed.get("details", "")})
        form.errors.pop("answer", None)
        form.add_error(None, str(FeeChanged()))
        return form


class ReplyForm(PortalForm):
    text = forms.CharField(
        label=_("What do you want to tell us?"),
        max_length=LONGEST_DETAILS,
        error_messages={"required": _("Write your message.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )


@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(visit_needed(LinkPurpose.TRACK, otherwise="requests:track", typed=["details"]), name="dispatch")
class FeeView(View):
    """What it would cost, and the question whether to go on."""

    def get(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        estimate = fee_waiting(case)
        return self._page(request, visit, case, estimate, FeeForm()) if estimate else redirect("requests:status")

    def post(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        if was_sent_before(request.POST):
            return _sent_before(request)
        estimate = fee_waiting(case)
        if estimate is None:
            return self._too_late(request, visit, case)
        if request.POST.get("estimate") != str(estimate.pk):
            return self._page(request, visit, case, estimate, FeeForm.for_another_estimate(request.POST))
        form = FeeForm(request.POST)
        if not form.is_valid():
            return self._page(request, visit, case, estimate, form)
        try:
            send_once(typed=request.POST, work=partial(self._answer, case, estimate.pk, form.cleaned_data))
        except FeeRefused:  # it was answered, waived or replaced within this moment
            return self.post(request, visit)
        except CaseError as error:
            form.add_error(None, str(error))
            return self._page(request, visit, case, estimate, form)
        return redirect("requests:status")

    def _too_late(self, request: HttpRequest, visit: Visit, case: SubjectRequest) -> HttpResponse:
        """Nothing is to be answered any more: what was typed can be sent as a message, as long as any are taken."""
        typed = request.POST.get("details", "")
        if case.closed_at:
            return closed_meanwhile(request, visit, case, typed)
        messages.info(request, why_no_answer_is_needed(case, request.POST.get("estimate", "")))
        if not typed.strip():
            return redirect("requests:status")
        messages.info(
            request, gettext("What you wrote is below. Nobody has it yet: send it if we should still read it.")
        )
        return reply_page(request, visit, case, ReplyForm(initial={"text": typed}))

    def _answer(self, case: SubjectRequest, estimate_id: int, given: dict[str, str]) -> SubjectRequest:
        actor = Actor.subject(case.subject)
        match given["answer"]:
            case "yes":
                return accept_fee(case=case, actor=actor, estimate_id=estimate_id)
            case "change":
                return change_instead(case=case, actor=actor, estimate_id=estimate_id, details=given["details"])
            case _no:
                return decline_fee(case=case, actor=actor, estimate_id=estimate_id)

    def _page(
        self, request: HttpRequest, visit: Visit, case: SubjectRequest, estimate: FeeEstimate, form: FeeForm
    ) -> HttpResponse:
        context = {"visit": visit, "case": case, "estimate": estimate, "form": form, "answers": ANSWERS}
        return render(request, "requests/fee.html", context)


@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(visit_needed(LinkPurpose.TRACK, otherwise="requests:track", typed=["text"]), name="dispatch")
class ReplyView(View):
    """A message to whoever works on the case; it answers a question of ours, if one is open."""

    def get(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case = case_of(visit)
        return reply_page(request, visit, case, ReplyForm()) if not case.closed_at else redirect("requests:status")

    def post(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        case, form = case_of(visit), ReplyForm(request.POST)
        if was_sent_before(request.POST):
            return _sent_before(request)
        if case.closed_at:
            return closed_meanwhile(request, visit, case, request.POST.get("text", ""))
        if not form.is_valid():
            return reply_page(request, visit, case, form)
        reply = partial(take_reply, case=case, actor=Actor.subject(case.subject), text=form.cleaned_data["text"])
        try:
            send_once(typed=request.POST, work=reply)
        except WrongState:  # it was closed within this moment
            return closed_meanwhile(request, visit, case_of(visit), form.cleaned_data["text"])
        except CaseError as error:
            form.add_error(None, str(error))
            return reply_page(request, visit, case, form)
        return redirect("requests:status")


def _sent_before(request: HttpRequest) -> HttpResponse:
    messages.info(request, gettext("We have what you sent already. It was taken once, and not again."))
    return redirect("requests:status")


def reply_page(request: HttpRequest, visit: Visit, case: SubjectRequest, form: ReplyForm) -> HttpResponse:
    context = {
        "visit": visit, "case": case, "form": form, "ways": open_ways(case), "question": open_clarification(case),
        "is_represented": representation_of(case) is not None,
    }  # fmt: skip
    return render(request, "requests/reply.html", context)
