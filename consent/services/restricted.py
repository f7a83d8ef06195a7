"""What people objected to is obeyed when consent is recorded.

Danger: somebody objects, a form of the organisation ticks a box for them the next day, and the objection is gone.
Rule: what others state about a person takes no objection back. The person does, on a page that reminds them of it.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from consent.errors import PurposeRestricted
from consent.models import Decision
from privacy.ledger.actors import Actor
from privacy.register.models import Purpose
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import in_force_for
from privacy.register.restrictions.services import can_be_lifted_by_consent, lift_by_the_person
from privacy.subjects.models import Subject


def obey(
    *,
    subject: Subject,
    purpose: Purpose,
    decision: str,
    actor: Actor,
    lifts_objection: bool = False,
    held: list[Restriction] | None = None,
) -> None:
    """Let a decision through, or not. Call it only while the subject is locked: nobody objects in between.

    Args:
        held: what holds for the person, where the caller asked already, under the lock.
        lifts_objection: the person was reminded of their objection and agrees all the same; it is lifted.

    Raises:
        PurposeRestricted: consent would be given to what the person objected to or had restricted.
    """
    if decision != Decision.GIVEN:
        return
    held = in_force_for(subject) if held is None else held
    reaching = [each for each in held if each.reaches(purpose)]
    if not reaching:
        return
    if not (lifts_objection and actor == Actor.subject(subject) and takes_back(reaching)):
        raise PurposeRestricted(refusal_words())
    for each in reaching:
        lift_by_the_person(restriction=each, actor=actor)


def takes_back(reaching: Iterable[Restriction]) -> bool:
    """Whether agreeing to the purpose would lift everything that keeps the person's data from it."""
    return all(can_be_lifted_by_consent(each) for each in reaching)


def refusal_words() -> str:
    """Why consent is not recorded, for whoever states it."""
    return _(
        "The person objected to this purpose or had it restricted, so consent to it is not recorded. Stop using their "
        "data for it. They can agree again by themselves in the preference centre."
    )
