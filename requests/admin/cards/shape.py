"""What a card is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from privacy.officers.models import Officer
from requests.models import SubjectRequest


@dataclass(frozen=True)
class Card:
    """One card of a case's page.

    `context` gives what the template reads as `card`, or None when there is nothing to show to this officer.
    """

    code: str
    tab: str
    template: str
    context: Callable[[SubjectRequest, Officer], dict[str, Any] | None]
    aside: bool = False
