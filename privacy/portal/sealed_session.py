"""Keeping what a person typed between two pages.

Danger: sessions are rows in a table, readable to whoever reads the database.
Rule: what a person typed is encrypted like every other personal data, and forgotten after an hour.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from privacy.subjects.crypto import CannotDecrypt, decrypt, encrypt

KEPT_FOR = timedelta(hours=1)


def keep(request: HttpRequest, name: str, values: dict[str, Any]) -> None:
    """Keep values in the visitor's session for an hour from now."""
    until = (timezone.now() + KEPT_FOR).isoformat()
    sealed = encrypt(json.dumps({"until": until, "values": values}), context=_context(name))
    request.session[name] = base64.b64encode(sealed).decode()


def kept(request: HttpRequest, name: str) -> dict[str, Any]:
    """What was kept; empty when there is nothing, or its time has passed."""
    sealed = request.session.get(name)
    if not isinstance(sealed, str):
        return {}
    try:
        found = json.loads(decrypt(base64.b64decode(sealed), context=_context(name)))
    except (CannotDecrypt, ValueError):
        return {}
    if datetime.fromisoformat(found["until"]) <= timezone.now():
        forget(request, name)
        return {}
    return found["values"]


def forget(request: HttpRequest, name: str) -> None:
    request.session.pop(name, None)


def _context(name: str) -> str:
    return f"portal.session.{name}"
