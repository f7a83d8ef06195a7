"""The jobs of the portal's own data. They may run any number of times."""

from datetime import timedelta

from django.utils import timezone

from consent.services.expiry import EXPIRY_JOB
from privacy.jobs.registry import JobHandle, register_kind
from privacy.jobs.services import set_schedule
from privacy.ledger.actors import SYSTEM
from requests.case_files.deleting import delete_overdue_identity_documents, drop_what_never_counted
from requests.case_files.scanning import scan_what_is_unknown
from requests.own_data.files import LEFT_OVER_JOB, delete_left_over_files
from requests.own_data.rules import set_up_own_data
from requests.services.deadlines import DEADLINES_JOB

OWN_DATA_JOB = "requests.own_data"


def own_data(job: JobHandle) -> bool:
    """Once an organisation is made, and every day: the portal's own tables are in the data map and have rules."""
    set_up_own_data(actor=SYSTEM)
    # organisations that were made before there were these looks get them here
    set_schedule(kind=DEADLINES_JOB, key="hourly", every=timedelta(hours=1), first_due_at=timezone.now())
    set_schedule(kind=EXPIRY_JOB, key="daily", every=timedelta(days=1), first_due_at=timezone.now())
    delete_overdue_identity_documents()
    scan_what_is_unknown()
    drop_what_never_counted()
    delete_left_over_files()
    return True


def left_over(job: JobHandle) -> bool:
    delete_left_over_files()
    return True


def register() -> None:
    register_kind(OWN_DATA_JOB, own_data, retry_on=(OSError,))
    register_kind(LEFT_OVER_JOB, left_over, retry_on=(OSError,))
