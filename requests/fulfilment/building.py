"""The packaging job: make the package, or say why it could not be made."""

from collections.abc import Callable

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.errors import DatamapIncomplete
from privacy.errands.errors import FileInfected, FileNotScanned
from privacy.errands.standing import Stand
from privacy.jobs.registry import Retry
from requests.deciding.sources import not_planned, waited_for
from requests.enums import RequestKind, RequestState
from requests.errors import DecisionOutdated
from requests.fulfilment.access_package import build_package
from requests.fulfilment.archive import KeepAlive
from requests.fulfilment.copies import gather_copies
from requests.fulfilment.documents import waits_for_scanner
from requests.fulfilment.portability.package import make_portability_package
from requests.models import SubjectRequest
from requests.problems import (
    DATA_MAP_UNREADY,
    FILE_INFECTED,
    PACKAGE_FAILED,
    SCANNER_AWAY,
    SOURCE_CONNECTED,
    SOURCE_OFF,
    SOURCE_UNREACHABLE,
)
from requests.services.narrowing import void_decision
from requests.services.packaging import waiting_package
from requests.services.planning import forget_problem, note_problem
from requests.traits import Answer, traits_of


def make_package(*, case_id: str, keep_alive: KeepAlive) -> None:
    """Make the package of a case that waits for it; does nothing for any other.

    Raises:
        Retry: a source cannot be reached now or is off, or somebody who was asked for a copy has not answered yet.
    """
    case = SubjectRequest.objects.select_related("subject").get(pk=case_id)
    if case.state != RequestState.EXECUTING or traits_of(case.kind).answer is not Answer.PACKAGE:
        return
    if waiting_package(case) is not None:  # it is made, and waits for the post
        return
    if not_planned(case).exists():  # switched on since, and nobody has decided on what is there
        void_decision(case=case, problem=SOURCE_CONNECTED)
        return
    _wait_for_what_is_off(case)
    if case.kind == RequestKind.PORTABILITY:  # of databases only: nobody is asked for a copy by hand
        _build(case, lambda: make_portability_package(case=case, keep_alive=keep_alive))
        return
    standing = gather_copies(case=case, keep_alive=keep_alive)
    if standing.stand == Stand.WAITS:
        raise Retry(standing.code, standing.pause)
    if standing.stand != Stand.DONE:
        note_problem(case=case, problem=standing.code)
        return
    if waits_for_scanner(case):
        raise Retry(SCANNER_AWAY)
    _build(case, lambda: build_package(case=case, keep_alive=keep_alive))


def _wait_for_what_is_off(case: SubjectRequest) -> None:
    """What the plan has is looked in, or the answer is not given."""
    if waited_for(case).exists():
        note_problem(case=case, problem=SOURCE_OFF)
        raise Retry(SOURCE_OFF)
    forget_problem(case=case, problem=SOURCE_OFF)


def _build(case: SubjectRequest, build: Callable[[], object]) -> None:
    try:
        build()
    except DecisionOutdated:
        void_decision(case=case)
    except FileInfected:
        note_problem(case=case, problem=FILE_INFECTED)
    except FileNotScanned:
        raise Retry(SCANNER_AWAY) from None
    except DatamapIncomplete:
        note_problem(case=case, problem=DATA_MAP_UNREADY)
    except EngineError as error:
        if not error.retryable:
            note_problem(case=case, problem=PACKAGE_FAILED, details=str(error))
            raise
        note_problem(case=case, problem=SOURCE_UNREACHABLE)
        raise Retry(SOURCE_UNREACHABLE) from error
