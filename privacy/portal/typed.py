"""What people typed into a form of which nothing becomes, so that they can copy it.

Danger: a page repeats a password, or the address of a source, which has one in it.
Rule: by its name a field is left out when it may hold a secret, whatever form it is of.
"""

import re
from dataclasses import dataclass, field

from django.http import QueryDict

_SECRET = re.compile(r"passw|secret|token|otp|credential|(^|[-_])(address|key)([-_]|$)", re.IGNORECASE)
_FOR_PROGRAMS = re.compile(r"^_|hash$|^(seen|gone|action|by)$|_FORMS$|(^|-)id$", re.IGNORECASE)
_NO_WORDS = re.compile(r"^(|on|true|false|[0-9a-f-]{32,})$", re.IGNORECASE)
"""Nothing, ticks and fingerprints."""


@dataclass(frozen=True)
class Typed:
    """What stood in one field."""

    name: str
    words: str = field(repr=False)


def typed_words(sent: QueryDict) -> list[Typed]:
    """The words of every field that may be shown again, in the order of the form."""
    shown = [
        (name, "\n".join(each for each in values if not _NO_WORDS.match(each.strip())))
        for name, values in sent.lists()
        if not _SECRET.search(name) and not _FOR_PROGRAMS.search(name)
    ]
    return [Typed(re.sub(r"[-_]+", " ", name), words) for name, words in shown if words]
