"""Work of one organisation is done in it, whoever asks, and nobody can ask for another's."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from privacy.jobs import registry
from privacy.jobs.models import Job, JobState, Schedule
from privacy.jobs.registry import LeaseLost
from privacy.jobs.runner import run_job
from privacy.jobs.services import claim, enqueue, renew, requeue, set_schedule
from privacy.jobs.tasks import run_jobs
from privacy.officers.models import Officer
from privacy.tenants.context import current_organisation, organisation_context, public_context
from privacy.tenants.errors import NoOrganisation, OrganisationNotServed
from privacy.tenants.models import Organisation
from tests.closing import set_state

KIND = "test.note_down"


@pytest.fixture
def done(monkeypatch):
    """What handlers of the kind saw: (organisation, slot, schema of their statements)."""
    seen = []

    def handle(job):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            seen.append((current_organisation().slug, job.slot, cursor.fetchone()[0]))
        Officer.objects.update(full_name=f"Changed by {job.slot}")
        return True

    monkeypatch.setattr(registry, "_kinds", {})
    registry.register_kind(KIND, handle)
    return seen


def queue(organisation, slot: str) -> Job:
    with organisation_context(organisation):
        enqueue(kind=KIND, slot=slot)
        return Job.objects.get(kind=KIND, slot=slot)


def names_in(organisation) -> set[str]:
    with organisation_context(organisation):
        return set(Officer.objects.values_list("full_name", flat=True))


def test_a_job_runs_in_its_organisation_wherever_the_worker_is(alpha, beta, done):
    job = queue(alpha, "one")
    before = names_in(beta)
    with organisation_context(beta):
        run_job(job_id=job.pk)
        assert current_organisation() == beta
    assert done == [("alpha", "one", "alpha")]
    assert (names_in(alpha), names_in(beta)) == ({"Changed by one"}, before)


def test_the_organisation_comes_from_the_job_and_not_from_the_message(alpha, beta, done):
    """A message that names another organisation changes nothing about whose work it is."""
    job = queue(alpha, "one")
    run_jobs.run([["beta", job.pk]])
    assert done == [("alpha", "one", "alpha")]


def test_jobs_of_several_organisations_in_one_message_run_each_in_its_own(alpha, beta, done):
    jobs = [queue(alpha, "one"), queue(beta, "two"), queue(alpha, "three")]
    run_jobs.run([["?", job.pk] for job in jobs])
    assert done == [("alpha", "one", "alpha"), ("beta", "two", "beta"), ("alpha", "three", "alpha")]


@pytest.mark.parametrize("schema_name", ["nobody", "public", "organisation_template"])
def test_a_job_of_no_organisation_fails_and_touches_nothing(alpha, beta, done, schema_name):
    job = queue(alpha, "one")
    with public_context():
        Job.objects.filter(pk=job.pk).update(schema_name=schema_name)
        with pytest.raises(NoOrganisation):
            run_job(job_id=job.pk)
        job.refresh_from_db()
    assert (job.state, job.problem, done) == (JobState.FAILED, "NoOrganisation", [])
    assert {*names_in(alpha), *names_in(beta)} == {"Privacy Officer"}


def test_a_job_of_a_cancelled_organisation_waits_and_touches_nothing(alpha, done):
    job = queue(alpha, "one")
    set_state(alpha, Organisation.State.CANCELLED)
    with pytest.raises(OrganisationNotServed):
        run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.problem, done) == (JobState.PENDING, "organisation_not_served", [])


@pytest.mark.parametrize(
    "ask",
    [
        lambda: enqueue(kind=KIND, slot="one"),
        lambda: requeue(kind=KIND, slot="one"),
        lambda: set_schedule(kind=KIND, key="one", every=timedelta(hours=1), first_due_at=timezone.now()),
    ],
    ids=["enqueue", "requeue", "set_schedule"],
)
def test_outside_of_an_organisation_nothing_is_queued(alpha, ask):
    with public_context():
        before = Job.objects.count(), Schedule.objects.count()
        with pytest.raises(NoOrganisation):
            ask()
        assert (Job.objects.count(), Schedule.objects.count()) == before
    ask()
    assert Job.objects.filter(kind=KIND).count() + Schedule.objects.filter(kind=KIND).count() == 1


def test_an_organisation_sees_its_own_jobs_and_schedules_only(alpha, beta):
    queue(alpha, "one")
    queue(beta, "two")
    assert list(Job.objects.filter(kind=KIND).values_list("slot", flat=True)) == ["one"]
    assert set(Schedule.objects.values_list("schema_name", flat=True)) == {"alpha"}
    with public_context():
        assert Job.objects.filter(kind=KIND).count() == 2
        assert {"alpha", "beta"} <= set(Schedule.objects.values_list("schema_name", flat=True))


def refused(sql: str, *parameters) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except ProgrammingError as error:
        return "row-level security" in str(error) or "permission denied" in str(error)
    return False


INSERT = (
    "INSERT INTO public.jobs_job (schema_name, kind, slot, state, due_at, lease_owner, attempts, problem, created_at)"
    " VALUES (%s, 'k', 's', 'pending', now(), '', 0, '', now())"
)


def test_the_database_refuses_to_queue_for_another_organisation(alpha):
    assert refused(INSERT, "beta")
    assert refused(INSERT, "public")
    assert not refused(INSERT, "alpha")


def test_the_database_refuses_to_hand_a_job_to_another_organisation(alpha):
    job = queue(alpha, "one")
    assert refused("UPDATE public.jobs_job SET schema_name = 'beta' WHERE id = %s", job.pk)
    assert refused("DELETE FROM public.jobs_job WHERE id = %s", job.pk)
    assert not refused("UPDATE public.jobs_job SET problem = 'x' WHERE id = %s", job.pk)


def test_an_organisation_can_neither_claim_nor_renew_anothers_job(alpha, beta):
    job = queue(beta, "two")
    assert claim(job_id=job.pk) is None
    with public_context():
        owned = claim(job_id=job.pk)
    with pytest.raises(LeaseLost):
        renew(job_id=job.pk, lease_owner=owned.lease_owner)
    with organisation_context(beta):
        renew(job_id=job.pk, lease_owner=owned.lease_owner)


def test_asking_again_touches_only_the_own_job_of_that_name(alpha, beta):
    jobs = [queue(alpha, "same"), queue(beta, "same")]
    with public_context():
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(state=JobState.FAILED, problem="x")
    requeue(kind=KIND, slot="same")
    with public_context():
        states = [Job.objects.get(pk=job.pk).state for job in jobs]
    assert states == [JobState.PENDING, JobState.FAILED]
