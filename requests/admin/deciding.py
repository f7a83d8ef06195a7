"""On which page a case is decided."""

from django.urls import reverse

from requests.models import SubjectRequest
from requests.traits import Answer, traits_of

_OWN_PAGES = {
    Answer.CORRECTION: "decide_corrections",
    Answer.RESTRICTION: "decide_purposes",
    Answer.WITHDRAWAL: "decide_purposes",
}


def decided_on(case: SubjectRequest) -> str | None:
    """The address of the page of its own that a kind of case is decided on; None for the common one."""
    page = _OWN_PAGES.get(traits_of(case.kind).answer)
    return reverse(f"officer:requests_subjectrequest_{page}", args=[case.pk]) if page else None
