"""What the person answered to the questions of the kind of their request."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.officers.access import may
from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest
from requests.places import place_name
from requests.purposes import purpose_titles
from requests.question_forms import change_in_words


def _listed(value: Any) -> list[Any]:
    """Other systems state particulars too, and not always in the form's shape."""
    return value if isinstance(value, list) else []


def _corrections(changes: Any) -> str:
    return "\n".join(change_in_words(each) for each in _listed(changes) if isinstance(each, Mapping))


def _uses(codes: Any) -> str:
    return "\n".join(purpose_titles(map(str, _listed(codes)))) or gettext("all of them")


_TOLD: tuple[tuple[str, str | Promise, Callable[[Any], str]], ...] = (
    ("scope", _("Which data"), str),
    ("changes", _("Corrections"), _corrections),
    ("purposes", _("Which uses"), _uses),
    ("decision", _("The decision"), str),
    ("about_reference", _("Complains about"), str),
)


def _answers(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    """Old and new values of a correction are shown to whoever works on the case, and to nobody else."""
    if not may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest"):
        return None
    particulars: Mapping[str, Any] = case.particulars or {}
    rows = [(label, in_words(particulars[name])) for name, label, in_words in _TOLD if name in particulars]
    if case.residence:
        rows.append((_("Residence"), place_name(case.residence)))
    return {"rows": rows} if rows else None


CARDS = (Card("asked", "case", "officer/requests/cards/asked.html", _answers),)
