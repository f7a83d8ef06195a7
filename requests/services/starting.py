"""What begins when a case is granted, by the answer that its kind has."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from requests.errors import ChangeInvalid
from requests.models import SubjectRequest
from requests.services.packaging import queue_package
from requests.traits import Answer, traits_of

Start = Callable[[SubjectRequest, Actor], None]


def _only_change_by_change(_case: SubjectRequest, _actor: Actor) -> None:
    """A rectification is decided by `services.correcting`, which begins it itself."""
    raise ChangeInvalid(_("Decide every change that the person asked for."))


def _stop_what_was_named(case: SubjectRequest, actor: Actor) -> None:
    from requests.services.restricting import stop_everything_named  # which decides as well, and knows this module

    stop_everything_named(case, actor)


STARTS: dict[Answer, Start] = {
    Answer.PACKAGE: lambda case, _actor: queue_package(case),
    Answer.CORRECTION: _only_change_by_change,
    Answer.RESTRICTION: _stop_what_was_named,
    Answer.WITHDRAWAL: _stop_what_was_named,
}


def check_refused_whole(case: SubjectRequest) -> None:
    """Raise ChangeInvalid unless a case of this kind can be refused as a whole, without looking at its parts."""
    answer = traits_of(case.kind).answer
    if answer is Answer.CORRECTION:  # what the person says has to be put beside the data
        raise ChangeInvalid(_("Decide every change that the person asked for."))
    if answer is Answer.WITHDRAWAL:
        raise ChangeInvalid(_("A withdrawal of consent cannot be refused."))


def start_answer(case: SubjectRequest, actor: Actor) -> None:
    """Begin what was granted, in the transaction that grants it. The case is being carried out."""
    STARTS[traits_of(case.kind).answer](case, actor)
