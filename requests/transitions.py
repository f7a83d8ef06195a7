"""Which state of a case may follow which. `services.move` is the only door."""

from requests.enums import RequestState as S

_NOT_A_CASE = frozenset({S.JOINED, S.SPAM})  # another case is handled in its place, or nobody asked for anything

TRANSITIONS: dict[S, frozenset[S]] = {
    S.UNCONFIRMED: frozenset({S.RECEIVED, S.DECIDING, S.LAPSED, S.WITHDRAWN}) | _NOT_A_CASE,
    S.RECEIVED: frozenset({S.PLANNING, S.DECIDING, S.IDENTITY_REJECTED, S.WITHDRAWN}) | _NOT_A_CASE,
    S.PLANNING: frozenset({S.DECIDING, S.WITHDRAWN, S.JOINED}),
    S.DECIDING: frozenset(
        # Identity rejected: the authority of who asks for the person has ended, and no new one was shown.
        {S.PLANNING, S.AWAITING_APPROVAL, S.EXECUTING, S.COMPLETED, S.REFUSED, S.WITHDRAWN, S.IDENTITY_REJECTED}
    )
    | _NOT_A_CASE,
    S.AWAITING_APPROVAL: frozenset({S.COOLING_OFF, S.EXECUTING, S.DECIDING, S.WITHDRAWN}),
    S.COOLING_OFF: frozenset({S.EXECUTING, S.PLANNING, S.DECIDING, S.WITHDRAWN}),
    S.EXECUTING: frozenset({S.COMPLETED, S.PLANNING, S.DECIDING}),
    S.COMPLETED: frozenset(),
    S.REFUSED: frozenset(),
    S.IDENTITY_REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.LAPSED: frozenset(),
    S.JOINED: frozenset(),
    S.SPAM: frozenset(),
}

CLOSED = frozenset(state for state, following in TRANSITIONS.items() if not following)
OPEN = frozenset(TRANSITIONS) - CLOSED
