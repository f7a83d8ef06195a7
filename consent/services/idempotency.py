"""Idempotency-Key: a caller that repeats a call gets the answer of the first, and nothing is recorded twice.

The page on which an officer records is such a call too, and its number such a key.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.errors import KeyReused
from consent.models import ConsentRecord, IdempotentCall
from privacy.jobs.services import enqueue
from privacy.ledger.sealed import keyed_digest

FORGET = "consent.forget_calls"
REMEMBERED_FOR = timedelta(days=1)


def once(*, caller: str, key: str, body: Any, act: Callable[[], ConsentRecord]) -> ConsentRecord:
    """Do it, or return what came of it when the same caller did it under this key in the last day.

    Args:
        caller: prefix of the API key, or which officer: keys of different callers never meet.
        body: what was sent, as JSON; kept as a keyed digest only.
        act: records the decision.

    Raises:
        KeyReused: the key came with another body before.
    """
    call = _once(caller, key, body, lambda: {"record": act()})
    if call.record is None:
        raise KeyReused(_reused())
    return call.record


def once_for_many(*, caller: str, key: str, body: Any, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The same of a call that records many decisions.

    Args:
        act: records them, and returns the answer as JSON can hold it: numbers of records and reasons, nobody's data.

    Raises:
        KeyReused: the key came with another body before.
    """
    call = _once(caller, key, body, lambda: {"answer": act()})
    if call.answer is None:
        raise KeyReused(_reused())
    return call.answer


def is_remembered(*, caller: str, key: str) -> bool:
    """Whether something was recorded under this key in the last day."""
    since = timezone.now() - REMEMBERED_FOR
    return IdempotentCall.objects.filter(key_digest=_key_digest(caller, key), created_at__gte=since).exists()


def _once(caller: str, key: str, body: Any, act: Callable[[], dict[str, Any]]) -> IdempotentCall:
    """act: does it, and returns what is remembered of it, by column."""
    key_digest = _key_digest(caller, key)
    body_digest = keyed_digest(b"idempotency.body", _written_one_way(body))
    earlier = _earlier(key_digest, body_digest)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            call = IdempotentCall.objects.create(key_digest=key_digest, body_digest=body_digest, **act())
            _forget_later()
            return call
    except IntegrityError:  # the same call arrived twice at once, and the other one was first
        earlier = _earlier(key_digest, body_digest)
        if earlier is None:
            raise
        return earlier


def forget_old_calls() -> int:
    """Delete what is remembered longer than a day. Returns how many calls."""
    return IdempotentCall.objects.filter(created_at__lt=timezone.now() - REMEMBERED_FOR).delete()[0]


def _key_digest(caller: str, key: str) -> bytes:
    return keyed_digest(b"idempotency.key", caller.encode(), key.encode())


def _written_one_way(body: Any) -> bytes:
    """Also of what no decision may hold, such as numbers too large: a list may have bad items among the good."""
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _earlier(key_digest: bytes, body_digest: bytes) -> IdempotentCall | None:
    call = (
        IdempotentCall.objects.select_related("record__purpose", "record__wording", "record__notice", "record__terms")
        .filter(key_digest=key_digest)
        .first()
    )
    if call is None:
        return None
    if call.created_at < timezone.now() - REMEMBERED_FOR:
        call.delete()
        return None
    if bytes(call.body_digest) != body_digest:
        raise KeyReused(_reused())
    return call


def _reused() -> str:
    return _("This Idempotency-Key was used for another call. Use a new key for each decision.")


def _forget_later() -> None:
    """One job for each day removes what is old; queuing it again changes nothing."""
    tomorrow = timezone.now() + REMEMBERED_FOR
    enqueue(kind=FORGET, slot=f"{tomorrow:%Y-%m-%d}", due_at=tomorrow + REMEMBERED_FOR)
