"""A hold says where it finds its person: one whose identifier is on no row keeps nothing."""

import html
import re

import psycopg
import pytest
from django.utils.html import strip_tags

from privacy.datamap.models import Dataset, Field, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.ledger.actors import SYSTEM
from retention.held_rows import HeldRows, found_now
from retention.models import Hold
from retention.services.holds import hold_people
from tests.sources import address_of, scratch_database

NOWHERE = "No row of any source has this: check the spelling."


@pytest.fixture
def club(alpha):
    with scratch_database() as dsn:
        with psycopg.connect(dsn, autocommit=True) as client:
            client.execute("CREATE TABLE member (id int PRIMARY KEY, email text, phone text, code text)")
            client.execute(
                "CREATE TABLE payment (id int PRIMARY KEY, member_id int NOT NULL REFERENCES member (id), note text)"
            )
            client.execute("INSERT INTO member VALUES (1, 'ama@example.com', '+233244560128', 'AB-77')")
            client.execute("INSERT INTO payment VALUES (1, 1, 'a'), (2, 1, 'b')")
        source = connect_source(name="Club", address=address_of(dsn), actor=SYSTEM)
        discover(source=source, actor=SYSTEM)
        fields = Field.objects.filter(dataset__source=source)
        fields.update(category="business", on_erasure="keep", on_retention="keep", keep_reason="Law")
        for column, kind in (("email", "email"), ("phone", "phone"), ("code", "customer_id")):
            fields.filter(column=column).update(identifier_kind=kind)
        source.datasets.update(on_erasure="delete")
        for dataset in source.datasets.all():
            confirm_dataset(dataset=dataset, actor=SYSTEM)
        Dataset.objects.filter(table_name="member").update(label="Members")
        Dataset.objects.filter(table_name="payment").update(label="Payments")
        yield source


def hold_on(kind: str, value: str) -> Hold:
    (hold,) = hold_people(known_by=[(kind, value)], matter="File 3", actor=SYSTEM)
    return hold


def test_the_rows_of_a_held_person_are_counted_in_every_table(club):
    for kind, value in (("email", "Ama@example.com"), ("phone", "+233244560128"), ("customer_id", "AB-77")):
        found = found_now(hold_on(kind, value))
        assert sorted(found.tables, key=lambda each: each.table) == [
            HeldRows("Club", "Members", 1), HeldRows("Club", "Payments", 2)
        ]  # fmt: skip
        assert (found.away, found.other_case) == ((), False)


def test_what_is_on_no_row_is_found_nowhere_and_other_capitals_are_named(club):
    for kind, value in (("email", "amma@example.com"), ("phone", "+233244560129"), ("customer_id", "AB-78")):
        found = found_now(hold_on(kind, value))
        assert (found.tables, found.other_case) == ((), False)
    assert found_now(hold_on("customer_id", "ab-77")).other_case


def test_a_source_that_is_away_is_named(club):
    Source.objects.filter(pk=club.pk).update(address="postgresql://me:secret@127.0.0.1:1/away")
    found = found_now(hold_on("email", "ama@example.com"))
    assert (found.tables, found.away) == ((), ("Club",))


def placed(client, **typed: str) -> str:
    given = {f"hold-{name}": value for name, value in {"matter": "Mensah v. Boateng", **typed}.items()}
    return shown(client.post("/officer/retention/hold/add/", given, follow=True))


def shown(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(strip_tags(answer.content.decode())))


def test_the_officer_who_places_a_hold_reads_where_the_person_is_found(club, officer_client):
    page = placed(officer_client, email="ama@example.com")
    assert "The hold “Mensah v. Boateng” is placed." in page
    assert "Members (Club): 1 row" in page
    assert "Payments (Club): 2 rows" in page
    assert NOWHERE not in page
    hold = Hold.objects.get()
    assert "Payments (Club): 2 rows" in shown(officer_client.get(f"/officer/retention/hold/{hold.pk}/change/"))


def test_the_officer_who_mistypes_the_person_is_warned_and_the_hold_stays(club, officer_client):
    page = placed(officer_client, email="amma@example.com")
    assert ("The hold “Mensah v. Boateng” is placed." in page, NOWHERE in page) == (True, True)
    hold = Hold.objects.get()
    assert NOWHERE in shown(officer_client.get(f"/officer/retention/hold/{hold.pk}/change/"))
    Hold.objects.all().delete()
    page = placed(officer_client, customer_id="ab-77")
    assert "in other capital letters" in page
    Hold.objects.all().delete()
    Source.objects.filter(pk=club.pk).update(address="postgresql://me:secret@127.0.0.1:1/away")
    assert "Could not be asked now, so more may be found there: Club." in placed(officer_client, email="a@example.com")
