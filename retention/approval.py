"""Whether an erasure is still approved. Higher rooms register who knows; retention does not know them.

Danger: an erasure that goes on after its approval was voided or its case ended.
Rule: it is asked before every chunk and before a run is resumed; where nobody knows, the answer is no.
"""

from collections.abc import Callable

from retention.models import Run

Resolver = Callable[[Run], bool]

_resolvers: list[Resolver] = []


def register_approval(function: Resolver) -> None:
    """Have a function asked whether an erasure run is still approved. All that are registered have to say yes."""
    if function not in _resolvers:
        _resolvers.append(function)


def is_approved(run: Run) -> bool:
    """Whether the case of an erasure run is being carried out under the approval that the run was started for."""
    return bool(_resolvers) and all(says_yes(run) for says_yes in _resolvers)
