"""Which state of a run may follow which."""

from retention.enums import RunKind, RunState

RUN_TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.AWAITING: frozenset({RunState.PENDING, RunState.STOPPED}),
    RunState.PENDING: frozenset({RunState.RUNNING, RunState.PAUSED, RunState.STOPPED}),
    RunState.RUNNING: frozenset(
        {RunState.AWAITING, RunState.PAUSED, RunState.COMPLETED, RunState.ATTENTION, RunState.STOPPED}
    ),
    RunState.PAUSED: frozenset({RunState.PENDING, RunState.RUNNING, RunState.STOPPED}),
    RunState.ATTENTION: frozenset({RunState.RUNNING, RunState.STOPPED}),
    RunState.COMPLETED: frozenset(),
    RunState.STOPPED: frozenset(),
}

AGAIN = frozenset({RunKind.REPLAY, RunKind.KEPT})
"""Kinds of runs that go back to earlier erasures and that no open case stands behind: two officers, on their page."""

GOING_ON = frozenset({RunState.PENDING, RunState.RUNNING})
UNDER_WAY = GOING_ON | {RunState.AWAITING, RunState.PAUSED}
FINAL = frozenset(state for state, following in RUN_TRANSITIONS.items() if not following)
