"""Letters to somebody who acts for the person whom they are about.

Danger: every wording speaks to the person ("your data"). Who acts for several people reads that their own data was
deleted, and cannot tell whose it was. Rule: such a letter says first whom it is about, in whatever wording, also one of
the organisation's own. Its subject line, which is not encrypted, never does. Where our own wording would be plainly
wrong, or its subject line speaks of “your data”, another one is in `templates/letters/for_another`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ACTED_FOR = "acted_for"
"""The particular that says so; None, or missing, in a letter to the person. Blocks of letters can ask for it too."""


@dataclass(frozen=True)
class ActedFor:
    """Whom a letter to somebody else is about. `name` is None where it may not be told, or nobody knows it."""

    name: str | None


def acted_for(particulars: Mapping[str, Any]) -> ActedFor | None:
    """For whom the addressee of a letter acts; None where it is about themselves."""
    found: ActedFor | None = particulars.get(ACTED_FOR)
    return found


def with_opening(text: str, *, greeting: str, opening: str) -> str:
    """The text with what has to be said first: after the greeting where it begins with it, else at its top."""
    if not opening:
        return text
    greeting = greeting if text.startswith(greeting) else ""
    return "\n\n".join(filter(None, (greeting, opening, text.removeprefix(greeting).lstrip("\n"))))
