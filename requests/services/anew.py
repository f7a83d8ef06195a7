"""Planning or deciding a case anew: what it then has not, and the job that looks for the data."""

import secrets
from typing import Any

from privacy.jobs.services import enqueue
from requests.models import SubjectRequest

PLAN_JOB = "requests.plan"


def queue_planning(case: SubjectRequest) -> None:
    """Have the data looked for. Each asking is a slot of its own: an earlier job may be just about to end."""
    enqueue(kind=PLAN_JOB, slot=f"{case.pk}/{secrets.token_hex(4)}")


def no_plan() -> dict[str, Any]:
    """The fields of a case without a plan."""
    return {"plan": None, "plan_hash": "", "planned_at": None, "frozen_keys": None}


def undecided() -> dict[str, Any]:
    """The fields of a case whose decision does not count any more."""
    return {"decided_by": None, "decided_at": None, "outcome": ""}
