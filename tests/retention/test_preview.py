"""The page on which an officer looks before a rule runs: counts, a sample without anybody's data, what is held back."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from demo.crm.offixpro.known import ADWOA_OWUSU_PAST_THE_PERIOD
from privacy.ledger.actors import SYSTEM
from privacy.register.models import OrganisationProfile
from retention import preview
from retention.enums import HoldKind, RunState
from retention.models import Run
from retention.preview import preview_rule
from retention.services import place_hold
from tests.retention.test_minimums import minimum
from tests.retention.test_rule_runs import _rule
from tests.sources import content, known, rows


def _page(client, rule) -> str:
    response = client.get(f"/officer/retention/rule/{rule.pk}/start-now/")
    assert response.status_code == 200
    return response.content.decode()


def looked(client, rule) -> tuple[str, str]:
    """The page on which somebody looks, and the mark of what it shows."""
    page = _page(client, rule)
    return page, re.search(r'name="seen" value="(\w*)"', page)[1]


def start_seen(client, rule):
    """Look, and start just that; the answer."""
    return client.post(f"/officer/retention/rule/{rule.pk}/start-now/", {"seen": looked(client, rule)[1]})


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(page))


def test_the_look_before_a_run_shows_nobodys_data_and_changes_nothing(offixpro, crm, officer_client):
    before = content(crm, "crm")
    page = _page(officer_client, _rule("customer", start_event="cancellation"))
    assert content(crm, "crm") == before
    assert "are anonymised 30 days after the cancellation" in _words(page)
    assert "Sample: " in page
    assert re.search(r"\d+ characters → ", _words(page))
    query = "SELECT full_name, email, phone FROM crm.customer WHERE operated_by = 'offixpro'"
    people = {value for row in rows(crm, query) for value in row if value}
    assert ADWOA_OWUSU_PAST_THE_PERIOD.email in people
    assert [value for value in people if value in page] == []
    assert not Run.objects.exists()


def test_holds_are_named_with_the_rows_they_spare_and_minimums_with_the_law(offixpro, crm, officer_client):
    hold = place_hold(
        kind=HoldKind.LEGAL, matter="File 12", subject=known(ADWOA_OWUSU_PAST_THE_PERIOD.email), actor=SYSTEM
    )
    place_hold(kind=HoldKind.LEGAL, matter="File 13", subject=known("nobody@example.com"), actor=SYSTEM)
    minimum("customer", "customer", "created_at", amount=50, unit="years", protects="values")
    rule = _rule("customer", start_event="cancellation")
    none_left = preview_rule(rule)
    assert (none_left.planned.rows, none_left.planned.protected > 0, none_left.holds) == (0, True, [])
    assert "Act 915, s. 27" in _words(_page(officer_client, rule))
    type(rule.dataset).objects.get(pk=rule.dataset_id).minimums.update(is_active=False)
    found = preview_rule(rule)
    assert [(each.hold.pk, each.rows) for each in found.holds] == [(hold.pk, 1)]
    page = _words(_page(officer_client, rule))
    assert ("File 12" in page, "File 13" in page) == (True, False)


def test_holds_that_are_not_listed_are_counted_with_a_way_to_them_all(offixpro, crm, officer_client, monkeypatch):
    monkeypatch.setattr(preview, "MOST_HOLDS", 1)
    rule = _rule("customer", start_event="cancellation")
    listed = '<a href="/officer/retention/hold/?released_at__isempty=1">All holds that are not released</a>'
    place_hold(kind=HoldKind.LEGAL, matter="File 12", subject=known(ADWOA_OWUSU_PAST_THE_PERIOD.email), actor=SYSTEM)
    page = _page(officer_client, rule)
    assert (preview_rule(rule).more_holds, listed in page) == (0, False)
    for number in range(2):
        place_hold(kind=HoldKind.LEGAL, matter="More", subject=known(f"nobody{number}@example.com"), actor=SYSTEM)
    page = _page(officer_client, rule)
    assert (preview_rule(rule).more_holds, listed in page) == (2, True)
    assert "and 2 more holds on people, of which it was not asked which rows they spare" in _words(page)
    assert officer_client.get("/officer/retention/hold/?released_at__isempty=1").content.decode().count("More") >= 2


def test_where_nothing_can_be_done_there_is_no_button_to_start(offixpro, officer_client):
    law = minimum("customer", "customer", "created_at", amount=50, unit="years", protects="values")
    rule = _rule("customer", start_event="cancellation")
    page = _page(officer_client, rule)
    assert ("pd-button--danger" in page, "there is nothing to start" in page) == (False, True)
    type(law).objects.update(is_active=False)
    page = _page(officer_client, rule)
    assert ("pd-button--danger" in page, "there is nothing to start" in page) == (True, False)


@pytest.mark.parametrize("by", ["dataset", "category"])
def test_a_hold_on_a_table_or_on_a_kind_of_data_is_named_for_the_run_will_wait_for_it(offixpro, officer_client, by):
    rule = _rule("contact")
    what = {"dataset": rule.dataset} if by == "dataset" else {"category": "contact"}
    hold = place_hold(kind=HoldKind.LEGAL, matter="File 14", actor=SYSTEM, **what)
    place_hold(kind=HoldKind.LEGAL, matter="File 15", actor=SYSTEM, category="decision")
    found = preview_rule(rule)
    assert (found.planned.rows > 0, [(each.hold.pk, each.rows) for each in found.holds]) == (True, [(hold.pk, None)])
    page = _words(_page(officer_client, rule))
    assert ("File 14, on the whole table" in page, "File 15" in page) == (True, False)


def test_the_number_of_queries_does_not_grow_with_the_holds(offixpro, crm):
    rule = _rule("customer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            preview_rule(rule)
        return len(captured)

    emails = [email for (email,) in rows(crm, "SELECT email FROM crm.customer ORDER BY customer_id LIMIT 4")]
    place_hold(kind=HoldKind.LEGAL, matter="File 1", subject=known(ADWOA_OWUSU_PAST_THE_PERIOD.email), actor=SYSTEM)
    queries()  # what is remembered between two looks is fetched
    first = queries()
    for number, email in enumerate(emails):
        place_hold(kind=HoldKind.LEGAL, matter=f"File {number}", subject=known(email), actor=SYSTEM)
    assert queries() == first


def test_what_becomes_due_within_a_month_is_counted_apart(offixpro, crm):
    (step,) = preview_rule(_rule("customer", conditions=[])).steps
    query = """SELECT count(*) FROM crm.customer c JOIN crm.workspace w USING (operated_by, workspace_id)
               WHERE c.operated_by = 'offixpro' AND w.cancelled_on + 30 >= CURRENT_DATE
               AND w.cancelled_on + 30 < CURRENT_DATE + 31"""
    assert step.in_a_month == rows(crm, query)[0][0] > 0


def test_what_a_minimum_keeps_until_a_day_within_the_month_becomes_due_in_it(offixpro):
    rule = _rule("customer", conditions=[])
    (free,) = preview_rule(rule).steps
    values = {"amount": 30, "unit": "days", "year_end": None, "protects": "values", "conditions": []}
    kept = minimum("customer", "workspace", "cancelled_on", **values)
    (step,) = preview_rule(rule).steps
    assert (step.rows, step.in_a_month) == (free.rows, free.in_a_month)
    assert free.in_a_month > 0
    type(kept).objects.filter(pk=kept.pk).update(amount=90)
    (later,) = preview_rule(rule).steps
    assert later.rows < free.rows


def test_a_run_is_approved_on_its_page_by_another_officer(offixpro, officer_client, make_officer, client):
    rule = _rule("contact")
    start_seen(officer_client, rule)
    run = Run.objects.get()
    page = f"/officer/retention/run/{run.pk}/"
    assert run.state == RunState.AWAITING
    shown = _words(officer_client.get(f"{page}change/").content.decode())
    assert "It is the first run of this version of the rule." in shown
    assert "You wrote this rule or started this run." in shown
    officer_client.post(f"{page}approve/", {"plan_hash": run.plan_hash})
    run.refresh_from_db()
    assert run.state == RunState.AWAITING
    Run.objects.filter(pk=run.pk).update(actor_kind="system", actor_id="")
    officer_client.post(f"{page}approve/", {"plan_hash": "0" * 64})
    run.refresh_from_db()
    assert run.state == RunState.AWAITING
    officer_client.post(f"{page}approve/", {"plan_hash": run.plan_hash})
    run.refresh_from_db()
    assert run.state == RunState.PENDING


def test_the_button_says_whether_a_second_officer_looks_first_and_there_is_one_run_at_a_time(offixpro, officer_client):
    rule = _rule("contact")
    first = _words(_page(officer_client, rule))
    assert ("Ask for approval: " in first, "Start now" in first) == (True, False)
    assert "It is the first run of this version of the rule." in first
    for _twice in range(2):
        start_seen(officer_client, rule)
    run = Run.objects.get()
    under_way = _page(officer_client, rule)
    assert (f"/officer/retention/run/{run.pk}/change/" in under_way, "Ask for approval" in under_way) == (True, False)
    Run.objects.update(state=RunState.COMPLETED, completed_at=timezone.now())
    OrganisationProfile.objects.update(large_run_percent=100)
    later = _words(_page(officer_client, rule))
    assert ("Start now: " in later, "Ask for approval" in later) == (True, False)


@pytest.mark.parametrize("act", ["approve", "decline"])
def test_whoever_may_not_approve_finds_no_such_page(offixpro, officer_client, officer, act):
    start_seen(officer_client, _rule("contact"))
    run = Run.objects.get()
    type(officer).objects.filter(pk=officer.pk).update(role="auditor")
    assert officer_client.post(f"/officer/retention/run/{run.pk}/{act}/").status_code == 404
    run.refresh_from_db()
    assert run.state == RunState.AWAITING
