"""A look for erased people longer than a slice: interrupted after every batch, it says what a whole one says."""

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.engine import identities
from privacy.datamap.models import Finding
from privacy.jobs.models import Job, JobState
from privacy.jobs.registry import JobHandle, LeaseLost
from privacy.jobs.runner import run_job
from privacy.ledger.models import LedgerEntry
from retention.erased.slices import look_slice
from retention.jobs import LOOK_JOB, erased_due
from retention.models import ErasedLook, ReturnedRow
from tests.retention.erased.conftest import erase
from tests.sources import change

OURS = "SELECT max(contact_id) FROM crm.contact WHERE operated_by = 'offixpro'"
CALL_HER = f"UPDATE crm.contact SET email = %s WHERE contact_id = ({OURS})"
BATCH = 40


@pytest.fixture
def look(offixpro, crm, settings, monkeypatch) -> Job:
    """The job of a look at a source to which Ama came back; a slice is over after one batch of forty rows."""
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    stream = identities.stream_identities
    monkeypatch.setattr(
        "retention.erased.looking.stream_identities", lambda *a, **named: stream(*a, **named, batch_rows=BATCH)
    )
    settings.JOB_SLICE_SECONDS = 0
    erased_due(JobHandle(1, "daily", 1, "me"))
    return Job.objects.get(kind=LOOK_JOB)


def slices(job: Job) -> int:
    for number in range(1, 200):
        if not run_job(job_id=job.pk):
            return number
    raise AssertionError("the look did not come to an end in 200 slices")


def test_a_look_in_many_slices_finds_what_one_look_finds(look):
    assert slices(look) > 3
    look.refresh_from_db()
    assert (look.state, ErasedLook.objects.count()) == (JobState.DONE, 0)
    assert Finding.objects.get(code="erased_came_back").count == 1
    (entry,) = LedgerEntry.objects.filter(action="erasures.verified")
    assert (entry.data["back"], entry.data["complete"], entry.data["rows_read"] > 3 * BATCH) == (1, True, True)


def test_a_row_is_called_gone_only_when_the_last_row_was_read(look, crm):
    slices(look)
    assert ReturnedRow.objects.get().gone_at is None
    change(crm, CALL_HER, "nobody@example.com")
    Job.objects.filter(pk=look.pk).update(state=JobState.PENDING, finished_at=None)
    assert run_job(job_id=look.pk) is True
    assert (ReturnedRow.objects.get().gone_at, ErasedLook.objects.get().after is not None) == (None, True)
    slices(look)
    assert ReturnedRow.objects.get().gone_at is not None
    assert Finding.objects.get(code="erased_came_back").resolved_at is not None


def test_a_worker_that_lost_its_lease_moves_nothing_on(look, offixpro):
    with pytest.raises(LeaseLost):
        look_slice(JobHandle(look.pk, look.slot, 1, "nobody"), offixpro)
    stored = ErasedLook.objects.get()
    assert (stored.after, stored.done, stored.rows_read) == (None, [], 0)


def test_a_table_that_cannot_be_read_fails_the_look_at_its_end_and_hides_nothing(look, crm):
    change(crm, "ALTER TABLE crm.workspace RENAME COLUMN billing_email TO bills")
    with pytest.raises(Exception):  # noqa: B017, PT011
        slices(look)
    look.refresh_from_db()
    assert look.state == JobState.FAILED
    assert Finding.objects.get(code="erased_came_back").place == "crm.contact"
    assert LedgerEntry.objects.get(action="erasures.verified").data["complete"] is False
