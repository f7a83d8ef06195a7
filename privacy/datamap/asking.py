"""Sources that are no database: instead of rows there is somebody to be asked, a person or another's system.

Higher rooms register the kinds they can serve; the data map does not know them. A source of a kind that nobody
registered is opened as a database, which refuses it: nothing is left out in silence.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from django.db.models import QuerySet

from privacy.datamap.models import Source, SourceKind
from privacy.subjects.models import Subject


@dataclass(frozen=True)
class Ask:
    """What will be asked of whom, as it is approved.

    kind: of the source. terms: everything that the approval covers: digests, addresses, names of forms; JSON-able,
    without personal data.
    """

    source_id: int
    kind: str
    terms: dict[str, Any]

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over source, kind and terms in canonical JSON (RFC 8785)."""
        return hashlib.sha256(rfc8785.dumps(self.to_data())).hexdigest()

    def to_data(self) -> dict[str, Any]:
        return {"source": self.source_id, "kind": self.kind, "terms": self.terms}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Ask":
        """The inverse of `to_data`."""
        return cls(data["source"], data["kind"], data["terms"])


def owes_nothing(_source: Source) -> datetime | None:
    """Of a person: silence between two tasks says nothing about them, and each task reminds of itself when due."""
    return None


@dataclass(frozen=True)
class AskingKind:
    """How a kind of source is planned.

    ask: what would be asked about a person; asks nobody yet.
    words: the same for officers: who is asked, and for what.
    waited_for_since: since when somebody waits for an answer; None when nobody does, whatever the time of the last one.
    """

    ask: Callable[[Source, Subject], Ask]
    words: Callable[[Source], tuple[str, str]]
    waited_for_since: Callable[[Source], datetime | None] = owes_nothing


_kinds: dict[str, AskingKind] = {}


def register_asking_kind(kind: str, handler: AskingKind) -> None:
    """Say how sources of this kind are planned."""
    _kinds[kind] = handler


def asking_kinds() -> frozenset[str]:
    """Kinds of sources in which somebody is asked, instead of rows being changed."""
    return frozenset(_kinds)


def is_asked(source: Source) -> bool:
    """Whether somebody is asked in this source."""
    return source.kind in _kinds


def waited_for_since(source: Source) -> datetime | None:
    """Since when somebody waits for an answer of a source in which somebody is asked; None when nobody does."""
    return _kinds[source.kind].waited_for_since(source)


def databases() -> QuerySet[Source]:
    """Every active source that is a database: what is read and looked through for people without asking anybody.

    The portal's own tables are none of them: people are found there by their case, not by what they are known by.
    """
    return Source.objects.filter(is_active=True).exclude(kind__in=[*asking_kinds(), SourceKind.PORTAL])


def asked_sources() -> list[Source]:
    """Every active source in which somebody is asked."""
    return list(Source.objects.filter(is_active=True, kind__in=asking_kinds()))


def switched_off_sources() -> QuerySet[Source]:
    """Sources in which nobody is looked for, as long as they are off: whoever decides about a person has to know."""
    return Source.objects.filter(is_active=False).exclude(kind=SourceKind.PORTAL).order_by("name")


def ask_of(source: Source, subject: Subject) -> Ask:
    """What would be asked about a person in this source."""
    return _kinds[source.kind].ask(source, subject)


def ask_line(source: Source) -> dict[str, Any]:
    """What would be asked, in the shape in which a plan is shown to officers."""
    who, what = _kinds[source.kind].words(source)
    return {
        "source": source.name, "dataset": who, "table": "", "action": "ask", "action_words": what,
        "rows": 0, "held": 0, "protected": 0, "newer": 0, "by_law": [], "masked": [], "kept": [], "reason": "",
    }  # fmt: skip


def identities_digest(subject: Subject) -> str:
    """SHA-256 (hex) over the keyed fingerprints of all a person is known by: another identifier is another question."""
    known = sorted((each.kind, bytes(each.index).hex()) for each in subject.identifiers.all())
    return hashlib.sha256(rfc8785.dumps([list(pair) for pair in known])).hexdigest()
