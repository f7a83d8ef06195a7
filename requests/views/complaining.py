"""From a request whose answer somebody is not content with to a complaint about it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from privacy.portal.visits import Visit, visit_needed
from privacy.subjects.models import LinkPurpose
from requests.answers import Answers
from requests.enums import RequestKind, RequestState
from requests.models import SubjectRequest
from requests.traits import PORTAL_KINDS
from requests.views.asking import next_page
from requests.views.visited import case_of

_NOTHING_TO_COMPLAIN_OF = frozenset({RequestState.UNCONFIRMED, RequestState.LAPSED, RequestState.WITHDRAWN})


def can_be_complained_of(case: SubjectRequest) -> bool:
    """Whether the portal offers a complaint about a case: about its answer, or that none comes."""
    if RequestKind.COMPLAINT not in PORTAL_KINDS or case.kind == RequestKind.COMPLAINT:
        return False
    return case.state not in _NOTHING_TO_COMPLAIN_OF


@require_POST
@visit_needed(LinkPurpose.TRACK, otherwise="requests:track")
def complain(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Begin the form anew with the first two answers given: the kind, and the reference of this case.

    The name and the address are asked again: who holds the link of a mail need not be shown them.
    """
    answers = Answers(request)
    answers.forget()
    answers.answer("kind", {"kind": RequestKind.COMPLAINT.value})
    answers.answer("about", {"about": case_of(visit).reference})
    return next_page(answers)
