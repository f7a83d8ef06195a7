"""Two real connections decide about the same person at the same time."""

import threading
import time
import uuid

import pytest
from django.db import connection, transaction

from consent.errors import PurposeRestricted
from consent.guards import NOT_SAID
from consent.models import ConsentRecord, CurrentConsent, IdempotentCall, Wording
from consent.services import Entry, capture, record_for_person, record_statement, record_statements
from consent.services.idempotency import once
from consent.statement import Statement
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.officers.roles import Role
from privacy.register.restrictions.services import place_restriction
from privacy.subjects.models import Identifier, Subject
from privacy.tenants.context import organisation_context
from privacy.tenants.sent_pages import Page
from tests.connections import second_connection
from tests.consent.conftest import make_register

ROUNDS = 12


@pytest.fixture
def organisation(committed):
    make_register()
    return committed


def _say(decision="given", email="ama@example.com"):
    return Statement(kind="email", identifier=email, purpose="newsletter", decision=decision, method="electronic")


def _at_once(organisation, *acts):
    """Run functions in threads with connections of their own, and raise what they raised."""
    failures, start = [], threading.Barrier(len(acts))

    def run(act):
        try:
            with organisation_context(organisation):
                start.wait(timeout=20)
                act()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []


def test_no_decision_is_lost_and_the_last_record_is_the_present_state(organisation):
    def decide(decision):
        for _ in range(ROUNDS):
            record_statement(statement=_say(decision), actor=SYSTEM)

    _at_once(organisation, lambda: decide("given"), lambda: decide("withdrawn"))
    current = CurrentConsent.objects.get()
    last = ConsentRecord.objects.order_by("-recorded_at", "-id").first()
    assert ConsentRecord.objects.count() == 2 * ROUNDS
    assert (current.record, current.decision) == (last, last.decision)
    assert Subject.objects.count() == Identifier.objects.count() == 1


def test_eight_clients_at_once_lose_nothing_and_each_person_ends_with_their_last_decision(organisation):
    people = [f"p{number}@example.com" for number in range(3)]

    def client(number):
        for turn in range(ROUNDS):
            decision = ("given", "withdrawn", "refused")[(number + turn) % 3]
            record_statement(statement=_say(decision, email=people[turn % len(people)]), actor=SYSTEM)

    _at_once(organisation, *(lambda number=number: client(number) for number in range(8)))
    assert ConsentRecord.objects.count() == 8 * ROUNDS
    assert Subject.objects.count() == Identifier.objects.count() == CurrentConsent.objects.count() == len(people)
    for current in CurrentConsent.objects.all():
        last = ConsentRecord.objects.filter(subject=current.subject).order_by("-recorded_at", "-id").first()
        assert (current.record, current.decision) == (last, last.decision)


def test_a_writer_waits_for_the_one_before_it_and_takes_its_time_after_it(organisation):
    first = record_statement(statement=_say(), actor=SYSTEM)
    done = []

    def decide():
        record_statement(statement=_say("withdrawn"), actor=SYSTEM)
        done.append(time.monotonic())

    with second_connection(organisation) as other:
        with other.transaction():
            other.execute("SELECT 1 FROM subjects_subject WHERE id = %s FOR NO KEY UPDATE", [first.subject_id])
            writer = threading.Thread(target=lambda: _at_once(organisation, decide))
            writer.start()
            time.sleep(0.5)
            assert done == []
            released = other.execute("SELECT clock_timestamp()").fetchone()[0]
        writer.join(timeout=30)
    assert len(done) == 1
    assert CurrentConsent.objects.get().decision == "withdrawn"
    assert CurrentConsent.objects.get().since >= released


@pytest.mark.parametrize("objects", [True, False])
def test_whoever_objects_while_a_capture_waits_for_them_is_obeyed(organisation, objects):
    known = record_statement(statement=_say("withdrawn"), actor=SYSTEM).subject
    outcome, holds, waits = [], threading.Event(), threading.Event()

    def object_slowly():
        with transaction.atomic():
            capture.lock(known)
            holds.set()
            assert waits.wait(timeout=20)
            time.sleep(0.5)
            if objects:
                place_restriction(subject=known, kind="objection", actor=SYSTEM)

    def agree():
        assert holds.wait(timeout=20)
        waits.set()
        try:
            outcome.append(record_statement(statement=_say(), actor=SYSTEM).decision)
        except PurposeRestricted:
            outcome.append("restricted")

    _at_once(organisation, object_slowly, agree)
    assert outcome == ["restricted" if objects else "given"]
    assert CurrentConsent.objects.get().decision == ("withdrawn" if objects else "given")


def test_bulk_calls_about_the_same_people_in_opposite_order_do_not_block_each_other(organisation):
    people = [_say(email=f"p{number}@example.com") for number in range(200)]
    known = [_say("withdrawn", email=f"p{number}@example.com") for number in range(0, 200, 2)]
    _at_once(
        organisation,
        lambda: record_statements(statements=people + known, actor=SYSTEM),
        lambda: record_statements(statements=list(reversed(people)), actor=SYSTEM),
    )
    _at_once(
        organisation,
        lambda: record_statements(statements=known, actor=SYSTEM),
        lambda: record_statements(statements=list(reversed(people)), actor=SYSTEM),
    )
    assert Subject.objects.count() == Identifier.objects.count() == CurrentConsent.objects.count() == 200
    assert ConsentRecord.objects.count() == 200 * 3 + 100 * 2
    for current in CurrentConsent.objects.all():
        assert (
            current.record == ConsentRecord.objects.filter(subject=current.subject).order_by("-recorded_at", "-id")[0]
        )


def test_the_same_call_arriving_twice_at_once_records_once(organisation):
    seen = []

    def call():
        act = lambda: record_statement(statement=_say(), actor=SYSTEM)  # noqa: E731
        seen.append(once(caller="key", key="k-1", body={"a": 1}, act=act).pk)

    _at_once(organisation, call, call, call)
    assert len(set(seen)) == 1
    assert ConsentRecord.objects.count() == IdempotentCall.objects.count() == 1


def test_three_presses_on_the_page_of_an_officer_at_the_same_moment_record_once(organisation):
    officer = Officer.objects.create_user(
        email="efua@example.com", password=None, full_name="Efua", role=Role.PRIVACY_OFFICER
    )
    page = Page(uuid.uuid4(), (("email", "ama@example.com"),))
    entry = Entry(
        email="ama@example.com", wording=Wording.objects.get(purpose__code="newsletter"), decision="given",
        method="implied", evidence={"act": "Bought a bag"}, age=NOT_SAID,
    )  # fmt: skip
    seen = []

    def press():
        seen.append(record_for_person(entry=entry, officer=officer, page=page))

    _at_once(organisation, press, press, press)
    assert sorted(each.before for each in seen) == [False, True, True]
    assert {each.record for each in seen} == {ConsentRecord.objects.get()}
    assert Letter.objects.count() == 1


def test_a_failure_after_the_record_takes_the_record_along(organisation, monkeypatch):
    def fail(**about):
        assert ConsentRecord.objects.exists()
        raise ConnectionError

    monkeypatch.setattr(capture, "pass_on", fail)
    with pytest.raises(ConnectionError):
        record_statement(statement=_say("withdrawn"), actor=SYSTEM)
    assert not ConsentRecord.objects.exists()
    assert not CurrentConsent.objects.exists()
    assert not Subject.objects.exists()
