"""The link of the confirmation mail, and the page that says what happens next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from privacy.portal.mail_links import MailLinkView
from privacy.portal.visits import Visit, begin_visit, visit_needed
from privacy.subjects.models import LinkPurpose
from requests.addressees import representation_of
from requests.public_words import KINDS
from requests.selectors import day_is_past, public_status
from requests.services import confirm_request
from requests.traits import traits_of
from requests.views.visited import case_of


class ConfirmView(MailLinkView):
    """Unlike other links this one does something, so the service redeems it."""

    purpose = LinkPurpose.CONFIRM
    leads_to = "requests:confirmed"
    ask_again = "requests:track"
    heading = _("Confirm your request")
    words = _("Press the button to confirm that this request is yours. We start on it then.")
    button = _("Confirm my request")

    def let_in(self, request: HttpRequest, token: str) -> bool:
        case = confirm_request(token=token)
        if case is None:
            return False
        begin_visit(request, purpose=self.purpose, subject_id=case.subject_id, target_id=case.pk)
        return True


@require_GET
@visit_needed(LinkPurpose.CONFIRM, otherwise="requests:track")
def confirmed(request: HttpRequest, visit: Visit) -> HttpResponse:
    case = case_of(visit)
    is_represented = representation_of(case) is not None
    context: dict[str, Any] = {
        "case": case,
        "visit": visit,
        "kind": KINDS[case.kind][0],
        "status": public_status(case),
        "day_is_past": day_is_past(case),
        "is_represented": is_represented,
        "traits": traits_of(case.kind),
    }
    return render(request, "requests/confirmed.html", context)
