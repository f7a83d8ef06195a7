"""Keeping what a person typed between two pages.

Danger: sessions are rows in a table, readable to whoever reads the database.
Rule: what a person typed is encrypted like every other personal data, and forgotten after an hour.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
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


@contextmanager
def alone_in_session(request: HttpRequest) -> Iterator[None]:
    """Let no other request of this visitor act at the same time: the second click of two finds what the first left."""
    with transaction.atomic():
        Session.objects.select_for_update().filter(session_key=request.session.session_key).first()
        request.session.__dict__.pop("_session_cache", None)  # read again, now that nobody else can write it
        yield
        if request.session.modified:
            request.session.save()


def _context(name: str) -> str:
    return f"portal.session.{name}"
