"""An approval covers every source: when it is void, no source is changed any more."""

import pytest
from django.utils import timezone

from demo.crm.catalogue import OFFIXPRO_CATALOGUE
from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.importing import import_catalogue
from privacy.datamap.models import Source
from privacy.datamap.services import connect_source, discover
from privacy.ledger.actors import SYSTEM
from privacy.subjects.services import find_or_add_subject
from requests import services
from requests.models import SubjectRequest
from requests.services.execution import run_is_approved
from retention.enums import HoldKind, RunState
from retention.errors import RunCannotResume
from retention.models import ErasedIdentifier, Hold, Run
from retention.services import place_hold, resume_run
from tests.holding import let_go
from tests.requests.conftest import approved_case, letter_kinds, letter_of, run_jobs
from tests.requests.test_erasure import ama, end_runs, second
from tests.sources import address_of, change, content, rows, scratch_database, work

__all__ = ["second"]

LOGS_IN = """INSERT INTO crm.login_event
    SELECT gen_random_uuid(), e.operated_by, e.user_id, e.occurred_at, e.ip_address, e.user_agent, e.device_type,
           e.operating_system, e.succeeded
      FROM crm.login_event e JOIN crm.crm_user u USING (user_id) JOIN crm.customer c USING (customer_id)
     WHERE c.email = %s AND c.operated_by = 'offixpro' LIMIT 1"""


@pytest.fixture
def branch(_offixpro_template):
    """A second CRM that names the same people; its DSN."""
    with scratch_database(template=_offixpro_template) as dsn:
        yield dsn


@pytest.fixture
def two(offixpro, branch) -> tuple[Source, Source]:
    source = connect_source(name="Branch", address=address_of(branch), actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    import_catalogue(source=source, catalogue=OFFIXPRO_CATALOGUE, actor=SYSTEM)
    return offixpro, source


def _runs(case: SubjectRequest, two: tuple[Source, Source]) -> tuple[Run, Run]:
    first, other = (Run.objects.get(case_id=case.pk, source=source) for source in two)
    return first, other


def test_two_sources_are_erased_under_one_approval(two, crm, branch, officer, second):
    case = end_runs(approved_case(officer, second, email=AMA_MENSAH.email))
    assert (case.state, ama(crm), ama(branch)) == ("completed", 0, 0)


def test_a_source_connected_after_the_approval_is_looked_at_before_the_case_is_completed(
    offixpro, crm, branch, officer, second
):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    source = connect_source(name="Branch", address=address_of(branch), actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    import_catalogue(source=source, catalogue=OFFIXPRO_CATALOGUE, actor=SYSTEM)
    run_jobs("retention.run")
    case.refresh_from_db()
    assert (case.state, case.problem, ama(crm), ama(branch)) == ("planning", "source_connected", 0, 1)
    assert case.approvals.count() == 0
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    case = end_runs(case)
    assert (case.state, case.problem, ama(crm), ama(branch)) == ("completed", "", 0, 0)


def test_a_void_approval_stops_the_runs_of_all_sources(two, crm, branch, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    first, other = _runs(case, two)
    assert change(crm, LOGS_IN, AMA_MENSAH.email) == 1
    before = content(branch, "crm")
    work(first.pk)
    run_jobs("retention.settle")
    other.refresh_from_db()
    assert (other.state, other.problem, other.frozen_keys) == (RunState.STOPPED, "approval_void", None)
    case.refresh_from_db()
    services.withdraw_request(case=case, actor=SYSTEM)
    work(other.pk)
    assert content(branch, "crm") == before
    with pytest.raises(RunCannotResume):
        resume_run(run=other, actor=SYSTEM)


def test_a_run_at_work_stops_before_its_next_chunk_when_its_approval_is_void(
    two, crm, branch, officer, second, settings, monkeypatch
):
    from retention.journal import PortalJournal

    settings.RETENTION_WINDOW_ROWS = 2
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    first, other = _runs(case, two)
    assert change(crm, LOGS_IN, AMA_MENSAH.email) == 1
    original, chunks = PortalJournal.intend, []

    def intend(self, chunk, **rest):
        original(self, chunk, **rest)
        chunks.append(chunk)
        if len(chunks) == 2:
            work(first.pk)

    monkeypatch.setattr(PortalJournal, "intend", intend)
    work(other.pk)
    other.refresh_from_db()
    assert (other.state, other.problem, len(chunks)) == (RunState.STOPPED, "approval_void", 2)
    case.refresh_from_db()
    assert (case.state, case.problem) == ("planning", "plan_changed")
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert (end_runs(case).state, ama(crm), ama(branch)) == ("completed", 0, 0)


def test_a_run_that_needs_attention_cannot_be_resumed_after_the_case_went_another_way(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    run = Run.objects.get(case_id=case.pk)
    Run.objects.filter(pk=run.pk).update(state=RunState.ATTENTION, problem="unexpected", started_at=timezone.now())
    assert run_is_approved(run)
    SubjectRequest.objects.filter(pk=case.pk).update(state="planning")
    assert not run_is_approved(run)
    with pytest.raises(RunCannotResume):
        resume_run(run=run, actor=SYSTEM)
    SubjectRequest.objects.filter(pk=case.pk).update(state="executing")
    case.approvals.all().delete()
    with pytest.raises(RunCannotResume):
        resume_run(run=run, actor=SYSTEM)
    assert ama(crm) == 1


def test_a_case_is_not_completed_while_another_hold_spares_its_rows(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    phone = "SELECT phone FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
    same_person = find_or_add_subject(kind="phone", value=rows(crm, phone, AMA_MENSAH.email)[0][0])
    hold = place_hold(kind=HoldKind.LEGAL, matter="Court", subject=same_person, actor=SYSTEM)
    run_jobs("retention.run")
    case.refresh_from_db()
    run = Run.objects.get(case_id=case.pk)
    assert (case.state, run.state, run.problem, ama(crm)) == ("executing", RunState.RUNNING, "held", 1)
    assert run.steps.get(dataset_key="crm.customer").held == 1
    assert letter_kinds(case) == ["confirm", "acknowledged"]
    assert Hold.objects.get(case_id=case.pk).released_at is None
    assert ErasedIdentifier.objects.count() == 0
    let_go(hold)
    assert (end_runs(case).state, ama(crm)) == ("completed", 0)
    assert "found none" not in letter_of(case, "erased").body
    assert ErasedIdentifier.objects.count() == 1
