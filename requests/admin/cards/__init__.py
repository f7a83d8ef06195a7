"""The cards of a case's page by tab: each subject has its cards in a file of its own, and a template beside it.

A card reads what it shows only when its tab is open, so a case with much to show costs no more queries than one with
little.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from requests.admin.cards import (
    approvals,
    asked,
    clock,
    complaint,
    data,
    decision,
    disclosures,
    files,
    identity,
    letters,
    person,
    post,
    rectification,
    restrictions,
    siblings,
    subject_request,
    task_files,
)
from requests.admin.cards import timeline as timeline_cards
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest

FIRST_TAB = "case"
TABS = (
    (FIRST_TAB, _("Case")),
    ("identity", _("Identity")),
    ("data", _("Data and tasks")),
    ("letters", _("Letters")),
    ("disclosures", _("Disclosures")),
    ("files", _("Files")),
    ("timeline", _("Timeline")),
    ("approvals", _("Approvals")),
)
NOTHING_YET: dict[str, str | Promise] = {
    "data": _("Nothing has been looked for yet, and nobody has a task."),
    "letters": _("Nothing has been written to the person yet."),
    "disclosures": _("No disclosure of this person's data is on record."),
    "approvals": _("Nothing has been decided yet, so nobody has approved anything."),
}
CARDS: tuple[Card, ...] = (
    *subject_request.CARDS,
    *asked.CARDS,
    *decision.CARDS,
    *complaint.CARDS,
    *clock.CARDS,
    *rectification.CARDS,
    *restrictions.CARDS,
    *person.CARDS,
    *data.CARDS,
    *letters.CARDS,
    *disclosures.CARDS,
    *files.CARDS,
    *identity.CARDS,
    *siblings.CARDS,
    *post.CARDS,
    *task_files.CARDS,
    *timeline_cards.CARDS,
    *approvals.CARDS,
)


def tab_context(case: SubjectRequest, officer: Officer, tab: str) -> dict[str, Any]:
    """The tabs, and the cards of the one that is open."""
    found = cards_of(case, officer, tab, CARDS)
    return {
        "tabs": [{"code": code, "title": title, "current": code == tab} for code, title in TABS],
        "tab": tab,
        "cards": [card for card in found if not card["aside"]],
        "asides": [card for card in found if card["aside"]],
        "nothing_yet": NOTHING_YET.get(tab, _("There is nothing here yet.")),
    }


def cards_of(case: SubjectRequest, officer: Officer, tab: str, cards: Sequence[Card] = CARDS) -> list[dict[str, Any]]:
    """The cards of one tab with what they show; those that have nothing to show are left out."""
    found = []
    for card in cards:
        if card.tab == tab and (context := card.context(case, officer)) is not None:
            found.append({"code": card.code, "template": card.template, "aside": card.aside, "context": context})
    return found
