"""Shows deadlines to people: the only file of this app that knows the framework's translations and date formats."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from privacy.law.deadline import Deadline
from privacy.law.sentences import Step, sentence


def explain(deadline: Deadline) -> list[str]:
    """Return the explanation as sentences in the active language."""
    return _shown(deadline.explanation)


def explain_acknowledgement(deadline: Deadline) -> list[str]:
    """Return how the last day to acknowledge was counted, in the active language; nothing where none is asked for."""
    return _shown(deadline.acknowledgement)


def _shown(steps: Iterable[Step]) -> list[str]:
    return [sentence(step, translate=gettext, show_date=_long_date) for step in steps]


def _long_date(day: date) -> str:
    return date_format(day, "l j F Y")
