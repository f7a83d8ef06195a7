"""The planning job: look for the data, keep what was found, or say why it could not be looked for."""

from privacy.datamap.engine.errors import EngineError, PlanRefused
from privacy.datamap.errors import DatamapIncomplete
from privacy.jobs.registry import Retry
from requests.enums import RequestState
from requests.models import SubjectRequest
from requests.problems import DATA_MAP_UNREADY, NOT_TO_BE_SPARED, PLANNING_FAILED, SOURCE_UNREACHABLE
from requests.services.found import find_data
from requests.services.narrowing import void_decision
from requests.services.planning import keep_plan, note_problem


def look_for_data(*, case_id: str) -> None:
    """Plan a case that waits for its plan; does nothing for any other.

    Raises:
        Retry: a source cannot be reached now.
    """
    case = SubjectRequest.objects.select_related("subject").get(pk=case_id)
    if case.state != RequestState.PLANNING:
        return
    try:
        found = find_data(case)
    except DatamapIncomplete:
        note_problem(case=case, problem=DATA_MAP_UNREADY)
        return
    except EngineError as error:
        if case.decided_at is not None and _keeps_what_is_referred_to(error):
            void_decision(case=case, problem=NOT_TO_BE_SPARED)
            return
        if not error.retryable:
            note_problem(case=case, problem=PLANNING_FAILED, details=str(error))
            raise
        note_problem(case=case, problem=SOURCE_UNREACHABLE)
        raise Retry(SOURCE_UNREACHABLE) from error
    keep_plan(case=case, found=found)


def _keeps_what_is_referred_to(error: EngineError) -> bool:
    """Whether it is the decision that stands against the plan: what it spares refers to what it lets go."""
    return isinstance(error, PlanRefused) and any(each.is_referred_to for each in error.problems)
