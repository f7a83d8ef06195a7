"""From the answers of the form to what `services.submit_request` takes."""

from collections.abc import Mapping
from typing import Any

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
