"""Letters of a case follow the case; registered with `privacy.letters.access` and `privacy.letters.addressing`."""

import uuid

from privacy.letters.access import SEE
from privacy.letters.models import Letter
from privacy.officers.access import restrict
from privacy.officers.models import Officer
from requests.addressees import BEFORE_AUTHORITY, acts_with_authority
from requests.models import Representation, SubjectRequest
from requests.selectors import visible_cases

_HANDLE = "handle_subjectrequest"


def may_use_letters(officer: Officer, case_id: uuid.UUID, what: str) -> bool:
    """Whether an officer may see or handle the case of a letter."""
    if what == SEE:
        return visible_cases(officer).filter(pk=case_id).exists()
    found = SubjectRequest.objects.filter(pk=case_id)
    return restrict(found, officer, _HANDLE, all_of_them=f"requests.{_HANDLE}").exists()


def may_still_get(letter: Letter) -> bool:
    """Whether a letter of a case may go: not to somebody who acted for the person and has no authority today."""
    if letter.case_id is None or letter.kind.removeprefix("case_") in BEFORE_AUTHORITY:
        return True
    theirs = [each for each in Representation.objects.filter(case_id=letter.case_id) if each.email == letter.address]
    return not theirs or any(each.ended_at is None and acts_with_authority(each) for each in theirs)
