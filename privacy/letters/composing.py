"""From particulars to the text of a letter: which wording, and what its places say."""

import datetime as dt
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils import translation

from privacy.letters.kinds import LetterKind, LinkUse, Particulars
from privacy.letters.models import LetterTemplate
from privacy.letters.standing_in import ACTED_FOR, ActedFor, acted_for, with_opening
from privacy.letters.wording import LINK_PLACEHOLDER, fill, problems_of
from privacy.letters.words import day_words

LINK_NAME = "link"


@dataclass(frozen=True)
class Wording:
    """A wording in use. `source` says whose it is, for the record: "" for ours, else law and version."""

    heading: str
    text: str
    source: str = ""
    version: int = 0


@dataclass(frozen=True)
class Composed:
    heading: str
    text: str
    source: str


def letter_language(code: str | None) -> str:
    """The language of letters that a code like “fr” or “fr-CA” means; the first of ours where it is none of them."""
    known = [each for each, _name in settings.LETTER_LANGUAGES]
    wanted = (code or "").strip().lower().replace("_", "-")
    return next((each for each in (wanted, wanted.partition("-")[0]) if each in known), known[0])


def compose(kind: LetterKind, *, particulars: Particulars, language: str, law: str = "") -> Composed:
    """The letter in the wording that applies.

    Raises:
        ValueError: a particular that the kind needs is missing.
    """
    wording = wording_for(kind, law=law, language=language, for_whom=acted_for(particulars))
    return compose_with(kind, wording, particulars=particulars, language=language)


def compose_with(kind: LetterKind, wording: Wording, *, particulars: Particulars, language: str) -> Composed:
    """The letter in a given wording, which is a valid one; also for previews."""
    if missing := kind.particulars.keys() - particulars.keys():
        raise ValueError(f"the letter {kind.code!r} needs {', '.join(sorted(missing))}")
    mark = f"[[{secrets.token_hex(16)}]]"
    with translation.override(language):
        values = _values(kind, particulars, mark)
        opening = block(ACTED_FOR)(particulars).strip() if acted_for(particulars) else ""
    heading = one_line(_with_link(fill(wording.heading, values), mark))
    text = with_opening(fill(wording.text, values), greeting=values.get("greeting", ""), opening=opening)
    return Composed(heading[:200], _with_link(text, mark), wording.source)


def wording_for(kind: LetterKind, *, law: str, language: str, for_whom: ActedFor | None = None) -> Wording:
    """The organisation's wording for this law, else its wording for every law, else ours.

    One that lacks what a letter of this kind has to say by now is passed over; the list of wordings says which.

    Args:
        for_whom: for whom the addressee acts; there our own wording may be one of `letters/for_another`.
    """
    own = LetterTemplate.objects.filter(
        kind=kind.code, language=language, law__in={law, ""}, is_active=True
    ).order_by("-law")  # fmt: skip
    for found in own:
        if not problems_of(kind, heading=found.heading, text=found.text):
            return Wording(found.heading, found.text, f"{found.law} v{found.version}".strip(), found.version)
    return built_in(kind, language=language, for_whom=for_whom)


def built_in(kind: LetterKind, *, language: str, for_whom: ActedFor | None = None) -> Wording:
    """Our own wording, with its places open."""
    open_places = {each.name: f"{{{each.name}}}" for each in kind.placeholders}
    folders = ["letters/for_another", "letters"] if for_whom else ["letters"]
    with translation.override(language):
        heading = _rendered([f"{folder}/{kind.code}.subject.txt" for folder in folders], open_places)
        text = _rendered([f"{folder}/{kind.code}.txt" for folder in folders], open_places)
    return Wording(one_line(heading), re.sub(r"\n{3,}", "\n\n", text).strip() + "\n")


def one_line(text: str) -> str:
    """Text on one line. A no-break space, as French has before a colon, stays one."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def block(template: str) -> Callable[[Particulars], str]:
    """A value that `letters/blocks/<template>.txt` renders from the particulars.

    What is a date there (`until`) can also be had in full words (`until_words`).
    """

    def render(particulars: Particulars) -> str:
        in_words = {
            f"{name}_words": day_words(each, with_weekday=True)
            for name, each in particulars.items()
            if isinstance(each, dt.date)
        }
        return _rendered(f"letters/blocks/{template}.txt", dict(particulars) | in_words)

    return render


def frame(name: str, context: dict[str, Any]) -> str:
    """What stands under every letter: who writes."""
    return _rendered(f"letters/frames/{name}.txt", context).strip("\n") + "\n"


def _values(kind: LetterKind, particulars: Particulars, mark: str) -> dict[str, str]:
    """What each place says. A mark that nobody can guess stands for the link."""
    given = dict(particulars) | {LINK_NAME: mark if kind.link != LinkUse.NEVER else ""}
    return {each.name: str(each.value(given)) for each in kind.placeholders}


def _with_link(text: str, mark: str) -> str:
    """The text with the place of the link where the mark stands. Nothing else can pose as it, in however many parts."""
    while LINK_PLACEHOLDER in text:  # what is taken out of the middle may leave another one
        text = text.replace(LINK_PLACEHOLDER, "")
    return text.replace(mark, LINK_PLACEHOLDER)


def _rendered(templates: str | list[str], context: dict[str, Any]) -> str:
    """One of our own templates, the first that there is, as plain text: nothing is escaped."""
    template = Engine.get_default().select_template([templates] if isinstance(templates, str) else templates)
    return template.render(Context(context, autoescape=False))
