"""Who acts. The ledger keeps the kind and an opaque id, never a name or an address."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ActorKind(StrEnum):
    OFFICER = "officer"
    SUBJECT = "subject"
    API_KEY = "api_key"
    SYSTEM = "system"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Actor:
    """An actor as every service takes it."""

    kind: ActorKind
    id: str = ""

    @classmethod
    def officer(cls, officer: Any) -> "Actor":
        return cls(ActorKind.OFFICER, str(officer.pk))

    @classmethod
    def subject(cls, subject: Any) -> "Actor":
        return cls(ActorKind.SUBJECT, str(subject.pk))

    @classmethod
    def api_key(cls, key: Any) -> "Actor":
        return cls(ActorKind.API_KEY, key.prefix)


SYSTEM = Actor(ActorKind.SYSTEM)
