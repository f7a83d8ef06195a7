"""Which state of a case may follow which. `services.move` is the only door."""

from requests.enums import RequestState as S

TRANSITIONS: dict[S, frozenset[S]] = {
    S.UNCONFIRMED: frozenset({S.RECEIVED, S.LAPSED, S.WITHDRAWN}),
    S.RECEIVED: frozenset({S.PLANNING, S.IDENTITY_REJECTED, S.WITHDRAWN}),
    S.PLANNING: frozenset({S.DECIDING, S.WITHDRAWN}),
    S.DECIDING: frozenset({S.PLANNING, S.AWAITING_APPROVAL, S.EXECUTING, S.REFUSED, S.WITHDRAWN}),
    S.AWAITING_APPROVAL: frozenset({S.EXECUTING, S.DECIDING, S.WITHDRAWN}),
    S.EXECUTING: frozenset({S.COMPLETED, S.PLANNING}),
    S.COMPLETED: frozenset(),
    S.REFUSED: frozenset(),
    S.IDENTITY_REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.LAPSED: frozenset(),
}

CLOSED = frozenset(state for state, following in TRANSITIONS.items() if not following)
OPEN = frozenset(TRANSITIONS) - CLOSED
