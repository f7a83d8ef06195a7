"""Both passes over a MariaDB: people are told, and their rows go with what hangs from them, in windows of two."""

from collections.abc import Iterator

import pymysql
import pytest

from retention.models import AdvanceNotice
from tests import mariadb
from tests.retention.notices.club import NOTICE, Club, connected, counts, deliver, plan_on, run_on, seen_so_that_due_on

TABLES = (
    "CREATE TABLE member (id varchar(20) PRIMARY KEY, email varchar(80), lang varchar(5), name varchar(80),"
    " seen_on datetime)",
    "CREATE TABLE payment (id int PRIMARY KEY, member_id varchar(20) NOT NULL, note text,"
    " FOREIGN KEY (member_id) REFERENCES member (id))",
)
NAMES = ("Ama", "Kofi", "Yaa", "Esi", "Abena")


@pytest.fixture
def server(alpha, settings) -> Iterator[tuple[str, pymysql.Connection]]:
    """Address of a database and a client in it, with five members due in ten days and one in eleven."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.RETENTION_WINDOW_ROWS = 2
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement)
        for number, who in enumerate((*NAMES, "Akua")):
            due = seen_so_that_due_on(NOTICE + (who == "Akua"))
            cursor.execute(
                "INSERT INTO member VALUES (%s, %s, 'en', %s, %s)",
                (f"m-{number}", f"{who.lower()}@example.com", who, f"{due} 23:00:00"),
            )
            cursor.execute("INSERT INTO payment VALUES (%s, %s, 'paid')", (number, f"m-{number}"))
        client.commit()
        yield address, client


def test_in_a_mariadb_people_are_told_and_then_their_rows_go(server):
    address, client = server
    club = Club(address, connected(address))
    rule = club.rule()
    assert plan_on(rule, 0).to_tell == 5
    first = run_on(rule, 0)
    assert (first.notice_pass.told, counts(first)) == (5, {"payment": (0, 0, 0), "member": (0, 0, 0)})
    assert deliver() == sorted(f"{who.lower()}@example.com" for who in NAMES)
    with client.cursor() as cursor:
        cursor.execute("UPDATE member SET seen_on = seen_on + interval 1 second WHERE name = 'Esi'")
        client.commit()
    run = run_on(rule, NOTICE)
    assert counts(run) == {"payment": (4, 0, 1), "member": (4, 0, 1)}
    with client.cursor() as cursor:
        cursor.execute("SELECT name FROM member ORDER BY id")
        assert [who for (who,) in cursor.fetchall()] == ["Esi", "Akua"]
    assert (deliver(), AdvanceNotice.objects.count()) == (["akua@example.com", "esi@example.com"], 2)
