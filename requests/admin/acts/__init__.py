"""What an officer can do with a case, as data: each subject has its acts in a file of its own.

Deciding and approving have pages of their own, because they show more.
"""

from requests.admin.acts import (
    basic,
    clock,
    complaints,
    identity,
    joining,
    languages,
    minors,
    on_paper,
    restrictions,
)
from requests.admin.acts.shape import Act

ACTS: tuple[Act, ...] = (
    *basic.ACTS,
    *clock.ACTS,
    *complaints.ACTS,
    *identity.ACTS,
    *joining.ACTS,
    *languages.ACTS,
    *minors.ACTS,
    *on_paper.ACTS,
    *restrictions.ACTS,
)

__all__ = ["ACTS", "Act"]
