"""What somebody typed on a page whose case has moved on meanwhile: shown to them again, with where it can go now.

Danger: somebody believes that we read what they wrote, and it is nowhere.
Rule: nothing that was typed is dropped without a word; nor is it recorded as an answer to what nobody asks any more.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from privacy.portal.visits import Visit
from requests.models import FeeEstimate, FeeState, SubjectRequest
from requests.selectors import public_status
from requests.views.complaining import can_be_complained_of


def closed_meanwhile(request: HttpRequest, visit: Visit, case: SubjectRequest, typed: str) -> HttpResponse:
    """The case takes no messages any more: what was typed, to be copied, and whom to write to."""
    if not typed.strip():
        messages.info(request, _("Your request was closed meanwhile. Nothing of what you sent was recorded."))
        return redirect("requests:status")
    context = {
        "visit": visit, "case": case, "status": public_status(case), "typed": typed,
        "can_be_complained_of": can_be_complained_of(case),
    }  # fmt: skip
    return render(request, "requests/closed_meanwhile.html", context)


def why_no_answer_is_needed(case: SubjectRequest, estimate_id: str) -> str:
    """What became of the estimate that somebody answers too late, and that the answer was not recorded."""
    answered = {str(each.pk): each.answer for each in FeeEstimate.objects.filter(case=case)}
    match answered.get(estimate_id):
        case FeeState.WAIVED:
            return _("We do not ask for this cost any more: you owe nothing. Your answer was not recorded.")
        case FeeState.ACCEPTED | FeeState.CHANGED:
            return _("You have answered about the cost already. What you sent now was not recorded.")
        case _other:
            return _("Nobody waits for an answer about a cost any more. What you sent was not recorded.")
