"""What all parts of the file for an authority have in common: who reads it, what it is made of, how it writes dates."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class For(StrEnum):
    """Who reads the file."""

    AUTHORITY = "authority"
    PERSON = "person"


@dataclass
class Contents:
    """`document` is JSON; `files` are names in the archive and what is in them; `as_of` is when the case last moved."""

    document: dict[str, Any]
    as_of: datetime
    files: dict[str, bytes] = field(default_factory=dict)


def moment(when: datetime | None) -> str | None:
    """A moment as the JSON has it."""
    return when.isoformat() if when else None


def day(when: date | None) -> str | None:
    """A day as the JSON has it."""
    return when.isoformat() if when else None
