"""Asking to be sent a link, without learning whether we know the person.

Danger: an answer, or the time it takes, that differs for known and unknown people tells strangers who a customer is.
Rule: the visitor's request does one thing whoever asks: it keeps what was typed, encrypted, and queues a job. The job
looks the person up, writes a letter when there is somebody to write to, and forgets what was typed.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from privacy.jobs.services import enqueue
from privacy.subjects.models import LinkEnquiry

RESOLVE = "subjects.resolve_enquiry"
FORGET_AFTER = timedelta(days=7)

Resolver = Callable[[dict[str, Any]], None]

_resolvers: dict[str, Resolver] = {}


def register_resolver(purpose: str, function: Resolver) -> None:
    """Say who looks people up for a purpose; called in `AppConfig.ready()`.

    Args:
        purpose: stable name, 40 characters at most (`requests.tracking`).
        function: gets the payload as it was asked with, inside the organisation and in a transaction; writes a letter
            or does nothing. It may raise `privacy.jobs.registry.Retry`; the enquiry then waits.

    Raises:
        ValueError: another function is registered for this purpose.
    """
    if _resolvers.setdefault(purpose, function) is not function:
        raise ValueError(f"the purpose {purpose!r} has two resolvers: register one")


@transaction.atomic
def ask(purpose: str, payload: dict[str, Any]) -> None:
    """Keep an enquiry and queue its resolution: the same work whatever was typed.

    Args:
        purpose: one that has a resolver.
        payload: what was typed, as JSON holds it. Check its form only; look nothing up before calling.

    Raises:
        LookupError: nobody registered a resolver for this purpose.
    """
    _resolver(purpose)
    enquiry = LinkEnquiry.objects.create(purpose=purpose, payload=payload)
    enqueue(kind=RESOLVE, slot=str(enquiry.pk))


@transaction.atomic
def resolve(*, enquiry_id: uuid.UUID | str) -> None:
    """Hand an enquiry to its resolver and delete it: both or neither. An enquiry that is gone was resolved before."""
    enquiry = LinkEnquiry.objects.select_for_update().filter(pk=enquiry_id).first()
    if enquiry is not None:
        _resolver(enquiry.purpose)(enquiry.payload)
        enquiry.delete()
    LinkEnquiry.objects.filter(created_at__lt=timezone.now() - FORGET_AFTER).delete()


def _resolver(purpose: str) -> Resolver:
    try:
        return _resolvers[purpose]
    except KeyError:
        raise LookupError(f"no app registered a resolver for enquiries of purpose {purpose!r}") from None
