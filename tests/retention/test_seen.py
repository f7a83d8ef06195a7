"""Who looks and then starts a rule starts what they saw, or is shown what is due instead."""

import re

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import ADWOA_OWUSU_PAST_THE_PERIOD, EFUA_SARPONG_WITHIN_THE_PERIOD
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from retention.enums import HoldKind, RunState
from retention.models import Rule, Run
from retention.services import place_hold, save_rule, start_rule_run
from tests.retention.test_preview import looked, start_seen
from tests.retention.test_rule_runs import _rule
from tests.sources import change, content, known

CHANGED = "What is due has changed since you looked. Look again; nothing was started."


@pytest.fixture
def small(offixpro) -> Rule:
    """A rule whose runs need no second officer any more: one was approved and completed."""
    OrganisationProfile.objects.update(large_run_percent=100, large_run_rows=1_000_000)
    rule = _rule("customer")
    start_rule_run(rule=rule, actor=SYSTEM)
    Run.objects.update(state=RunState.COMPLETED, completed_at=timezone.now())
    return rule


def _one_more_is_due(crm: str) -> None:
    query = """UPDATE crm.workspace SET cancelled_on = cancelled_on - 60 WHERE (operated_by, workspace_id) IN
               (SELECT operated_by, workspace_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro')"""
    assert change(crm, query, EFUA_SARPONG_WITHIN_THE_PERIOD.email) == 1


def _rows_on_the_button(page: str) -> int:
    return int(re.search(r"(?:Start now|Ask for approval): ([\d,]+) row", re.sub(r"\s+", " ", page))[1])


def test_what_was_seen_is_started(small, officer_client):
    shown, _mark = looked(officer_client, small)
    answer = start_seen(officer_client, small)
    run = Run.objects.get(state=RunState.PENDING)
    assert (answer.status_code, answer["Location"]) == (302, f"/officer/retention/run/{run.pk}/change/")
    assert sum(step.expected for step in run.steps.all()) == _rows_on_the_button(shown) > 0


def test_a_row_that_became_due_since_the_look_starts_nothing_and_is_shown(small, crm, officer_client):
    shown, mark = looked(officer_client, small)
    _one_more_is_due(crm)
    before, entries = content(crm, "crm"), LedgerEntry.objects.count()
    answer = officer_client.post(f"/officer/retention/rule/{small.pk}/start-now/", {"seen": mark}, follow=True)
    page = answer.content.decode()
    assert CHANGED in page
    assert _rows_on_the_button(page) > _rows_on_the_button(shown)
    assert not Run.objects.exclude(state=RunState.COMPLETED).exists()
    assert not Job.objects.filter(kind="retention.run").exists()
    assert (content(crm, "crm"), LedgerEntry.objects.count()) == (before, entries)
    start_seen(officer_client, small)
    run = Run.objects.get(state=RunState.PENDING)
    assert sum(step.expected for step in run.steps.all()) == _rows_on_the_button(page)


def _somebody_is_held(rule: Rule, crm: str) -> None:
    person = known(ADWOA_OWUSU_PAST_THE_PERIOD.email)
    place_hold(kind=HoldKind.LEGAL, matter="lawsuit", subject=person, actor=SYSTEM)


def _the_rule_says_something_else(rule: Rule, crm: str) -> None:
    rule.refresh_from_db()
    rule.amount = 31
    save_rule(rule=rule, actor=SYSTEM)


def _a_mask_is_another(rule: Rule, crm: str) -> None:
    assert rule.dataset.fields.filter(column="phone").update(on_retention="null") == 1


def _a_second_officer_is_needed_now(rule: Rule, crm: str) -> None:
    OrganisationProfile.objects.update(large_run_rows=1)


@pytest.mark.parametrize(
    "meanwhile",
    [_somebody_is_held, _the_rule_says_something_else, _a_mask_is_another, _a_second_officer_is_needed_now],
)
def test_anything_else_that_was_not_seen_starts_nothing(small, crm, officer_client, meanwhile):
    _shown, mark = looked(officer_client, small)
    meanwhile(small, crm)
    answer = officer_client.post(f"/officer/retention/rule/{small.pk}/start-now/", {"seen": mark}, follow=True)
    assert CHANGED in answer.content.decode()
    assert not Run.objects.exclude(state=RunState.COMPLETED).exists()


@pytest.mark.parametrize("given", [{}, {"seen": ""}, {"seen": "0" * 64}])
def test_who_was_shown_nothing_starts_nothing(small, officer_client, given):
    answer = officer_client.post(f"/officer/retention/rule/{small.pk}/start-now/", given, follow=True)
    assert CHANGED in answer.content.decode()
    assert not Run.objects.exclude(state=RunState.COMPLETED).exists()


def test_the_mark_of_one_rule_starts_no_other(small, officer_client):
    other = _rule("contact")
    _shown, mark = looked(officer_client, small)
    officer_client.post(f"/officer/retention/rule/{other.pk}/start-now/", {"seen": mark})
    assert not Run.objects.exclude(state=RunState.COMPLETED).exists()


def test_two_looks_of_one_day_have_one_mark(small, officer_client):
    assert looked(officer_client, small)[1] == looked(officer_client, small)[1] != ""
