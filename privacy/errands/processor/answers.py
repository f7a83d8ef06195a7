"""What a processor answered, verified before it is read."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from privacy.errands.errors import ProcessorProblem
from privacy.errands.models import Errand, Processor
from privacy.errands.processor.client import Answer, host_of
from privacy.errands.processor.signatures import verify

STATUSES = frozenset({"pending", "in_progress", "completed", "cancelled"})


@dataclass(frozen=True)
class Said:
    """A status, as the processor signed it. `raw` is what was signed."""

    status: str
    expected_at: datetime | None
    results_url: str
    results_count: int | None
    raw: bytes


def read_accepted(answer: Answer, errand: Errand, processor: Processor, question: bytes) -> datetime | None:
    """See that the processor took exactly our question; when it expects to be done.

    Raises:
        ProcessorProblem: it did not say so, or not in a way that can be believed.
    """
    body = _verified(answer, errand, processor)
    try:
        encoded = base64.b64decode(body.get("encoded_request", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ProcessorProblem("processor_answer") from None
    if encoded != question:
        raise ProcessorProblem("processor_answer")
    return _moment(body.get("expected_completion_time"))


def read_status(answer: Answer, errand: Errand, processor: Processor) -> Said:
    """Where the question stands.

    Raises:
        ProcessorProblem: it cannot be believed or understood.
    """
    body = _verified(answer, errand, processor)
    status, count = body.get("request_status"), body.get("results_count")
    if status not in STATUSES:
        raise ProcessorProblem("processor_answer")
    return Said(
        status=status,
        expected_at=_moment(body.get("expected_completion_time")),
        results_url=str(body.get("results_url") or ""),
        results_count=count if isinstance(count, int) and not isinstance(count, bool) else None,
        raw=answer.body,
    )


def _verified(answer: Answer, errand: Errand, processor: Processor) -> dict[str, Any]:
    verify(body=answer.body, headers=answer.headers, key_pem=processor.key_pem, domain=host_of(processor))
    try:
        body = json.loads(answer.body)
    except ValueError:
        raise ProcessorProblem("processor_answer") from None
    if not isinstance(body, dict) or body.get("controller_id") != processor.controller_id:
        raise ProcessorProblem("processor_answer")
    if body.get("subject_request_id") != str(errand.pk):
        raise ProcessorProblem("processor_answer")
    return body


def _moment(text: object) -> datetime | None:
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if text is not None and (found is None or found.tzinfo is None):
        raise ProcessorProblem("processor_answer")
    return found
