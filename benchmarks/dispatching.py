"""How long a beat takes to find what is due: 10,000 organisations, of which 100 have something to do."""

import statistics
import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from privacy.jobs import dispatch
from privacy.jobs.models import Job, Schedule
from privacy.tenants.context import public_context

KIND = "bench.nothing"
ROUNDS = 5
ASKED = 500  # organisations asked in turn for the floor, which is this time scaled up to all


def measure(many: int = 10_000, due: int = 100) -> dict[str, Any]:
    """Seconds (median of five) of one round of the dispatcher; the floor asks organisations in turn."""
    with public_context():
        _forget()
        try:
            ours = [_round(many, due) for _again in range(ROUNDS)]
            idle = [_timed(dispatch.make_due_jobs) for _again in range(ROUNDS)]
            floor = _timed(_ask_some) * many / ASKED
        finally:
            _forget()
    median, nothing = statistics.median(ours), statistics.median(idle)
    return {
        "work": f"dispatch, {many:,} schedules, {due} due",
        "floor": f"{floor:.2f} s asking each in turn",
        "ours": f"{median * 1000:.1f} ms; {nothing * 1000:.1f} ms when nothing is due",
        "ratio": round(floor / median, 1),
        "goal": "under 100 ms",
        "met": median < 0.1,
        "figures": {"seconds_due": median, "seconds_idle": nothing, "seconds_one_by_one": floor},
    }


def _round(many: int, due: int) -> float:
    _forget()
    now = timezone.now()
    Schedule.objects.bulk_create(
        Schedule(
            schema_name=f"bench_{number}", kind=KIND, key="daily", every_seconds=86_400,
            next_due_at=now + timedelta(hours=1) * (1 if number >= due else -1),
        )
        for number in range(many)
    )  # fmt: skip
    seconds = _timed(dispatch.make_due_jobs)
    made = Job.objects.filter(kind=KIND).count()
    if made != due:
        raise AssertionError(f"{made} jobs were made where {due} were due")
    return seconds


def _ask_some() -> None:
    names = list(Schedule.objects.filter(kind=KIND).values_list("schema_name", flat=True)[:ASKED])
    for name in names:
        list(Schedule.objects.filter(schema_name=name, enabled=True, next_due_at__lte=timezone.now()))


def _timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _forget() -> None:
    Schedule.objects.filter(kind=KIND).delete()
    Job.objects.filter(kind=KIND).delete()
