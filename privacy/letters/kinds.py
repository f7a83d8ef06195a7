"""The kinds of letters: what each is called, to whom it goes, and what its wording may say.

Each app declares its own in `letter_kinds.py` (`KINDS`); the modules are found, not registered. A kind has a built-in
wording, `templates/letters/<code>.subject.txt` and `<code>.txt`: translatable templates that know nothing but the
placeholders declared here. An officer's wording knows the same placeholders. Whatever depends on a case (grounds,
authorities, what is kept) is a placeholder that we render, so that no wording can leave half of it out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise

from privacy.letters.errors import UnknownKind
from privacy.register.models import OrganisationProfile

Particulars = Mapping[str, Any]
"""What the caller of `write_letter` knows; its names are documented at each kind."""


class Audience(StrEnum):
    """To whom letters of a kind go. Those to officers have neither letterhead nor PDF."""

    PERSON = "person"
    RECIPIENT = "recipient"  # an organisation to which data was disclosed
    OFFICER = "officer"


class LinkUse(StrEnum):
    """Whether letters of a kind carry a secret link."""

    NEVER = "never"
    ALWAYS = "always"
    SOMETIMES = "sometimes"  # a block of the letter has it, when the particulars ask for it


class OneClick(StrEnum):
    """Whether mails of a kind can be unsubscribed from with one click (RFC 8058): whatever is marketing has to."""

    NEVER = "never"
    ALWAYS = "always"
    SOMETIMES = "sometimes"  # when the caller names a purpose


@dataclass(frozen=True)
class Placeholder:
    """A place in a wording.

    value: makes the words from the particulars, in the language that is active.
    is_block: several lines, or none: stands on a line by itself.
    in_heading: may stand in the subject line, which is not encrypted: never of something that tells about a person.
    """

    name: str
    description: str | Promise
    value: Callable[[Particulars], str]
    is_mandatory: bool = False
    is_block: bool = False
    in_heading: bool = False


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter.

    particulars: name and meaning of what the caller has to give; `optional` of what may be missing.
    sample: particulars as a caller gives them under the law of this code, all invented, for previews and tests.
    on_paper: what stands in a letter by post instead of the sentence with the link: how to answer without one.
    one_click: whether it can be unsubscribed from; every kind that is marketing says ALWAYS.
    can_be_taken_back: whether what it says can be taken back; then it is asked about once more before it goes.
    request_kinds, laws: for which it is meant; all when empty.
    """

    code: str
    title: str | Promise
    placeholders: tuple[Placeholder, ...]
    sample: Callable[[str], dict[str, Any]]
    particulars: Mapping[str, str] = field(default_factory=dict)
    optional: Mapping[str, str] = field(default_factory=dict)
    audience: Audience = Audience.PERSON
    link: LinkUse = LinkUse.NEVER
    on_paper: Callable[[OrganisationProfile], str] | None = None
    one_click: OneClick = OneClick.NEVER
    can_be_taken_back: bool = False
    request_kinds: frozenset[str] = frozenset()
    laws: frozenset[str] = frozenset()

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages in which there is a built-in wording; officers read their own letters in English."""
        if self.audience == Audience.OFFICER:
            return (settings.LANGUAGE_CODE,)
        return tuple(code for code, _name in settings.LETTER_LANGUAGES)

    @property
    def is_on_paper(self) -> bool:
        """Whether it has a letterhead and is kept as PDF."""
        return self.audience != Audience.OFFICER

    def placeholder(self, name: str) -> Placeholder | None:
        return next((each for each in self.placeholders if each.name == name), None)


@lru_cache(maxsize=1)
def letter_kinds() -> dict[str, LetterKind]:
    """Every kind by its code, as the apps declare them."""
    found: dict[str, LetterKind] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.letter_kinds"
        if config.name not in settings.TENANT_APPS or find_spec(name) is None:
            continue
        for kind in import_module(name).KINDS:
            if kind.code in found:
                raise ValueError(f"the kind of letter {kind.code!r} is declared twice")
            found[kind.code] = kind
    return found


def letter_kind(code: str) -> LetterKind:
    """One kind.

    Raises:
        UnknownKind: no app declares it.
    """
    try:
        return letter_kinds()[code]
    except KeyError:
        raise UnknownKind(code) from None


def kinds_to(audience: Audience) -> list[str]:
    """Codes of the kinds that go to these readers. One that is not declared any more goes to nobody."""
    return [code for code, kind in letter_kinds().items() if kind.audience == audience]


def kind_title(code: str) -> str:
    """What a kind is called; the code of one that is not declared any more."""
    known = letter_kinds().get(code)
    return str(known.title) if known else code
