"""Idempotency-Key: a caller that repeats a call gets the answer of the first, and nothing is recorded twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import rfc8785
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
        caller: prefix of the API key: keys of different callers never meet.
        body: what was sent, as JSON; kept as a keyed digest only.
        act: records the decision.

    Raises:
        KeyReused: the key came with another body before.
    """
    key_digest = keyed_digest(b"idempotency.key", caller.encode(), key.encode())
    body_digest = keyed_digest(b"idempotency.body", rfc8785.dumps(body))
    earlier = _earlier(key_digest, body_digest)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            record = act()
            IdempotentCall.objects.create(key_digest=key_digest, body_digest=body_digest, record=record)
            _forget_later()
            return record
    except IntegrityError:  # the same call arrived twice at once, and the other one was first
        earlier = _earlier(key_digest, body_digest)
        if earlier is None:
            raise
        return earlier


def forget_old_calls() -> int:
    """Delete what is remembered longer than a day. Returns how many calls."""
    return IdempotentCall.objects.filter(created_at__lt=timezone.now() - REMEMBERED_FOR).delete()[0]


def _earlier(key_digest: bytes, body_digest: bytes) -> ConsentRecord | None:
    call = (
        IdempotentCall.objects.select_related("record__purpose", "record__wording", "record__notice")
        .filter(key_digest=key_digest)
        .first()
    )
    if call is None:
        return None
    if call.created_at < timezone.now() - REMEMBERED_FOR:
        call.delete()
        return None
    if bytes(call.body_digest) != body_digest:
        raise KeyReused(_("This Idempotency-Key was used for another call. Use a new key for each decision."))
    return call.record


def _forget_later() -> None:
    """One job for each day removes what is old; queuing it again changes nothing."""
    tomorrow = timezone.now() + REMEMBERED_FOR
    enqueue(kind=FORGET, slot=f"{tomorrow:%Y-%m-%d}", due_at=tomorrow + REMEMBERED_FOR)
