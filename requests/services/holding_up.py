"""An approved erasure that a hold stops: the case says so, and whoever answers for it is told once.

Danger: an erasure that the person was told of waits for years, and nobody notices.
Rule: a run that waits for a hold is a problem of its case until it goes on, and a letter to its officers says so.
"""

from django.db import transaction

from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.letters.addresses import portal_url
from privacy.letters.services import write_letter
from privacy.register.selectors import profile
from requests.enums import RequestState
from requests.models import SubjectRequest
from requests.problems import DATASET_HELD, HELD
from requests.services.deadlines import responsible_addresses
from requests.services.execution import current_runs
from retention.models import Run

BY_A_HOLD = frozenset({HELD, DATASET_HELD})


def erasure_run_waits(run: Run) -> None:
    """Told by retention, each time it looks, when a run waits. Anything but a hold passes by itself."""
    if run.case_id is None or run.problem not in BY_A_HOLD:
        return
    with transaction.atomic():
        case = SubjectRequest.objects.select_for_update().filter(pk=run.case_id).first()
        if case is None:  # it went under its own retention rule; the run's page still says why it waits
            return
        if case.state != RequestState.EXECUTING or case.problem or not current_runs(case).filter(pk=run.pk).exists():
            return
        case.problem = run.problem
        case.save(update_fields=["problem"])
        record(action="subject_request.problem", actor=SYSTEM, target=case, data={"problem": run.problem})
        _tell_officers(case)


def _tell_officers(case: SubjectRequest) -> None:
    for address in responsible_addresses(case):
        write_letter(
            kind="case_held", subject=None, address=address, actor=SYSTEM,
            context={
                "reference": case.reference, "day": case.due_on,
                "page": portal_url(f"/officer/requests/subjectrequest/{case.pk}/change/"), "organisation": profile(),
            },
        )  # fmt: skip
