"""Dates that a source holds and Python does not: never due before they are past, told in words, and in nobody's way."""

import re

import pytest
from django.utils.html import strip_tags

from privacy.datamap.models import Dataset
from retention.enums import RunState
from retention.models import AdvanceNotice
from retention.why.answers import EVER, Cause
from retention.why.asking import explain_row
from retention.why.deciding import Verdict, decide
from tests import mariadb
from tests.retention.notices.club import NOTICE, Club, add_member, connected, counts, day, deliver, plan_on, run_on
from tests.sources import change

AHEAD = ("infinity", "19999-01-31", "9999-12-31")
LONG_PAST = ("-infinity", "0044-03-15 BC", "0001-01-01")


def add_dated(club: Club, number: int, name: str, date: str) -> None:
    add_member(club.dsn, number, name, due=0)
    change(club.dsn, "UPDATE member SET seen_on = %s::date WHERE id = %s", date, number)


def said(key: int) -> Verdict:
    return decide(explain_row(dataset=Dataset.objects.get(table_name="member"), key=(str(key),)))


def answer_page(client, key: int) -> str:
    pk = Dataset.objects.get(table_name="member").pk
    response = client.post(f"/officer/retention/why/{pk}/", {"key-part_0": str(key)})
    assert response.status_code == 200
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def test_rows_beyond_the_calendar_are_told_and_go_only_where_the_source_says_they_are_past(club):
    for number, date in enumerate((*AHEAD, *LONG_PAST), start=4):
        add_dated(club, number, f"P{number}", date)
    rule = club.rule()
    first = run_on(rule, 0)
    assert (first.state, first.problem, first.notice_pass.told) == (RunState.COMPLETED, "", 5)
    assert deliver() == ["ama@example.com", "kofi@example.com", *(f"p{number}@example.com" for number in (7, 8, 9))]
    noted = AdvanceNotice.objects.filter(acts_from=day(NOTICE)).values_list("counted_from", flat=True)
    assert {*LONG_PAST} - {*noted} == set()
    last = run_on(rule, NOTICE)
    assert (last.state, counts(last)["member"]) == (RunState.COMPLETED, (5, 0, 0))
    assert club.names() == ["Yaa", "P4", "P5", "P6"]


def test_a_date_that_moves_beyond_the_calendar_makes_its_notice_lapse(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    club.change("UPDATE member SET seen_on = '-infinity' WHERE name = 'Ama'")
    run = run_on(rule, NOTICE)
    assert (counts(run)["member"], club.names()) == ((1, 0, 1), ["Ama", "Yaa"])


@pytest.mark.parametrize("date", AHEAD)
def test_a_row_whose_date_lies_beyond_the_calendar_is_said_never_to_go(club, officer_client, date):
    club.rule(notice_days=None)
    add_dated(club, 4, "Esi", date)
    assert (said(4).cause, said(4).goes_on) == (Cause.BEYOND, None)
    shown = answer_page(officer_client, 4)
    assert "Its time is never over" in shown
    assert ("“" + date + "”, after the calendar ends" in shown) == (date != "9999-12-31")
    assert said(1).cause is Cause.NOT_DUE


@pytest.mark.parametrize("date", LONG_PAST)
def test_a_row_whose_date_lies_before_the_calendar_is_said_to_be_due(club, officer_client, date):
    rule = club.rule(notice_days=None)
    add_dated(club, 4, "Esi", date)
    verdict = said(4)
    assert verdict.cause is Cause.DUE
    assert (verdict.goes_on == EVER) == (date != "0001-01-01")
    assert "It is due" in answer_page(officer_client, 4)
    run_on(rule, 0)
    assert said(4).cause is Cause.NOT_FOUND


def test_moments_with_a_zone_are_told_as_dates_are(club, officer_client):
    club.change("ALTER TABLE member ALTER seen_on TYPE timestamptz USING seen_on")
    add_dated(club, 4, "Esi", "infinity")
    add_dated(club, 5, "Abena", "-infinity")
    change(club.dsn, "UPDATE member SET seen_on = '9999-12-31 23:59:59+00' WHERE id = 3")
    club.source.datasets.get(table_name="member").fields.filter(column="seen_on").update(
        data_type="timestamp with time zone"
    )
    rule = club.rule()
    run_on(rule, 0)
    assert (said(3).cause, said(4).cause, said(5).cause) == (Cause.BEYOND, Cause.BEYOND, Cause.NOTICE)
    for key in (3, 4, 5):
        assert "Rules over this table" in answer_page(officer_client, key)


def test_a_day_of_mariadb_of_which_only_the_year_is_known_is_never_due(alpha, officer_client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = ''")
        cursor.execute("CREATE TABLE member (id int PRIMARY KEY, email varchar(80), lang varchar(5), name varchar(80),"
                       " seen_on date)")  # fmt: skip
        cursor.execute("CREATE TABLE payment (id int PRIMARY KEY, member_id int, note text,"
                       " FOREIGN KEY (member_id) REFERENCES member (id))")  # fmt: skip
        dates = ("2015-06-30", "2015-00-00", "2015-06-00", "2015-00-30", "0000-00-00")
        for number, date in enumerate(dates, start=1):
            cursor.execute("INSERT INTO member VALUES (%s, %s, 'en', %s, %s)",
                           (number, f"m{number}@example.com", f"M{number}", date))  # fmt: skip
        client.commit()
        club = Club(address, connected(address))
        rule = club.rule()
        assert (plan_on(rule, 0).to_tell, plan_on(rule, 0).waiting) == (1, 1)
        run_on(rule, 0)
        assert deliver() == ["m1@example.com"]
        run = run_on(rule, NOTICE)
        assert (run.state, counts(run)["member"]) == (RunState.COMPLETED, (1, 0, 0))
        assert [said(key).cause for key in range(1, 6)] == [Cause.NOT_FOUND, *[Cause.NO_DATE] * 4]
        assert "not known" in answer_page(officer_client, 2)
