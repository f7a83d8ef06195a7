"""Whether a letter that waited may still go to whom it was written.

Danger: a draft, or a letter that failed, lies for days; meanwhile its addressee's right to speak for the person ends,
and what concerns the person reaches somebody who is nothing to them any more. Rule: whoever sends such a letter asks
here again. What a case is, only a higher room knows; it registers the question.

Danger: marketing that lies in the outbox, for minutes or while a mail server is away, reaches a person who said no
meanwhile. Rule: mails that are marketing are asked about once more by the worker that sends them, after it has claimed
them. What people agreed to, only a higher room knows; while it has registered nothing, no marketing goes.

Danger: an organisation announces something and takes it back, and letters that were still waiting tell people of it all
the same. Rule: a kind of letter says that it can be taken back (`LetterKind.can_be_taken_back`), and is asked about in
the same way; while nothing is registered for it, it does not go.
"""

from collections.abc import Callable

from privacy.letters.errors import AddresseeGone, NotWanted, TakenBack
from privacy.letters.kinds import OneClick, letter_kinds
from privacy.letters.models import Letter

StillMeant = Callable[[Letter], bool]

_checks: list[StillMeant] = []
_wanted: list[StillMeant] = []
_true: dict[str, StillMeant] = {}


def register_addressee_check(check: StillMeant) -> None:
    """Register what answers whether the addressee of a letter may get it now."""
    if check not in _checks:
        _checks.append(check)


def register_wanted_check(check: StillMeant) -> None:
    """Register what answers whether the person still takes a letter that is marketing."""
    if check not in _wanted:
        _wanted.append(check)


def register_truth_check(kind: str, check: StillMeant) -> None:
    """Register what answers whether a letter of a kind that can be taken back says what still stands."""
    _true[kind] = check


def check_still_meant(letter: Letter) -> None:
    """Let a letter that waited for an officer go, or not.

    Raises:
        AddresseeGone: whoever it is addressed to may not get it any more.
        NotWanted: it is marketing, and the person said no meanwhile.
        TakenBack: what it says was taken back meanwhile.
    """
    if not all(check(letter) for check in _checks):
        raise AddresseeGone
    if not is_still_wanted(letter):
        raise NotWanted
    if not is_still_true(letter):
        raise TakenBack


def is_still_wanted(letter: Letter) -> bool:
    """Whether it is no marketing, or marketing that the person still takes."""
    if not _is_marketing(letter):
        return True
    return bool(_wanted) and all(check(letter) for check in _wanted)


def is_still_true(letter: Letter) -> bool:
    """Whether nothing that it says was taken back."""
    kind = letter_kinds().get(letter.kind)
    if kind is None or not kind.can_be_taken_back:
        return True
    check = _true.get(letter.kind)
    return check is not None and check(letter)


def _is_marketing(letter: Letter) -> bool:
    """Of a kind that is not declared any more, whatever can be unsubscribed from counts as marketing."""
    kind = letter_kinds().get(letter.kind)
    return bool(letter.unsubscribe_from) if kind is None else kind.one_click == OneClick.ALWAYS
