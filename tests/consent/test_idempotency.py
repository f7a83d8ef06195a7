from datetime import timedelta

import pytest
from django.utils import timezone

from consent.errors import KeyReused
from consent.models import ConsentRecord, IdempotentCall
from consent.services import record_consent
from consent.services.idempotency import FORGET, forget_old_calls, once
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM


@pytest.fixture
def act(purposes, ama):
    return lambda: record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )


def _grow_old():
    IdempotentCall.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))


def test_callers_do_not_share_keys(act):
    records = [once(caller=caller, key="k", body=1, act=act) for caller in ("one", "two", "one")]
    assert records[0] == records[2] != records[1]


def test_the_body_counts_and_not_how_it_is_written(act):
    first = once(caller="one", key="k", body={"a": 1, "b": [2]}, act=act)
    assert once(caller="one", key="k", body={"b": [2], "a": 1}, act=act) == first
    with pytest.raises(KeyReused):
        once(caller="one", key="k", body={"a": 1, "b": [3]}, act=act)


def test_a_key_is_free_again_after_a_day(act):
    once(caller="one", key="k", body=1, act=act)
    _grow_old()
    once(caller="one", key="k", body=2, act=act)
    assert (ConsentRecord.objects.count(), IdempotentCall.objects.count()) == (2, 1)


def test_old_calls_are_forgotten_by_a_job(act):
    once(caller="one", key="old", body=1, act=act)
    _grow_old()
    once(caller="one", key="new", body=1, act=act)
    job = Job.objects.get(kind=FORGET)
    assert job.due_at > timezone.now() + timedelta(days=1)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    run_job(job_id=job.pk)
    assert IdempotentCall.objects.count() == 1
    assert forget_old_calls() == 0
