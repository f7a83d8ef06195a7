"""The published schema of portability packages. A published version is never changed; a new one gets its own file."""

from pathlib import Path

VERSION = "1.1"


def schema_text(version: str = VERSION) -> str | None:
    """A version of the schema as JSON text; None when there is no such version."""
    path = {each.stem: each for each in Path(__file__).parent.glob("*.json")}.get(version)
    return path.read_text(encoding="utf-8") if path else None
