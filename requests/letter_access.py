"""Letters of a case follow the case; registered with `privacy.letters.access`."""

import uuid

from privacy.letters.access import SEE
from privacy.officers.access import restrict
from privacy.officers.models import Officer
from requests.models import SubjectRequest
from requests.selectors import visible_cases

_HANDLE = "handle_subjectrequest"


def may_use_letters(officer: Officer, case_id: uuid.UUID, what: str) -> bool:
    """Whether an officer may see or handle the case of a letter."""
    if what == SEE:
        return visible_cases(officer).filter(pk=case_id).exists()
    found = SubjectRequest.objects.filter(pk=case_id)
    return restrict(found, officer, _HANDLE, all_of_them=f"requests.{_HANDLE}").exists()
