"""From the answers of the form to what `services.submit_request` takes, and back out of what a case keeps of them.

Older releases took any JSON as particulars, so nothing that reads them may count on the form's shape.
"""

from collections.abc import Mapping
from typing import Any

LONGEST_DETAILS = 10_000
"""How many characters a case keeps of what its person wrote, with what they replied later."""
PARTICULARS = {
    "scope": "scope",
    "changes": "changes",
    "purposes": "purposes",
    "decision": "decision",
    "about": "about_reference",
}
"""Answers that are kept with the case as the particulars of its kind, and what they are called there."""


def as_submitted(said: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `services.submit_request`, without the language.

    Args:
        said: the answers by field, of the questions that were asked.
    """
    particulars = {name: said[field] for field, name in PARTICULARS.items() if said.get(field) not in (None, "")}
    return {
        "kind": said["kind"],
        "email": said["email"],
        "name": said["name"],
        "details": said.get("details", ""),
        "particulars": particulars or None,
        "residence": said.get("residence", ""),
        "is_minor": said.get("is_minor") == "yes",
        "about_reference": said.get("about", ""),
        "representative": _representative(said),
    }


def mailed_to(said: Mapping[str, Any]) -> str:
    """The address that the link to confirm is mailed to: of whoever asks."""
    return str(said.get("representative_email") or said["email"])


def _representative(said: Mapping[str, Any]) -> dict[str, str] | None:
    if said.get("behalf") != "other":
        return None
    return {part: str(said[f"representative_{part}"]) for part in ("name", "email", "authority")}


def stated_changes(particulars: Mapping[str, Any] | None) -> list[tuple[int, Mapping[str, Any]]]:
    """The corrections among a case's particulars, each with its place; what is no correction is left out."""
    listed = stated_list(particulars, "changes")
    return [(place, each) for place, each in enumerate(listed) if isinstance(each, Mapping)]


def stated_purposes(particulars: Mapping[str, Any] | None) -> list[str]:
    """Codes of purposes among a case's particulars; nobody has looked yet whether there are such."""
    return [each for each in stated_list(particulars, "purposes") if isinstance(each, str)]


def stated_list(particulars: Mapping[str, Any] | None, name: str) -> list[Any]:
    """What is listed under a name among a case's particulars; empty when it is no list."""
    value = (particulars or {}).get(name)
    return value if isinstance(value, list) else []
