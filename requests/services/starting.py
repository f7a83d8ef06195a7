"""What begins when a case is granted, by the answer that its kind has."""

from collections.abc import Callable

from privacy.ledger.actors import Actor
from requests.models import SubjectRequest
from requests.services.packaging import queue_package
from requests.traits import Answer, traits_of

Start = Callable[[SubjectRequest, Actor], None]

STARTS: dict[Answer, Start] = {
    Answer.PACKAGE: lambda case, _actor: queue_package(case),
}


def start_answer(case: SubjectRequest, actor: Actor) -> None:
    """Begin what was granted, in the transaction that grants it. The case is being carried out."""
    STARTS[traits_of(case.kind).answer](case, actor)
