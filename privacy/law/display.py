"""Shows deadlines to people: the only file of this app that knows the framework's translations and date formats."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from privacy.law.deadline import Deadline
from privacy.law.sentences import sentence


def explain(deadline: Deadline) -> list[str]:
    """Return the explanation as sentences in the active language."""
    return [sentence(step, translate=gettext, show_date=_long_date) for step in deadline.explanation]


def _long_date(day: date) -> str:
    return date_format(day, "l j F Y")
