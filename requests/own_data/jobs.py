"""The jobs of the portal's own data. They may run any number of times."""

from privacy.jobs.registry import JobHandle, register_kind
from privacy.ledger.actors import SYSTEM
from requests.case_files.deleting import delete_overdue_identity_documents, drop_what_never_counted
from requests.case_files.scanning import scan_what_is_unknown
from requests.own_data.files import LEFT_OVER_JOB, delete_left_over_files
from requests.own_data.rules import set_up_own_data

OWN_DATA_JOB = "requests.own_data"


def own_data(job: JobHandle) -> bool:
    """Once an organisation is made, and every day: the portal's own tables are in the data map and have rules."""
    set_up_own_data(actor=SYSTEM)
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
