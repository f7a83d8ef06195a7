"""Shows deadlines to people: the only file of this app that knows the framework's translations and date formats."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from privacy.law.catalogue import jurisdiction
from privacy.law.citations import ground_citation, in_words_of
from privacy.law.deadline import Deadline
from privacy.law.sentences import Step, sentence
from privacy.law.shapes import RefusalGround


def explain(deadline: Deadline) -> list[str]:
    """Return the explanation as sentences in the active language."""
    return _shown(deadline.explanation)


def explain_acknowledgement(deadline: Deadline) -> list[str]:
    """Return how the last day to acknowledge was counted, in the active language; nothing where none is asked for."""
    return _shown(deadline.acknowledgement)


def cited(citation: str) -> str:
    """A law and its section, in the active language."""
    return in_words_of(citation, gettext)


def ground_cited(ground: RefusalGround) -> str:
    """The law and section of a ground, in the active language."""
    return cited(ground_citation(ground, jurisdiction(ground.law).law_name if ground.law else None))


def _shown(steps: Iterable[Step]) -> list[str]:
    return [sentence(_with_citation(step), translate=gettext, show_date=_long_date) for step in steps]


def _with_citation(step: Step) -> Step:
    """The step with the law that it names, or our own policy, in the active language."""
    values = tuple((name, cited(gettext(str(value))) if name == "citation" else value) for name, value in step.values)
    return replace(step, values=values)


def _long_date(day: date) -> str:
    words = date_format(day, "l j F Y")
    is_first_in_french = day.day == 1 and (get_language() or "").startswith("fr")
    return words.replace(" 1 ", " 1er ", 1) if is_first_in_french else words
