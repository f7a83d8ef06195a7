"""First and large runs of a rule wait for a second officer, who approves exactly the plan that was on the screen."""

import pytest
from django.test import Client
from django.urls import reverse

from demo.crm.offixpro.known import ESI_QUAYE
from privacy.datamap.models import Dataset
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from privacy.register.models import OrganisationProfile
from retention.enums import RunState
from retention.errors import NothingToApprove, RunCannotResume, RunOutdated, RunPlanChanged, SecondOfficerNeeded
from retention.models import Run
from retention.rules_due import start_due_runs
from retention.second_look import ApprovalReason
from retention.services import approve_run, decline_run, resume_run, save_rule, start_rule_run
from tests.retention.test_rule_runs import NOON, _daily, _rule
from tests.sources import approve, change, content, job_of, work


@pytest.fixture
def waiting(offixpro, officer) -> Run:
    """The first run of a rule, started by an officer."""
    return start_rule_run(rule=_rule("contact"), actor=Actor.officer(officer), now=NOON)


def test_the_first_run_of_a_rule_changes_nothing_before_a_second_officer_approves(waiting, crm, make_officer):
    before = content(crm, "crm")
    assert (waiting.state, waiting.approval_reason) == (RunState.AWAITING, ApprovalReason.FIRST)
    assert not Job.objects.filter(kind="retention.run").exists()
    with pytest.raises(RunCannotResume, match="second officer"):
        resume_run(run=waiting, actor=SYSTEM)
    assert content(crm, "crm") == before
    second = make_officer()
    approve_run(run=waiting, officer=second, plan_hash=waiting.plan_hash)
    work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approved_by, waiting.approved_hash) == (
        RunState.COMPLETED, second, waiting.plan_hash,
    )  # fmt: skip
    assert content(crm, "crm") != before
    assert LedgerEntry.objects.get(action="run.approved").data == {"plan_hash": waiting.plan_hash}


def test_whoever_started_the_run_cannot_approve_it(waiting, officer):
    with pytest.raises(SecondOfficerNeeded, match="Ask another officer"):
        approve_run(run=waiting, officer=officer, plan_hash=waiting.plan_hash)
    waiting.refresh_from_db()
    assert waiting.state == RunState.AWAITING


def test_whoever_wrote_the_rule_cannot_approve_its_runs(offixpro, officer, make_officer):
    rule = _rule("contact")
    rule.amount = 31
    save_rule(rule=rule, actor=Actor.officer(officer))
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    with pytest.raises(SecondOfficerNeeded):
        approve_run(run=run, officer=officer, plan_hash=run.plan_hash)
    assert approve_run(run=run, officer=make_officer(), plan_hash=run.plan_hash).state == RunState.PENDING


def test_who_handed_the_other_a_password_is_no_second_officer(waiting, officer, make_officer):
    second = make_officer()
    type(second).objects.filter(pk=second.pk).update(password_set_by=officer)
    second.refresh_from_db()
    with pytest.raises(SecondOfficerNeeded, match="one person could be both"):
        approve_run(run=waiting, officer=second, plan_hash=waiting.plan_hash)


@pytest.mark.parametrize(
    ("rows", "held", "button", "more"),
    [
        (5000, 0, "Approve: 5,000 rows", ""),
        (1, 1, "Approve: 1 row", "1 more row is due but under a hold"),
        (0, 4, "Approve: 4 rows, all under a hold and spared", "4 more rows are due but under a hold"),
    ],
)
def test_the_button_says_what_approving_does_when_rows_are_held(waiting, make_officer, rows, held, button, more):
    waiting.steps.update(expected=rows, held=held)
    client = Client(headers={"host": "alpha.localhost"})
    client.force_login(make_officer(), backend="privacy.officers.backends.OfficerBackend")
    shown = client.get(reverse("officer:retention_run_change", args=[waiting.pk])).content.decode()
    assert (f">{button}</button>" in shown, "due but under a hold" in shown) == (True, bool(more))
    assert more in shown


def test_an_auditor_neither_approves_nor_declines(waiting, make_officer):
    auditor = make_officer(Role.AUDITOR)
    with pytest.raises(SecondOfficerNeeded):
        approve_run(run=waiting, officer=auditor, plan_hash=waiting.plan_hash)
    with pytest.raises(SecondOfficerNeeded):
        decline_run(run=waiting, officer=auditor)


def test_an_approval_of_another_plan_or_of_a_changed_rule_is_refused(waiting, make_officer):
    with pytest.raises(RunPlanChanged):
        approve_run(run=waiting, officer=make_officer(), plan_hash="0" * 64)
    waiting.rule.amount = 60
    save_rule(rule=waiting.rule, actor=SYSTEM)
    with pytest.raises(RunOutdated, match="start a new run"):
        approve_run(run=waiting, officer=make_officer(), plan_hash=waiting.plan_hash)


