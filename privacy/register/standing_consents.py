"""How many people agreed to a purpose: officers hear it before they change its ground. The room that knows registers.

Danger: a purpose stops resting on consent, or is prohibited, and nobody notices that people had agreed to it.
Rule: whoever changes it so is told how many they are, and confirms.
"""

from collections.abc import Callable

from privacy.register.models import Purpose

Count = Callable[[Purpose], int]

_counts: list[Count] = []


def register_count(count: Count) -> None:
    """Register what counts the consents in force; called in `AppConfig.ready()`."""
    if count not in _counts:
        _counts.append(count)


def people_who_agreed(purpose: Purpose) -> int:
    """Of how many people a consent to the purpose is in force."""
    return sum(count(purpose) for count in _counts)
