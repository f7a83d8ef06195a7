"""Where people live, as far as it matters to the laws that are known here."""

from django.utils.translation import gettext

from privacy.law.catalogue import jurisdiction, jurisdictions
from privacy.register.selectors import profile

ELSEWHERE = "other"
_NOWHERE_IN_PARTICULAR = frozenset({"CA-CASL"})  # a law about messages, beside those of the provinces


def place_choices() -> list[tuple[str, str]]:
    """Codes of laws with the place in which each holds, by name; also for who lives elsewhere or does not say."""
    places = [(each.code, place_name(each.code)) for each in jurisdictions() if each.code not in _NOWHERE_IN_PARTICULAR]
    return [
        ("", gettext("I would rather not say")),
        *sorted(places, key=lambda place: place[1].casefold()),
        (ELSEWHERE, gettext("Somewhere else")),
    ]


def place_name(code: str) -> str:
    """What a place is called; empty for none, and the code itself where it is none of a law that is known here."""
    if not code:
        return ""
    if code == ELSEWHERE:
        return gettext("Somewhere else")
    return gettext(jurisdiction(code).name) if code in {each.code for each in jurisdictions()} else code


def laws_in_words() -> list[str]:
    """The laws under which the organisation answers, each with where it holds."""
    return [
        gettext("%(law)s (%(place)s)") % {"law": each.law_name, "place": gettext(each.name)}
        for each in map(jurisdiction, profile().laws)
    ]


def is_covered(code: str) -> bool:
    """Whether the organisation answers under the law of a place. Nobody is told otherwise who does not say."""
    return not code or code in profile().laws
