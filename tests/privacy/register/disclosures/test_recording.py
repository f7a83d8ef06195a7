"""The log: written once, never changed, each reference once, the same cost for many as for one."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from privacy.ledger.actors import SYSTEM, Actor, ActorKind
from privacy.ledger.models import LedgerEntry
from privacy.register.disclosures.errors import DisclosureRefused, KeyReused
from privacy.register.disclosures.recording import (
    forget_notes,
    record_disclosures,
    record_once,
    void_disclosure,
)
from privacy.register.disclosures.selectors import disclosures_of
from privacy.register.models import Disclosure, DisclosureNote, VoidedDisclosure, Way
from privacy.subjects.models import Identifier, Subject
from privacy.subjects.people import Person
from tests.privacy.register.disclosures.conftest import AMA, enter, stated

pytestmark = pytest.mark.usefixtures("register")


def named(email: str, **fields):
    return stated(person=Person.known_by("email", email), **fields)


def record(*statements, **how):
    return record_disclosures(statements=statements, way=Way.IMPORT, actor=SYSTEM, **how)


def raw(query: str, *parameters) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, parameters)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("register_disclosure", "disclosed_on = '2020-01-01'"),
        ("register_disclosure", "is_secret = true"),
        ("register_disclosurenote", "text = ''"),
        ("register_voideddisclosure", "reason = 'twice'"),
    ],
)
def test_the_organisation_itself_can_change_no_entry(ama, table, change):
    row = enter(ama, note="Words")
    void_disclosure(disclosure=row, reason="wrong", actor=SYSTEM)
    with pytest.raises(ProgrammingError, match="permission denied"):
        raw(f"UPDATE {table} SET {change}")
    with pytest.raises(ProgrammingError, match="permission denied"):
        raw(f"TRUNCATE {table}")
    raw(f"SELECT 1 FROM {table} FOR UPDATE")  # what a retention rule does before it deletes
    raw("DELETE FROM register_voideddisclosure")


@pytest.mark.parametrize(
    "fields",
    [
        {"categories": []},
        {"ground": "law", "authority": "s. 1", "approver": None},
        {"ground": "law", "approver": "Esi"},
        {"is_secret": True},
    ],
)
def test_the_database_refuses_what_no_entry_can_be(ama, fields):
    row = enter(ama)
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.bulk_create([Disclosure(**_values(row) | fields)])
    Disclosure.objects.bulk_create([Disclosure(**_values(row))])


def _values(row: Disclosure) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}


def test_the_same_reference_again_is_found_and_another_disclosure_under_it_refused(ama):
    first = enter(ama, reference="D-1")
    assert enter(ama, reference="D-1") == first
    with pytest.raises(DisclosureRefused, match="belongs to another disclosure") as error:
        enter(ama, reference="D-1", disclosed_on=dt.date(2025, 6, 2))
    assert error.value.field == "reference"
    assert Disclosure.objects.count() == 1
    enter(ama, reference="D-2")
    enter(ama)
    enter(ama)
    assert Disclosure.objects.count() == 4


def test_a_list_that_repeats_a_reference_writes_it_once(ama):
    same, other = stated(ama, reference="D-1"), stated(ama, reference="D-1", recipient="Police")
    outcomes = record(same, same, other)
    assert outcomes[0].disclosure == outcomes[1].disclosure == Disclosure.objects.get()
    assert [each.is_new for each in outcomes] == [True, False, False]
    assert outcomes[2].refusal.field == "reference"


def test_an_entry_that_stood_is_found_again_although_it_would_be_refused_today(ama):
    row = enter(ama, reference="D-1")
    row.recipient.inactive_since = dt.date(2025, 1, 1)
    row.recipient.save()
    assert enter(ama, reference="D-1") == row
    with pytest.raises(DisclosureRefused, match="inactive"):
        enter(ama, reference="D-2")


def test_the_good_of_a_list_are_stored_and_the_others_say_why_not(ama):
    outcomes = record(named(AMA), named("kofi@example.com", purpose="sale"), named("esi@example.com"))
    assert [each.refusal.field if each.refusal else "" for each in outcomes] == ["", "purpose", ""]
    assert outcomes[0].disclosure.subject_id == ama.pk
    assert Identifier.objects.filter(kind="email").count() == 2
    entry = LedgerEntry.objects.get(action="disclosure.bulk_recorded")
    assert entry.data == {"stored": 2, "without_consent": 0, "way": "import"}


def test_all_or_nothing_writes_nothing_when_one_does_not_stand(ama):
    outcomes = record(named(AMA), named("kofi@example.com", purpose="sale"), all_or_nothing=True)
    assert [each.refusal is None for each in outcomes] == [True, False]
    assert (Disclosure.objects.count(), Subject.objects.count()) == (0, 1)
    assert LedgerEntry.objects.filter(action__startswith="disclosure.").count() == 0


def test_a_hundred_disclosures_cost_as_many_queries_as_ten(ama):
    def queries(start: int, number: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            outcomes = record(
                *(named(f"p{n}@example.com", reference=f"R-{n}", note="x") for n in range(start, start + number))
            )
        assert all(each.is_new for each in outcomes)
        return len([each for each in captured if "search_path" not in each["sql"]])

    queries(0, 2)
    assert queries(1000, 100) == queries(100, 10)


def test_an_idempotency_key_records_once(ama):
    def call(body, **fields):
        caller = Actor(ActorKind.API_KEY, "prefix")
        return record_once(caller="prefix", key="k", body=body, statement=stated(ama, **fields), actor=caller)

    first = call({"a": 1})
    assert call({"a": 1}) == first
    with pytest.raises(KeyReused, match="another call"):
        call({"a": 2}, purpose="hosting")
    assert Disclosure.objects.count() == 1
    assert LedgerEntry.objects.filter(action="disclosure.recorded").count() == 1


def test_a_void_entry_stays_and_nobody_is_told_of_it(ama, officer):
    kept, wrong = enter(ama), enter(ama)
    void_disclosure(disclosure=wrong, reason="twice", actor=Actor.officer(officer))
    assert list(disclosures_of(ama)) == [kept]
    assert Disclosure.objects.count() == 2
    with pytest.raises(DisclosureRefused, match="void already"):
        void_disclosure(disclosure=wrong, reason="twice", actor=SYSTEM)
    with pytest.raises(DisclosureRefused, match="choose one of the reasons"):
        void_disclosure(disclosure=kept, reason="mood", actor=SYSTEM)
    assert VoidedDisclosure.objects.get().actor_id == str(officer.pk)
    assert LedgerEntry.objects.get(action="disclosure.voided").data == {"reason": "twice"}


def test_notes_of_one_person_are_forgotten_and_the_entries_stay(ama):
    enter(ama, note="Ama's flat")
    (other,) = record(named("kofi@example.com", note="Kofi's flat"))
    assert forget_notes(subject_id=ama.pk) == 1
    assert [note.disclosure for note in DisclosureNote.objects.all()] == [other.disclosure]
    assert Disclosure.objects.count() == 2
