from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from demo.crm.back_office.schema import BACK_OFFICE
from demo.crm.build import build_back_office_crm, build_offixpro_crm
from demo.crm.loading import SchemaTaken
from demo.crm.offixpro.schema import OFFIXPRO
from tests.demo.crm.conftest import CLIENTS, PEOPLE, TODAY
from tests.demo.crm.helpers import fingerprints, one


class Interrupted(Exception):
    pass


def test_the_offixpro_sample_has_the_promised_size_at_its_default_size(empty_database):
    built = build_offixpro_crm(empty_database)

    with psycopg.connect(empty_database) as connection:
        assert one(connection, "SELECT count(*) FROM crm.customer WHERE kind = 'person'") == 20_000
    assert built.built
    assert sum(built.rows.values()) >= 200_000


def test_the_back_office_sample_has_two_thousand_clients_at_its_default_size(empty_database):
    assert build_back_office_crm(empty_database).rows["client"] == 2_000


def test_the_same_seed_and_day_give_the_same_offixpro_rows(empty_database, offixpro_dsn):
    build_offixpro_crm(empty_database, people=PEOPLE, today=TODAY)

    assert fingerprints(empty_database, OFFIXPRO) == fingerprints(offixpro_dsn, OFFIXPRO)


def test_another_seed_gives_other_offixpro_rows_in_every_table(empty_database, offixpro_dsn):
    build_offixpro_crm(empty_database, people=PEOPLE, today=TODAY, seed=7)

    ours, theirs = fingerprints(empty_database, OFFIXPRO), fingerprints(offixpro_dsn, OFFIXPRO)
    assert {table for table in ours if ours[table] == theirs[table]} == set()


def test_the_same_seed_and_day_give_the_same_back_office_rows(empty_database, back_office_dsn):
    build_back_office_crm(empty_database, clients=CLIENTS, today=TODAY)

    assert fingerprints(empty_database, BACK_OFFICE) == fingerprints(back_office_dsn, BACK_OFFICE)


def test_building_again_leaves_a_filled_database_as_it_is_even_on_another_day(empty_database):
    first = build_offixpro_crm(empty_database, people=PEOPLE, today=TODAY)
    with psycopg.connect(empty_database) as connection:
        connection.execute("UPDATE crm.customer SET full_name = 'Erased customer' WHERE customer_id = 1")
    before = fingerprints(empty_database, OFFIXPRO)

    second = build_offixpro_crm(empty_database, people=PEOPLE, today=TODAY + timedelta(days=1))

    assert (first.built, second.built) == (True, False)
    assert second.rows == first.rows
    assert fingerprints(empty_database, OFFIXPRO) == before


def test_an_interrupted_build_leaves_nothing_and_the_next_one_is_complete(empty_database, offixpro_dsn):
    def interrupt(message: str) -> None:
        if "invoice_line" in message:
            raise Interrupted

    with pytest.raises(Interrupted):
        build_offixpro_crm(empty_database, people=PEOPLE, today=TODAY, progress=interrupt)
    with psycopg.connect(empty_database) as connection:
        assert one(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = 'crm'") == 0

    build_offixpro_crm(empty_database, people=PEOPLE, today=TODAY)

    assert fingerprints(empty_database, OFFIXPRO) == fingerprints(offixpro_dsn, OFFIXPRO)


def test_a_sample_that_lost_a_table_is_rebuilt(empty_database, back_office_dsn):
    build_back_office_crm(empty_database, clients=CLIENTS, today=TODAY)
    with psycopg.connect(empty_database) as connection:
        connection.execute("DROP TABLE office.invoice_line")
        connection.execute("DELETE FROM office.call_note")

    assert build_back_office_crm(empty_database, clients=CLIENTS, today=TODAY).built

    assert fingerprints(empty_database, BACK_OFFICE) == fingerprints(back_office_dsn, BACK_OFFICE)


def test_two_builds_at_once_make_one_sample(empty_database, back_office_dsn):
    def build() -> bool:
        return build_back_office_crm(empty_database, clients=CLIENTS, today=TODAY).built

    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = [future.result(timeout=60) for future in (pool.submit(build), pool.submit(build))]

    assert sorted(outcomes) == [False, True]
    assert fingerprints(empty_database, BACK_OFFICE) == fingerprints(back_office_dsn, BACK_OFFICE)


@pytest.mark.parametrize("comment", [None, "our own tables", '{"sample": "Back Office Admins"}', "[1]"])
def test_a_schema_of_somebody_else_is_refused_and_left_alone(empty_database, comment):
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE SCHEMA crm")
        connection.execute("CREATE TABLE crm.customer AS SELECT 'precious' AS name")
        if comment:
            connection.execute(f"COMMENT ON SCHEMA crm IS '{comment}'")

    with pytest.raises(SchemaTaken, match="Point the sample at an empty database"):
        build_offixpro_crm(empty_database, people=PEOPLE)

    with psycopg.connect(empty_database) as connection:
        assert one(connection, "SELECT name FROM crm.customer") == "precious"


def test_both_samples_fit_into_one_database(empty_database):
    assert build_offixpro_crm(empty_database, people=60).built
    assert build_back_office_crm(empty_database, clients=50).built


def test_too_few_people_are_refused_before_anything_is_made(empty_database):
    with pytest.raises(ValueError, match="at least 49 people, not 48"):
        build_offixpro_crm(empty_database, people=48)
    with pytest.raises(ValueError, match="at least 50 clients, not 49"):
        build_back_office_crm(empty_database, clients=49)

    assert build_offixpro_crm(empty_database, people=49).rows["customer"] == 49 + 7


def test_progress_names_every_table_and_the_end(empty_database):
    said: list[str] = []

    build_back_office_crm(empty_database, clients=50, progress=said.append)

    assert [message.split(" rows in ")[1] for message in said[:-1]] == list(BACK_OFFICE.tables)
    assert said[-1].startswith("Back Office Admins: ")


def test_a_row_added_by_hand_gets_a_number_of_its_own(empty_database):
    build_back_office_crm(empty_database, clients=50)

    with psycopg.connect(empty_database) as connection:
        added = one(
            connection,
            """INSERT INTO office.client (client_number, kind, full_name, province, preferred_language, opened_on)
               VALUES ('BOA-X', 'person', 'New Client', 'ON', 'en', '2026-01-01') RETURNING client_id""",
        )
    assert added == 51
