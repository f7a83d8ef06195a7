"""Who may see and send letters.

Letters of a case follow the case: whoever may see it sees its letters, whoever handles it sends them. What a case is,
only a higher room knows; it registers the question here. While nobody has, letters of cases are open to nobody but
those who may see every letter, and nobody sends one.
"""

import uuid
from collections.abc import Callable
from typing import Any

from privacy.letters.errors import NotAllowed
from privacy.letters.models import Letter
from privacy.officers.models import Officer

SEE, HANDLE = "see", "handle"

CaseAccess = Callable[[Officer, uuid.UUID, str], bool]

_case_access: list[CaseAccess] = []


def register_case_access(check: CaseAccess) -> None:
    """Register what answers whether an officer may `see` or `handle` a case, by the case's id."""
    if check not in _case_access:
        _case_access.append(check)


def may_see(officer: Any, letter: Letter) -> bool:
    """Whether an officer may read a letter."""
    if not _is_active(officer):
        return False
    return officer.has_perm("letters.view_letter") or (letter.case_id is not None and _of_case(officer, letter, SEE))


def may_send(officer: Any, letter: Letter) -> bool:
    """Whether an officer may edit the draft of a letter, send it, discard it, or send a letter again."""
    if not _is_active(officer) or not officer.has_perm("letters.send_letter"):
        return False
    if letter.case_id is None:
        return bool(officer.has_perm("letters.view_letter"))
    return _of_case(officer, letter, HANDLE)


def check_may_send(officer: Any, letter: Letter) -> None:
    """Raises NotAllowed unless the officer may send this letter."""
    if not may_send(officer, letter):
        raise NotAllowed


def _is_active(officer: Any) -> bool:
    return isinstance(officer, Officer) and officer.is_active


def _of_case(officer: Officer, letter: Letter, what: str) -> bool:
    assert letter.case_id is not None  # asked for letters of cases only
    return any(check(officer, letter.case_id, what) for check in _case_access)
