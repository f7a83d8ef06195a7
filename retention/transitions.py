"""Which state of a run may follow which."""

from retention.enums import RunState

RUN_TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.AWAITING: frozenset({RunState.PENDING, RunState.STOPPED}),
    RunState.PENDING: frozenset({RunState.RUNNING, RunState.STOPPED}),
    RunState.RUNNING: frozenset({RunState.AWAITING, RunState.COMPLETED, RunState.ATTENTION, RunState.STOPPED}),
    RunState.ATTENTION: frozenset({RunState.RUNNING, RunState.STOPPED}),
    RunState.COMPLETED: frozenset(),
    RunState.STOPPED: frozenset(),
}

FINAL = frozenset(state for state, following in RUN_TRANSITIONS.items() if not following)
