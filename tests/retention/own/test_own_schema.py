"""The portal's own tables as a source: rules end them, other organisations are out of reach."""

import datetime as dt
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from sqlalchemy import text

from consent.models import ConsentRecord, CurrentConsent, Decision, Evidence, Method
from privacy.datamap.asking import databases
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.models import Dataset, Finding, Source, SourceKind
from privacy.datamap.opening import open_for_engine
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.offboarding.tables import table_names
from privacy.register.models import LawfulBasis, Purpose
from privacy.tenants.context import organisation_context
from privacy.tenants.provisioning import destroy_organisation
from requests.enums import RequestState
from requests.fulfilment.left_files import LEFT_JOB, delete_left_files, look_for_left_files
from requests.fulfilment.storage import folder
from requests.models import AccessPackage, SubjectRequest
from retention.enums import HoldKind, RunState
from retention.jobs import own_schema
from retention.models import Rule
from retention.own.describing import describe_own_schema
from retention.own.rules import RULES
from retention.services import place_hold, start_rule_run
from tests.conftest import make_organisation
from tests.sources import known, work

LONG_AGO = timezone.now() - dt.timedelta(days=5 * 366)


def _case(number: int, *, closed: bool = True) -> SubjectRequest:
    state = {"state": RequestState.COMPLETED, "closed_at": LONG_AGO, "decided_at": LONG_AGO} if closed else {}
    day = LONG_AGO.date()
    return SubjectRequest.objects.create(
        reference=f"PD-{number}", kind="access", subject=known(f"person-{number}@example.com"), received_at=LONG_AGO,
        received_on=day, due_on=day, target_on=day, deadlines=[], **state,
    )  # fmt: skip


def _letter(case: SubjectRequest | None) -> Letter:
    letter = Letter.objects.create(
        kind="test", address="a@example.com", heading="Heading", body="Text", case_id=case and case.pk,
        subject=case and case.subject,
    )  # fmt: skip
    Letter.objects.filter(pk=letter.pk).update(created_at=LONG_AGO)
    return letter


def _run(place: int):
    run = start_rule_run(rule=Rule.objects.get(name=RULES[place].name), actor=SYSTEM, now=timezone.now())
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    return run


def test_every_table_of_the_schema_is_described_and_no_other(committed):
    source = describe_own_schema()

    described = source.datasets.filter(confirmed_at__isnull=False).values_list("table_schema", "table_name")
    assert sorted(described) == sorted((committed.schema_name, name) for name in table_names())
    assert sorted(Rule.objects.filter(is_active=True).values_list("name", flat=True)) == sorted(r.name for r in RULES)
    found = Finding.objects.filter(source=source, resolved_at__isnull=True).values_list("code", "place")
    assert [each for each in found if each[0] != "foreign_key_without_index"] == [
        ("no_retention_rule", f"{committed.schema_name}.consent_currentconsent")
    ]
    before = LedgerEntry.objects.count()
    assert describe_own_schema() == source
    assert LedgerEntry.objects.count() == before


def test_a_new_organisation_gets_its_source_and_rules_by_its_job(committed):

    assert Source.objects.count() == 0
    assert own_schema(None)
    assert list(Source.objects.values_list("kind", flat=True)) == [SourceKind.PORTAL]
    assert Rule.objects.count() == len(RULES)


def test_plans_about_people_leave_the_portals_own_tables_to_the_services(committed):
    describe_own_schema()
    assert list(databases()) == []


def test_another_organisations_tables_are_out_of_reach_even_for_a_wrong_catalogue(committed):
    other = make_organisation(f"org-{uuid.uuid4().hex[:8]}")
    try:
        with organisation_context(other):
            _letter(None)
        mine = _letter(None)
        source = describe_own_schema()
        with open_for_engine(source) as engine, engine.connect() as connection:
            assert connection.rows(text("SELECT id FROM letters_letter")) == [(mine.pk,)]  # the positive control
            with pytest.raises(EngineError):
                connection.rows(text(f"SELECT id FROM {other.schema_name}.letters_letter"))
        rule = Rule.objects.get(name=RULES[2].name)
        Dataset.objects.filter(pk=rule.dataset_id).update(table_schema=other.schema_name)
        with pytest.raises(EngineError):
            start_rule_run(rule=Rule.objects.get(pk=rule.pk), actor=SYSTEM, now=timezone.now())
        with organisation_context(other):
            assert Letter.objects.count() == 1
    finally:
        destroy_organisation(organisation=other)


