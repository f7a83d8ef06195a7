"""Which state of a run may follow which."""

from retention.enums import RunState

RUN_TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.PENDING: frozenset({RunState.RUNNING, RunState.ATTENTION}),
    RunState.RUNNING: frozenset({RunState.COMPLETED, RunState.ATTENTION}),
    RunState.ATTENTION: frozenset({RunState.RUNNING}),
    RunState.COMPLETED: frozenset(),
}
