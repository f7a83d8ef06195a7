"""The jobs of cases. Slots name the case by its opaque id; each may run any number of times and does its work once."""

from datetime import date

from privacy.jobs.registry import JobHandle, register_kind
from privacy.jobs.services import renew
from requests.fulfilment.building import make_package
from requests.fulfilment.deleting import expire_package
from requests.services.carrying_out import carry_out_corrections
from requests.services.closing import lapse_request
from requests.services.cooling_off import COOLING_OFF_JOB, end_cooling_off
from requests.services.correcting import CORRECT_JOB
from requests.services.deadlines import DEADLINES_JOB, look_at_deadlines
from requests.services.fees import LAPSE_FEE_JOB, lapse_fee
from requests.services.identity_asking import LAPSE_IDENTITY_JOB, lapse_identity
from requests.services.intake import LAPSE_JOB, LAPSES_AFTER
from requests.services.locks import RELEASE_JOB, release_after_recourse
from requests.services.looking import look_for_data
from requests.services.matching import MATCH_JOB, match_identity
from requests.services.packaging import BUILD_JOB, EXPIRE_JOB
from requests.services.planning import PLAN_JOB
from retention.heartbeat import kept_alive


def match(job: JobHandle) -> bool:
    match_identity(case_id=job.slot)
    return True


def plan(job: JobHandle) -> bool:
    look_for_data(case_id=_case_id(job))
    return True


def build(job: JobHandle) -> bool:
    with kept_alive(job):  # a processor may be slow to hand out its results
        make_package(case_id=_case_id(job), keep_alive=lambda: renew(job_id=job.id, lease_owner=job.lease_owner))
    return True


def expire(job: JobHandle) -> bool:
    expire_package(package_id=job.slot)
    return True


def lapse(job: JobHandle) -> bool:
    lapse_request(case_id=job.slot, after=LAPSES_AFTER)
    return True


def end_recourse(job: JobHandle) -> bool:
    release_after_recourse(case_id=job.slot)
    return True


def cooling_off(job: JobHandle) -> bool:
    end_cooling_off(case_id=_case_id(job))
    return True


def correct(job: JobHandle) -> bool:
    carry_out_corrections(case_id=_case_id(job))
    return True


def lapse_of_fee(job: JobHandle) -> bool:
    case_id, _mark, estimate_id = job.slot.partition("/")
    lapse_fee(case_id=case_id, estimate_id=int(estimate_id))
    return True


def lapse_of_identity(job: JobHandle) -> bool:
    case_id, _mark, until = job.slot.partition("/")
    lapse_identity(case_id=case_id, until=date.fromisoformat(until))
    return True


def deadlines(job: JobHandle) -> bool:
    with kept_alive(job):
        look_at_deadlines()
    return True


def _case_id(job: JobHandle) -> str:
    """A slot is the case's id and a mark that tells repeated askings apart."""
    return job.slot.partition("/")[0]


def register() -> None:
    register_kind(MATCH_JOB, match)
    register_kind(PLAN_JOB, plan)
    register_kind(BUILD_JOB, build)
    register_kind(EXPIRE_JOB, expire)
    register_kind(LAPSE_JOB, lapse)
    register_kind(RELEASE_JOB, end_recourse)
    register_kind(COOLING_OFF_JOB, cooling_off)
    register_kind(CORRECT_JOB, correct)
    register_kind(LAPSE_FEE_JOB, lapse_of_fee)
    register_kind(LAPSE_IDENTITY_JOB, lapse_of_identity)
    register_kind(DEADLINES_JOB, deadlines)
