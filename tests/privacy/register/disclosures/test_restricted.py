"""What people had restricted or objected to is disclosed to nobody, whichever way it comes into the log."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.ledger.actors import SYSTEM, Actor
from privacy.register.disclosures.errors import DisclosureRefused
from privacy.register.disclosures.importing import check_upload, confirm_upload, upload_disclosures
from privacy.register.disclosures.recording import record_disclosures, record_once
from privacy.register.models import Disclosure, Purpose, Way
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date
from privacy.subjects.services import find_or_add_subject
from tests.privacy.register.disclosures.conftest import DAY, PUBLISHED, enter, publish, stated, today

pytestmark = pytest.mark.usefixtures("register")
SINCE = dt.datetime(2025, 6, 1, 15, tzinfo=dt.UTC)
GROUND = {"ground": "law", "authority": "Act 915, s. 27", "approver": "Esi Owusu"}


def restrict(subject, kind="restriction", purpose="", **fields):
    named = Purpose.objects.get(code=purpose) if purpose else None
    return place_restriction(subject=subject, kind=kind, purpose=named, actor=SYSTEM, **{"since": SINCE} | fields)


def refused(subject, **fields) -> tuple[str, str]:
    with pytest.raises(DisclosureRefused) as error:
        enter(subject, **fields)
    return error.value.field, error.value.message


@pytest.fixture
def kofi(alpha):
    return find_or_add_subject(kind="email", value="kofi@example.com")


@pytest.mark.parametrize(
    ("how", "field", "words"),
    [
        ({}, "subject", "had the use of this data restricted"),
        ({"purpose": "hosting"}, "purpose", "had the use of this data restricted"),
        ({"category": "contact"}, "categories", "had the use of this data restricted"),
        ({"kind": "objection", "purpose": "hosting"}, "purpose", "objected to this use"),
        ({"kind": "marketing", "purpose": "hosting"}, "purpose", "objected to direct marketing"),
    ],
)
def test_what_a_person_restricted_or_objected_to_is_disclosed_to_nobody(ama, kofi, how, field, words):
    restrict(ama, **how)
    at_fault, told = refused(ama, categories=["identity", "contact"])
    assert (at_fault, words in told) == (field, True)
    assert enter(kofi, categories=["identity", "contact"]).subject == kofi
    assert Disclosure.objects.count() == 1


def test_another_purpose_and_other_data_are_disclosed_as_before(ama):
    publish("2025-02", PUBLISHED + 20 * DAY)
    restrict(ama, "objection", "audit")
    restrict(ama, category="financial")
    assert refused(ama, purpose="audit")[0] == "purpose"
    assert refused(ama, categories=["financial"])[0] == "categories"
    assert enter(ama, categories=["contact"]).purpose.code == "hosting"


def test_an_objection_to_everything_leaves_contracts_alone_and_a_restriction_does_not(ama, kofi):
    publish("2025-02", PUBLISHED + 20 * DAY)
    restrict(ama, "objection")
    restrict(kofi)
    assert refused(ama, purpose="audit")[0] == "subject"
    assert enter(ama, purpose="hosting").subject == ama
    assert refused(kofi, purpose="hosting")[0] == "subject"


@pytest.mark.parametrize("kind", ["restriction", "objection"])
def test_a_ground_without_consent_goes_before_it_and_is_written_down(ama, kind):
    restrict(ama, kind, "hosting")
    row = Disclosure.objects.get(pk=enter(ama, recipient="Police", **GROUND).pk)
    assert (row.ground, row.authority, row.approver) == ("law", "Act 915, s. 27", "Esi Owusu")


def test_that_data_is_public_is_no_ground_against_the_persons_word(ama, kofi):
    restrict(ama, "objection", "hosting")
    public = GROUND | {"ground": "public_source"}
    assert refused(ama, **public)[0] == "purpose"
    assert enter(kofi, **public).ground == "public_source"


def test_no_ground_goes_before_an_objection_to_marketing(ama, kofi):
    restrict(ama, "marketing", "hosting")
    restrict(kofi, "objection", "hosting")
    assert "direct marketing" in refused(ama, **GROUND)[1]
    assert enter(kofi, **GROUND).ground == "law"


def test_the_day_of_the_persons_word_counts_whole_and_the_day_of_the_lifting_does_not(ama):
    placed = restrict(ama)
    lifted = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
    lift_restriction(restriction=placed, reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)
    type(placed).objects.filter(pk=placed.pk).update(lifted_at=lifted)
    on = {day: dt.date.fromisoformat(day) for day in ("2025-05-31", "2025-06-01", "2025-06-30", "2025-07-01")}
    assert enter(ama, disclosed_on=on["2025-05-31"]).subject == ama
    for day in ("2025-06-01", "2025-06-30"):
        assert refused(ama, disclosed_on=on[day])[0] == "subject"
    assert enter(ama, disclosed_on=on["2025-07-01"]).subject == ama


def test_what_is_disclosed_today_is_judged_by_what_holds_now(ama):
    assert enter(ama, disclosed_on=today()).subject == ama
    placed = restrict(ama, since=None)
    assert refused(ama, disclosed_on=today())[0] == "subject"
    assert enter(ama, disclosed_on=today() - DAY).subject == ama
    lift_restriction(restriction=placed, reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)
    assert enter(ama, disclosed_on=today()).subject == ama


def test_of_three_at_once_the_one_that_is_restricted_is_left_out(ama, kofi):
    efua = find_or_add_subject(kind="email", value="efua@example.com")
    restrict(kofi)
    outcomes = record_disclosures(statements=[stated(ama), stated(kofi), stated(efua)], way=Way.API, actor=SYSTEM)
    assert [outcome.refusal.field if outcome.refusal else None for outcome in outcomes] == [None, "subject", None]
    assert set(Disclosure.objects.values_list("subject", flat=True)) == {ama.pk, efua.pk}


def test_an_idempotency_key_is_no_way_around_it(ama, kofi):
    restrict(ama)
    with pytest.raises(DisclosureRefused, match="restricted"):
        record_once(caller="key", key="k-1", body={"n": 1}, statement=stated(ama), actor=SYSTEM)
    assert record_once(caller="key", key="k-2", body={"n": 2}, statement=stated(kofi), actor=SYSTEM).subject == kofi


def test_a_file_names_the_row_and_nothing_of_it_is_stored(ama, kofi, officer):
    me = Actor.officer(officer)
    rows = "".join(
        f"D-{number},{name}@example.com,Cloud Ltd,2025-06-01,contact,hosting,system\r\n"
        for number, name in enumerate(("kofi", "ama.mensah", "efua"), start=1)
    )
    head = "reference,email,recipient,date,categories,purpose,means\r\n"
    kept = upload_disclosures(content=(head + rows).encode(), actor=me)
    assert check_upload(kept).faults == []
    restrict(ama)
    report = confirm_upload(upload_id=kept.pk, actor=me)
    assert [(fault.line, fault.column) for fault in report.faults] == [(3, "email")]
    assert Disclosure.objects.count() == 0


def test_an_entry_from_before_the_persons_word_is_found_again(ama):
    row = enter(ama, reference="D-1")
    restrict(ama)
    assert enter(ama, reference="D-1") == row


def test_a_hundred_restricted_people_cost_as_many_queries_as_ten(alpha):
    def queries(number: int, start: int) -> int:
        people = [find_or_add_subject(kind="email", value=f"p{start + n}@example.com") for n in range(number)]
        for person in people:
            restrict(person)
        with CaptureQueriesContext(connection) as captured:
            outcomes = record_disclosures(statements=[stated(each) for each in people], way=Way.API, actor=SYSTEM)
        assert all(each.refusal is not None for each in outcomes)
        return len([each for each in captured if "search_path" not in each["sql"]])

    queries(1, 0)
    assert queries(100, 1000) == queries(10, 100)
