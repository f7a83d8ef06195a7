"""Moments in certificates: UTC, to the second."""

from datetime import UTC, datetime


def as_text(moment: datetime | None) -> str | None:
    """As the document holds it, for example 2026-03-01T12:00:00Z."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The inverse of `as_text`."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
