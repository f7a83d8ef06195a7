"""How many people agreed to a purpose or said no to it: officers hear it before they change its ground. The room that
knows registers.

Danger: a purpose stops resting on consent, or is prohibited, and nobody notices that people had agreed to it; or it
goes on without consent, and the no of those who refused or withdrew is gone with one select box.
Rule: whoever changes it so is told how many they are, and confirms.
"""

from collections.abc import Callable

from privacy.register.models import Purpose

Count = Callable[[Purpose], int]

_counts: list[Count] = []
_counts_of_noes: list[Count] = []


def register_count(*, agreed: Count, said_no: Count) -> None:
    """Register what counts the consents in force, and the people who refused or withdrew; called in
    `AppConfig.ready()`."""
    for count, counts in ((agreed, _counts), (said_no, _counts_of_noes)):
        if count not in counts:
            counts.append(count)


def people_who_agreed(purpose: Purpose) -> int:
    """Of how many people a consent to the purpose is in force."""
    return sum(count(purpose) for count in _counts)


def people_who_said_no(purpose: Purpose) -> int:
    """How many people refused the purpose or withdrew, and did not agree since."""
    return sum(count(purpose) for count in _counts_of_noes)
