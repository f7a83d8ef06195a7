"""What the person answered to the questions of the kind of their request."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.officers.access import may
from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.asked import stated_changes, stated_purposes
from requests.models import SubjectRequest
from requests.places import place_name
from requests.purposes import purpose_titles
from requests.question_forms.changes import change_in_words


def _corrections(particulars: Mapping[str, Any]) -> str:
    return "\n".join(change_in_words(each) for _place, each in stated_changes(particulars))


def _uses(particulars: Mapping[str, Any]) -> str:
    return "\n".join(purpose_titles(stated_purposes(particulars))) or gettext("all of them")


_TOLD: tuple[tuple[str, str | Promise, Callable[[Mapping[str, Any]], str]], ...] = (
    ("scope", _("Which data"), lambda particulars: str(particulars["scope"])),
    ("changes", _("Corrections"), _corrections),
    ("purposes", _("Which uses"), _uses),
    ("decision", _("The decision"), lambda particulars: str(particulars["decision"])),
    ("about_reference", _("Complains about"), lambda particulars: str(particulars["about_reference"])),
)


def answers_of(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    """The answers as `rows` of label and words; None without any.

    Old and new values of a correction are shown to whoever works on the case, and to nobody else.
    """
    if not may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest"):
        return None
    particulars: Mapping[str, Any] = case.particulars or {}
    rows = [(label, in_words(particulars)) for name, label, in_words in _TOLD if name in particulars]
    if case.residence:
        rows.append((_("Residence"), place_name(case.residence)))
    return {"rows": rows} if rows else None


CARDS = (Card("asked", "case", "officer/requests/cards/asked.html", answers_of),)
