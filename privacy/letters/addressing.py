"""Whether a letter that waited may still go to whom it was written.

Danger: a draft, or a letter that failed, lies for days; meanwhile its addressee's right to speak for the person ends,
and what concerns the person reaches somebody who is nothing to them any more. Rule: whoever sends such a letter asks
here again. What a case is, only a higher room knows; it registers the question.
"""

from collections.abc import Callable

from privacy.letters.errors import AddresseeGone
from privacy.letters.models import Letter

StillMeant = Callable[[Letter], bool]

_checks: list[StillMeant] = []


def register_addressee_check(check: StillMeant) -> None:
    """Register what answers whether the addressee of a letter may get it now."""
    if check not in _checks:
        _checks.append(check)


def check_still_meant(letter: Letter) -> None:
    """Raises AddresseeGone when whoever a letter is addressed to may not get it any more."""
    if not all(check(letter) for check in _checks):
        raise AddresseeGone
