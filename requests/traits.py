"""What sets the kinds of subject requests apart, as data: the stages that a case goes through, and its answer."""

from dataclasses import dataclass
from enum import StrEnum

from requests.enums import RequestKind as K


class Answer(StrEnum):
    """What granting a case means."""

    PACKAGE = "package"  # the person gets a file
    ERASURE = "erasure"  # rows are deleted or masked where they live
    CORRECTION = "correction"  # values are replaced where they live
    RESTRICTION = "restriction"  # what may be done with the data is narrowed
    WITHDRAWAL = "withdrawal"  # consents end
    WORDS = "words"  # a letter


@dataclass(frozen=True, slots=True)
class Traits:
    """One kind of subject request.

    `needs_identity`: the answer tells or changes something about a person, so somebody vouches that it is theirs first.
    `looks_for_data`: every source is asked before the decision. `two_officers`: one decides, another approves.
    """

    answer: Answer
    needs_identity: bool = True
    looks_for_data: bool = False
    two_officers: bool = False


TRAITS: dict[K, Traits] = {
    K.ACCESS: Traits(Answer.PACKAGE, looks_for_data=True),
    K.RECTIFICATION: Traits(Answer.CORRECTION, looks_for_data=True),
    K.ERASURE: Traits(Answer.ERASURE, looks_for_data=True, two_officers=True),
    K.PORTABILITY: Traits(Answer.PACKAGE, looks_for_data=True),
    K.OBJECTION: Traits(Answer.RESTRICTION),
    K.RESTRICTION: Traits(Answer.RESTRICTION),
    K.CONSENT_WITHDRAWAL: Traits(Answer.WITHDRAWAL),
    K.RECONSIDERATION: Traits(Answer.WORDS),
    K.QUESTION: Traits(Answer.WORDS, needs_identity=False),
    K.COMPLAINT: Traits(Answer.WORDS, needs_identity=False),
}


def traits_of(kind: str) -> Traits:
    """The traits of a kind of subject request, by its code."""
    return TRAITS[K(kind)]


def urgent(kind: str, is_minor: bool) -> bool:
    """Whether a case is worked on before all others: the data of a minor shall go."""
    return is_minor and kind == K.ERASURE


PORTAL_KINDS = (
    K.ACCESS, K.PORTABILITY, K.RECTIFICATION, K.ERASURE, K.OBJECTION, K.RESTRICTION, K.RECONSIDERATION, K.QUESTION,
    K.COMPLAINT,
)  # fmt: skip
"""What the portal's form takes, in the order in which it is offered."""
