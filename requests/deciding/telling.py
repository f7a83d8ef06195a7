"""What the person is told of a decision: what they get, what is left out and why, and what they can have instead.

Danger: a ground that must stay secret reaches the person: in a letter, on a page, in the file, or by a gap that only
such cases have.
Rule: everything that is said to the person about a decision is made here, and from lines that may be told alone. What
is said of the law's power to silence us stands in every answer under that law, whatever the case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from privacy.datamap.models import DataCategory
from privacy.law.display import ground_cited
from privacy.law.enums import Alternative
from privacy.law.words import alternative_word
from requests.deciding.grounds import known_ground, may_be_told
from requests.enums import LEFT_OUT_WHOLE, WITHOUT_GROUND, Verdict
from requests.models import CategoryDecision


@dataclass(frozen=True)
class LeftOut:
    """One part that is not given. `section` is the law and its section, `words` what it says in plain language."""

    what: str
    words: str
    section: str
    reasons: str


@dataclass(frozen=True)
class Told:
    """A decision in words for the person, in the language that was active. No line of it is about a secret.

    unasked: what is held and was left out because the person did not ask for it.
    """

    granted: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    alternatives: tuple[str, ...]
    unasked: tuple[str, ...] = ()

    @property
    def grounds(self) -> list[dict[str, str]]:
        """The grounds, each once."""
        found = dict.fromkeys((each.words, each.section) for each in self.left_out)
        return [{"words": words, "section": section} for words, section in found]

    @property
    def reasons(self) -> str:
        """The reasons; where they differ, each with what it is about."""
        different = dict.fromkeys(each.reasons for each in self.left_out)
        if len(different) <= 1:
            return next(iter(different), "")
        return "\n\n".join(f"{each.what}: {each.reasons}" for each in self.left_out)


def tellable(lines: Iterable[CategoryDecision]) -> list[CategoryDecision]:
    """The lines that a person may know of."""
    return [line for line in lines if line.decision in WITHOUT_GROUND or may_be_told(line.ground)]


def told(lines: Iterable[CategoryDecision], *, language: str) -> Told:
    """What the person is told of these lines."""
    with translation.override(language):
        known = tellable(lines)
        granted = tuple(_given(line) for line in known if line.decision not in LEFT_OUT_WHOLE)
        refused = [line for line in known if line.decision not in WITHOUT_GROUND]
        unasked = tuple(_name(line) for line in known if line.decision == Verdict.UNASKED)
        return Told(granted, tuple(_left_out(line) for line in refused), tuple(_alternatives(refused)), unasked)


def offers(codes: Sequence[str], own: str = "") -> list[str]:
    """Sentences that offer something instead, in the language that is active."""
    found = [str(translation.gettext(alternative_word(Alternative(code)))) for code in codes]
    return [*found, own.strip()] if own.strip() else found


def ground_words(code: str) -> tuple[str, str]:
    """A ground in plain language, and its law and section, in the active language; empty where it may not be told."""
    ground = known_ground(code)
    if ground is None or not ground.disclosable:
        return "", ""
    return translation.gettext(ground.words), ground_cited(ground)


def _name(line: CategoryDecision) -> str:
    if not line.category:
        return line.where
    label = str(DataCategory(line.category).label).capitalize()
    return _("%(category)s (%(where)s)") % {"category": label, "where": line.where} if line.where else label


def _given(line: CategoryDecision) -> str:
    if line.decision == Verdict.PARTIAL:
        return _("%(part)s, except for what is named below") % {"part": _name(line)}
    return _name(line)


def _left_out(line: CategoryDecision) -> LeftOut:
    words, section = ground_words(line.ground)
    what = line.severed.strip() if line.severed else ""
    name = _name(line)
    if what:
        what = _("%(part)s: %(what)s") % {"part": name, "what": what}
    return LeftOut(what or name or _("What you asked for"), words, section, line.reasons or "")


def _alternatives(lines: Iterable[CategoryDecision]) -> list[str]:
    found = [offer for line in lines for offer in offers(line.alternatives, line.own_alternative or "")]
    return list(dict.fromkeys(found))