def test_rows_that_change_after_the_approval_void_it(waiting, crm, make_officer):
    approve(waiting.pk)
    before = Run.objects.get(pk=waiting.pk).plan_hash
    change(crm, "DELETE FROM crm.contact WHERE email = %s AND operated_by = 'offixpro'", ESI_QUAYE.email)
    left = content(crm, "crm")
    run_job(job_id=job_of(waiting.pk).pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (RunState.AWAITING, "approve_again")
    assert waiting.plan_hash != before
    assert content(crm, "crm") == left
    work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (RunState.COMPLETED, "")


def test_a_declined_run_ends_and_changes_nothing(waiting, crm, make_officer):
    before = content(crm, "crm")
    decline_run(run=waiting, officer=make_officer())
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (RunState.STOPPED, "declined")
    with pytest.raises(NothingToApprove):
        approve_run(run=waiting, officer=make_officer(), plan_hash=waiting.plan_hash)
    assert content(crm, "crm") == before


@pytest.mark.parametrize(
    ("rows", "percent", "reason"),
    [(1_000_000, 100, ""), (0, 100, ApprovalReason.MANY_ROWS), (1_000_000, 0, ApprovalReason.LARGE_PART)],
)
def test_a_later_run_waits_only_when_it_is_large(offixpro, crm, rows, percent, reason):
    rule = _rule("contact")
    work(start_rule_run(rule=rule, actor=SYSTEM, now=NOON).pk)
    change(crm, "UPDATE crm.contact SET full_name = 'Somebody', email = contact_id || '@example.com'")
    OrganisationProfile.objects.update(large_run_rows=rows, large_run_percent=percent)
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    assert sum(step.expected for step in run.steps.all()) > 0
    assert (run.approval_reason, run.state) == (reason, RunState.AWAITING if reason else RunState.PENDING)


def name_again(crm: str, number: int) -> None:
    """So many masked contacts of ours have a name again, and are due."""
    masked = "SELECT contact_id FROM crm.contact WHERE operated_by = 'offixpro' AND email LIKE 'erased-%%'"
    named = "UPDATE crm.contact SET full_name = 'Somebody', email = contact_id || '@example.com'"
    assert change(crm, f"{named} WHERE contact_id IN ({masked} ORDER BY 1 LIMIT %s)", number) == number


@pytest.mark.parametrize("more", [0, 1, 3])
def test_a_run_that_grew_beyond_what_one_officer_may_start_waits_for_the_second(offixpro, crm, more):
    rule = _rule("contact")
    work(start_rule_run(rule=rule, actor=SYSTEM, now=NOON).pk)
    name_again(crm, 1)
    OrganisationProfile.objects.update(large_run_rows=2, large_run_percent=100)
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    assert (run.state, sum(step.expected for step in run.steps.all())) == (RunState.PENDING, 1)
    name_again(crm, more)
    before = content(crm, "crm")
    work(run.pk)
    run.refresh_from_db()
    if more < 2:
        assert (run.state, run.approval_reason) == (RunState.COMPLETED, "")
        return
    assert (run.state, run.problem, run.approval_reason) == (
        RunState.AWAITING, "more_rows", ApprovalReason.MANY_ROWS,
    )  # fmt: skip
    assert content(crm, "crm") == before
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, sum(step.rows for step in run.steps.all())) == (RunState.COMPLETED, 1 + more)


def _limit(rows: int) -> None:
    """As an officer sets it under “Organisation”."""
    profile = OrganisationProfile.objects.get()
    profile.large_run_rows = rows
    profile.save()


def test_after_a_limit_was_raised_the_next_run_waits_also_when_it_was_lowered_again(offixpro, crm):
    rule = _rule("contact")
    OrganisationProfile.objects.update(large_run_rows=2, large_run_percent=100)
    work(start_rule_run(rule=rule, actor=SYSTEM, now=NOON).pk)
    for limits, number, reason in (
        ([2], 1, ""), ([2], 3, ApprovalReason.MANY_ROWS), ([1_000], 3, ApprovalReason.NEW_LIMITS), ([1_000], 3, ""),
        ([2_000, 1_000], 1, ApprovalReason.NEW_LIMITS), ([2], 1, ""),
    ):  # fmt: skip
        for limit in limits:
            _limit(limit)
        name_again(crm, number)
        run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
        assert (run.approval_reason, run.state) == (reason, RunState.AWAITING if reason else RunState.PENDING)
        work(run.pk)


def test_a_limit_that_is_raised_after_the_start_does_not_let_a_run_grow(offixpro, crm):
    rule = _rule("contact")
    OrganisationProfile.objects.update(large_run_rows=2, large_run_percent=100)
    work(start_rule_run(rule=rule, actor=SYSTEM, now=NOON).pk)
    name_again(crm, 1)
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    _limit(1_000)
    name_again(crm, 3)
    before = content(crm, "crm")
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, run.approval_reason) == (RunState.AWAITING, "more_rows", ApprovalReason.NEW_LIMITS)
    assert content(crm, "crm") == before


def test_the_first_run_by_a_changed_data_map_waits_like_the_first_of_all(offixpro, crm, make_officer):
    rule = _rule("contact")
    work(start_rule_run(rule=rule, actor=SYSTEM, now=NOON).pk)
    name_again(crm, 1)
    OrganisationProfile.objects.update(large_run_rows=1_000_000, large_run_percent=100)
    scope = rule.dataset.scope
    Dataset.objects.filter(pk=rule.dataset_id).update(scope=[])
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    assert (run.state, run.approval_reason) == (RunState.AWAITING, ApprovalReason.NEW_MAP)
    decline_run(run=run, officer=make_officer())
    Dataset.objects.filter(pk=rule.dataset_id).update(scope=scope)
    assert start_rule_run(rule=rule, actor=SYSTEM, now=NOON).state == RunState.PENDING


def test_the_daily_look_leaves_a_waiting_run_and_ends_one_of_a_changed_rule(offixpro):
    rule = _rule("contact")
    start_due_runs(_daily())
    start_due_runs(_daily())
    (first,) = rule.runs.all()
    assert first.state == RunState.AWAITING
    rule.refresh_from_db()
    rule.amount = 31
    save_rule(rule=rule, actor=SYSTEM)
    start_due_runs(_daily())
    first.refresh_from_db()
    assert (first.state, first.problem) == (RunState.STOPPED, "rule_changed")
