"""Queueing the making of an access package, and what follows when it is made or its time is over."""

import secrets
from datetime import timedelta

from privacy.jobs.services import enqueue
from requests.models import SubjectRequest

BUILD_JOB = "requests.build_package"
EXPIRE_JOB = "requests.expire_packages"
KEPT_FOR = timedelta(days=14)
DOWNLOADS = 20


def queue_package(case: SubjectRequest) -> None:
    """Have the package made. Each asking is a slot of its own."""
    enqueue(kind=BUILD_JOB, slot=f"{case.pk}/{secrets.token_hex(4)}")
