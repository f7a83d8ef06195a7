"""What people typed into a form of which nothing becomes, so that they can copy it.

Danger: a page repeats a password, or the address of a source, which has one in it.
Rule: by its name a field is left out when it may hold a secret, whatever form it is of.

Of most forms nothing is known here but what was sent. So the page sends along what stood beside each field, and which
words a choice had there (`static/officer/desk.js`); without a script a field is known by its name.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

AS_SHOWN = "_as_shown"
"""The field that tells how the fields were shown: JSON, by name `[label, {value: words of the choice}]`."""
_LONGEST_LABEL = 300
_SECRET = re.compile(r"passw|secret|token|otp|credential|(^|[-_])((?<!postal_)address|key)([-_]|$)", re.IGNORECASE)
_FOR_PROGRAMS = re.compile(r"^_|hash$|^(seen|gone|action|by|page)$|_FORMS$|(^|-)id$", re.IGNORECASE)
_NO_WORDS = re.compile(r"^(|on|true|false|[0-9a-f]{32,})$", re.IGNORECASE)
"""Nothing, ticks and fingerprints. A number with dashes (UUID) is what somebody is known by elsewhere."""
_LONE_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Typed:
    """What stood in one field.

    label: what stood beside it.
    """

    name: str
    label: str
    words: str = field(repr=False)


def typed_words(sent: QueryDict) -> list[Typed]:
    """The words of every field that may be shown again, in the order of the form."""
    shown, found = _as_shown(sent), []
    for name, values in sent.lists():
        written = [each for each in values if not _NO_WORDS.match(each.strip())]
        if not written or _SECRET.search(name) or _FOR_PROGRAMS.search(name):
            continue
        label, choices = shown.get(name) or ("", {})
        words = "\n".join(choices.get(each) or each for each in written)
        found.append(Typed(name, label or re.sub(r"[-_]+", " ", name), words))
    return found


def named_files(sent: QueryDict, files: MultiValueDict[str, UploadedFile]) -> list[Typed]:
    """The names of the files that were sent along, which have to be chosen again."""
    shown = _as_shown(sent)
    return [
        Typed(
            name, shown.get(name, ("", {}))[0] or _("Files"), "\n".join(each.name or "" for each in files.getlist(name))
        )
        for name in files
    ]


def _as_shown(sent: QueryDict) -> dict[str, tuple[str, dict[str, str]]]:
    """What the page says of its fields; what is not of this shape says nothing."""
    try:
        told = json.loads(sent.get(AS_SHOWN, "{}"))
    except (ValueError, RecursionError):
        return {}
    return {_whole(name): _one(each) for name, each in told.items()} if isinstance(told, dict) else {}


def _one(told: Any) -> tuple[str, dict[str, str]]:
    label, choices = told if isinstance(told, list) and len(told) == 2 else ("", {})
    choices = choices if isinstance(choices, dict) else {}
    label = _whole(label)[:_LONGEST_LABEL] if isinstance(label, str) else ""
    shown = {value: words for value, words in choices.items() if isinstance(words, str)}
    return label, {_whole(value): _whole(words)[:_LONGEST_LABEL] for value, words in shown.items()}


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can have and no page can be written with."""
    return _LONE_HALF.sub("\ufffd", text)