def test_the_session_falls_back_to_the_organisations_role_and_never_to_the_login(committed):
    with open_for_engine(describe_own_schema()) as engine, engine.engine.connect() as connection:
        before = connection.execute(text("SELECT current_user")).scalar_one()
        connection.execute(text("RESET ROLE"))
        assert connection.execute(text("SELECT current_user, session_user <> current_user")).one() == (before, True)
        assert before.endswith(f"_{committed.schema_name}")


def test_closed_case_files_go_and_open_and_held_ones_stay(committed):
    gone, still_open, held = _case(1), _case(2, closed=False), _case(3)
    AccessPackage.objects.create(case=gone, expires_at=LONG_AGO, downloads_left=0)
    place_hold(kind=HoldKind.LEGAL, matter="A claim", subject=held.subject, actor=SYSTEM)
    describe_own_schema()
    run = _run(0)
    assert set(SubjectRequest.objects.all()) == {still_open, held}
    assert AccessPackage.objects.count() == 0
    assert {step.dataset: step.rows for step in run.steps.all() if step.rows} == {
        f"{committed.schema_name}.requests_subjectrequest": 1,
        f"{committed.schema_name}.requests_accesspackage": 1,
    }


def test_letters_end_by_their_case_or_by_their_own_age(committed):
    of_closed, of_open, of_nobody, new = (
        _letter(_case(1)), _letter(_case(2, closed=False)), _letter(None), _letter(None),
    )  # fmt: skip
    Letter.objects.filter(pk=new.pk).update(created_at=timezone.now())
    describe_own_schema()
    _run(1)
    assert set(Letter.objects.values_list("pk", flat=True)) == {of_open.pk, of_nobody.pk, new.pk}
    _run(2)
    assert set(Letter.objects.values_list("pk", flat=True)) == {of_open.pk, new.pk}
    assert of_closed.pk != of_open.pk


def test_evidence_goes_after_a_withdrawal_and_the_sealed_record_stays(committed):
    purpose = Purpose.objects.create(
        code="news", title="News", description="News", lawful_basis=LawfulBasis.CONSENT, order=1
    )
    for number, decision in ((1, Decision.WITHDRAWN), (2, Decision.GIVEN)):
        record = ConsentRecord.objects.create(
            subject=known(f"person-{number}@example.com"), purpose=purpose, decision=decision,
            method=Method.ELECTRONIC, actor_kind="system",
        )  # fmt: skip
        Evidence.objects.create(record=record, content={"call": number})
        CurrentConsent.objects.create(
            subject=record.subject, purpose=purpose, decision=decision, since=LONG_AGO, record=record
        )
    describe_own_schema()
    _run(3)
    assert [each.content for each in Evidence.objects.all()] == [{"call": 2}]
    assert (ConsentRecord.objects.count(), CurrentConsent.objects.count()) == (2, 2)


def test_ended_visits_go(committed):
    for name, ends in (("a" * 32, LONG_AGO), ("b" * 32, timezone.now() + dt.timedelta(hours=1))):
        Session.objects.create(session_key=name, session_data="-", expire_date=ends)
    describe_own_schema()
    _run(4)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["b" * 32]


def test_the_file_of_a_deleted_case_goes_and_that_of_a_living_one_stays(committed):
    gone, stays = _case(1), _case(2, closed=False)
    for case in (gone, stays):
        (folder() / f"{case.pk}.sealed").write_bytes(b"sealed")
    describe_own_schema()
    run = _run(0)
    look_for_left_files(run)
    look_for_left_files(run)
    assert Job.objects.filter(kind=LEFT_JOB).count() == 1
    for _again in range(2):
        assert delete_left_files(Job.objects.get(kind=LEFT_JOB))
        assert sorted(path.name for path in folder().iterdir()) == [f"{stays.pk}.sealed"]
