"""Carrying out an approved erasure, and what its runs report back.

Danger: telling a person that their data is gone when some of it is not.
Rule: the case is completed only when every run of the approved plan is completed, and a run is completed only when its
verification counted nothing left over. Everything else leaves the case open, with a problem that says why.
"""

from privacy.ledger.actors import Actor
from requests.errors import PlanMissing
from requests.models import SubjectRequest


def start_erasure(*, case: SubjectRequest, actor: Actor) -> None:
    """Start one run for each source, in the transaction that approves.

    Raises:
        PlanMissing: the rows to be erased are not known.
    """
    from privacy.datamap.subject_plan import PlannedErasure
    from retention.services import start_erasure_run

    if case.frozen_keys is None:
        raise PlanMissing
    planned = PlannedErasure.from_data(case.frozen_keys)
    start_erasure_run(case_id=case.pk, subject=case.subject, planned=planned, actor=actor)
