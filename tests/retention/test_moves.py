"""The states of a run: every pair, allowed or refused, and one door."""

import itertools
import re
from pathlib import Path
from uuid import uuid4

import pytest

from privacy.datamap.models import Source
from retention import moves
from retention.enums import RunKind, RunState
from retention.errors import IllegalMove
from retention.models import Run
from retention.transitions import FINAL, RUN_TRANSITIONS

RETENTION = Path(moves.__file__).parent


def _run(state: str) -> Run:
    source, _made = Source.objects.get_or_create(name="CRM", defaults={"address": "postgresql://login@db/crm"})
    completed = {"completed_at": "2026-01-01T00:00Z"} if state == RunState.COMPLETED else {}
    return Run.objects.create(
        kind=RunKind.RETENTION, source=source, slot=uuid4().hex, plan={}, plan_hash="", state=state,
        actor_kind="system", **completed,
    )  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(itertools.product(RunState, RunState)))
def test_a_run_moves_only_where_the_transitions_lead(alpha, before, after):
    run = _run(before)
    if after in RUN_TRANSITIONS[before]:
        moves.move(run, after)
        run.refresh_from_db()
        assert run.state == after
    else:
        with pytest.raises(IllegalMove):
            moves.move(run, after)


def test_completed_and_stopped_are_the_end():
    assert frozenset({RunState.COMPLETED, RunState.STOPPED}) == FINAL


def test_a_completed_run_keeps_no_keys(alpha):
    run = _run(RunState.RUNNING)
    run.frozen_keys = {"keys": ["1"]}
    run.save()
    moves.move(run, RunState.COMPLETED)
    run.refresh_from_db()
    assert (run.frozen_keys, run.completed_at is not None) == (None, True)


def test_nobody_else_assigns_the_state_of_a_run():
    assigns = re.compile(r"\brun\.state\s*=[^=]")
    files = [path for path in RETENTION.rglob("*.py") if assigns.search(path.read_text())]
    assert [path.name for path in files] == ["moves.py"]
