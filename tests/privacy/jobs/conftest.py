from collections.abc import Callable

import pytest
from django.utils import timezone

from privacy.jobs import registry
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle, Kind
from privacy.jobs.services import enqueue

KIND = "test.work"


class Work:
    """A kind of job whose handler is set by the test; remembers the slots it was called with."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.act: Callable[[JobHandle], bool] = lambda job: True

    def handle(self, job: JobHandle) -> bool:
        self.calls.append(job.slot)
        return self.act(job)


@pytest.fixture
def work(monkeypatch) -> Work:
    made = Work()
    monkeypatch.setitem(registry._kinds, KIND, Kind(KIND, made.handle, (ConnectionError,)))
    return made


def queued(slot: str = "1") -> Job:
    """A job of the organisation that the test is in, due now."""
    assert enqueue(kind=KIND, slot=slot, due_at=timezone.now()) is True
    return Job.objects.get(kind=KIND, slot=slot)
