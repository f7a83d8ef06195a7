"""The jobs of files. Slots name the file by its opaque id; each may run any number of times."""

from privacy.documents.errors import ScannerAway
from privacy.jobs.registry import JobHandle, Retry, register_kind
from requests.case_files.deleting import DELETE_JOB, delete_file
from requests.case_files.scanning import SCAN_JOB, scan_file


def scan(job: JobHandle) -> bool:
    try:
        scan_file(file_id=job.slot)
    except ScannerAway as error:
        raise Retry(error.code) from None
    return True


def delete(job: JobHandle) -> bool:
    delete_file(file_id=job.slot)
    return True


def register() -> None:
    register_kind(SCAN_JOB, scan)
    register_kind(DELETE_JOB, delete, retry_on=(OSError,))
