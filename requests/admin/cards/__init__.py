"""The cards of a case's page by tab: each subject has its cards in a file of its own, and a template beside it.

A card reads what it shows only when its tab is open, so a case with much to show costs no more queries than one with
little.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from requests.admin.cards import clock, complaint, decision, files, rectification, restrictions
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest

FIRST_TAB = "case"
TABS = (
    (FIRST_TAB, _("Case")),
    ("identity", _("Identity")),
    ("letters", _("Letters")),
    ("files", _("Files")),
    ("disclosures", _("Disclosures")),
    ("timeline", _("Timeline")),
)
CARDS: tuple[Card, ...] = (
    *decision.CARDS,
    *complaint.CARDS,
    *clock.CARDS,
    *rectification.CARDS,
    *restrictions.CARDS,
    *files.CARDS,
)


def cards_of(case: SubjectRequest, officer: Officer, tab: str, cards: Sequence[Card] = CARDS) -> list[dict[str, Any]]:
    """The cards of one tab with what they show; those that have nothing to show are left out."""
    found = []
    for card in cards:
        if card.tab == tab and (context := card.context(case, officer)) is not None:
            found.append({"code": card.code, "template": card.template, "aside": card.aside, "context": context})
    return found
