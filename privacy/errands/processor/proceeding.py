"""Getting on with what a processor was asked.

Danger: to ask twice for what was accepted once, or to believe "done" from somebody else.
Rule: that we ask is written down before the question leaves; a question whose answer was lost is asked after by its id,
and sent again only when the processor does not know it. Only a signed status closes an errand; it is kept as proof.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
from django.db.models import Min
from django.utils import timezone

from privacy.datamap.models import Source
from privacy.errands.errors import ErrandClosed, FileInfected, FileNotScanned, ProcessorProblem
from privacy.errands.files import drop_file, store_file
from privacy.errands.models import Errand, ErrandFile, ErrandState, ErrandWork, FileRole, Processor
from privacy.errands.processor.answers import Said, read_accepted, read_status
from privacy.errands.processor.asking import message, new_callback
from privacy.errands.processor.client import Answer, call, download
from privacy.errands.services.closing import close_errand
from privacy.errands.standing import Stand, Standing

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
_KINDS = {"application/json": "json", "text/csv": "csv", "application/zip": "zip", "application/pdf": "pdf"}
_CLOSED = {
    ErrandState.DONE: Standing(Stand.DONE, "signed_by_processor"),
    ErrandState.NOTHING_FOUND: Standing(Stand.DONE, "signed_by_processor"),
    ErrandState.IMPOSSIBLE: Standing(Stand.FAILED, "processor_cancelled"),
    ErrandState.CANCELLED: Standing(Stand.VOID, "approval_void"),
}


def waited_for_since(source: Source) -> datetime | None:
    """When the oldest question was asked that a processor should still answer.

    Not one that it has cancelled, and none that was due before it was last heard of: that is late, and told so.
    """
    waiting = Errand.objects.filter(source=source, state=ErrandState.OPEN, asked_at__isnull=False)
    waiting = waiting.exclude(status="cancelled")
    if source.last_seen_at is not None:
        waiting = waiting.exclude(expected_at__lt=source.last_seen_at)
    return waiting.aggregate(first=Min("asked_at"))["first"]


def proceed(errand: Errand) -> Standing:
    """Ask, or ask how it stands. May die anywhere and be called again."""
    if errand.state != ErrandState.OPEN:
        return _CLOSED[ErrandState(errand.state)]
    processor = errand.source.processor
    try:
        said = _ask(errand, processor) if errand.accepted_at is None else _poll(errand, processor)
        return _after(errand, processor, said)
    except ProcessorProblem as problem:
        if problem.passing:
            return Standing(Stand.WAITS, problem.code, _count(errand))
        return Standing(Stand.FAILED, problem.code)
    except FileInfected:
        return Standing(Stand.FAILED, "processor_malware")
    except FileNotScanned:
        return Standing(Stand.WAITS, "scanner_away", _count(errand))


def _ask(errand: Errand, processor: Processor) -> Said | None:
    """Send the question, unless the processor has it already; what it said of it, if it was asked after."""
    if errand.asked_at is not None:
        answer = call(processor, "GET", f"/requests/{errand.pk}")
        if answer.status != httpx.codes.NOT_FOUND:
            said = _status(answer, errand, processor)
            _save(errand, accepted_at=timezone.now(), expected_at=said.expected_at)
            return said
    token, digest = new_callback()
    question = message(errand, processor, token)
    _save(errand, asked_at=errand.asked_at or timezone.now(), callback_digest=digest)
    answer = _usable(call(processor, "POST", "/requests", question))
    expected = read_accepted(answer, errand, processor, question)
    _heard_of(errand.source)
    _save(errand, accepted_at=timezone.now(), expected_at=expected, status="pending")
    return None


def _poll(errand: Errand, processor: Processor) -> Said:
    return _status(call(processor, "GET", f"/requests/{errand.pk}"), errand, processor)


def _status(answer: Answer, errand: Errand, processor: Processor) -> Said:
    said = read_status(_usable(answer), errand, processor)
    _heard_of(errand.source)
    return said


def _heard_of(source: Source) -> None:
    """Only what it has signed tells that the processor is there; a callback makes us ask, and then it answers."""
    source.last_seen_at = timezone.now()
    source.save(update_fields=["last_seen_at"])


def _usable(answer: Answer) -> Answer:
    if answer.status in (httpx.codes.OK, httpx.codes.CREATED, httpx.codes.ACCEPTED):
        return answer
    passing = answer.status >= 500 or answer.status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.CONFLICT)
    refused = answer.status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
    raise ProcessorProblem("processor_refused" if refused else "processor_error", passing=passing)


def _after(errand: Errand, processor: Processor, said: Said | None) -> Standing:
    if said is not None:
        _save(errand, status=said.status, expected_at=said.expected_at or errand.expected_at)
        if said.status == "completed":
            return _complete(errand, processor, said)
        if said.status == "cancelled":
            return Standing(Stand.FAILED, "processor_cancelled")
    if errand.expected_at is not None and errand.expected_at < timezone.now():
        return Standing(Stand.FAILED, "processor_late")
    return Standing(Stand.WAITS, "waits_for_processor", _count(errand))


def _complete(errand: Errand, processor: Processor, said: Said) -> Standing:
    files: list[ErrandFile] = []
    state = ErrandState.DONE
    if errand.work == ErrandWork.ACCESS:
        if said.results_url:
            files.append(_fetch(errand, processor, said.results_url))
        elif said.results_count == 0:
            state = ErrandState.NOTHING_FOUND
        else:
            raise ProcessorProblem("processor_no_results")
    files.append(store_file(errand=errand, role=FileRole.PROOF, name="status.json", chunks=[said.raw]))
    try:
        close_errand(errand=errand, state=state, files=files)
    except ErrandClosed:  # stopped meanwhile, or another worker was faster
        for file in files:
            drop_file(file)
        errand.refresh_from_db()
        return _CLOSED[ErrandState(errand.state)]
    return _CLOSED[state]


def _fetch(errand: Errand, processor: Processor, url: str) -> ErrandFile:
    with download(processor, url) as (content_type, chunks):
        kind = _KINDS.get(content_type.partition(";")[0].strip().lower(), "bin")
        return store_file(errand=errand, role=FileRole.COPY, name=f"results.{kind}", chunks=_all_of(chunks))


def _all_of(chunks: Iterator[bytes]) -> Iterator[bytes]:
    empty = True
    for chunk in chunks:
        empty = False
        yield chunk
    if empty:
        raise ProcessorProblem("processor_no_results")


def _count(errand: Errand) -> timedelta:
    """How long to wait before asking again: twice as long each time."""
    _save(errand, polls=errand.polls + 1)
    return min(_FIRST_PAUSE * 2 ** min(errand.polls - 1, 12), _LONGEST_PAUSE)


def _save(errand: Errand, **changes: object) -> None:
    for name, value in changes.items():
        setattr(errand, name, value)
    errand.save(update_fields=list(changes))
