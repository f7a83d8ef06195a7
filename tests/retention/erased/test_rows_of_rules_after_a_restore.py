"""What rules had done, in a source restored from before: counted again by the frozen predicate of their last runs."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from demo.crm.offixpro.known import ADWOA_OWUSU_PAST_THE_PERIOD, YAW_DARKO_ON_THE_DAY
from privacy.datamap.models import Finding, Source
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.selectors import local_date
from retention.enums import HoldKind, RunState
from retention.jobs import AGAIN_JOB, erased_due
from retention.models import Rule, Run
from retention.services import activate_rule, deactivate_rule, place_hold, save_rule, start_rule_run
from retention.there_again import look_for_rows_again
from tests.holding import let_go
from tests.retention.erased.conftest import dump, restore
from tests.retention.test_rule_runs import NOON, _email_of, _rule
from tests.sources import change, known, work

ADWOA = ADWOA_OWUSU_PAST_THE_PERIOD


def done(rule: Rule, **moment: dt.datetime) -> Run:
    """A run of the rule, approved and carried out to its end."""
    run = start_rule_run(rule=Rule.objects.get(pk=rule.pk), actor=SYSTEM, **{"now": NOON} | moment)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    return run


def there_again(source: Source) -> list[tuple[str, int, bool]]:
    looked = look_for_rows_again(source=source)
    assert looked.unknown == []
    return [(each.dataset, each.rows, each.is_taken_again) for each in looked.found]


def findings() -> list[tuple[str, int, list[str]]]:
    found = Finding.objects.filter(code="done_came_back", resolved_at=None)
    return [(each.place, each.count, each.names) for each in found]


def hers(crm: str) -> list[str]:
    return _email_of(crm, "customer", ADWOA.full_name)


@pytest.fixture
def backup(ours, crm, tmp_path):
    """Taken before any rule ran."""
    dump(crm, tmp_path / "crm.dump")
    return tmp_path / "crm.dump"


def test_rows_of_a_rule_in_force_are_told_and_go_at_its_next_run(ours, crm, backup, committed, capsys):
    rule = _rule("customer")
    number = done(rule).steps.get().rows
    call_command("verify_erasures", organisation=committed.slug)
    restore(crm, backup)
    assert hers(crm) == [ADWOA.email]
    capsys.readouterr()
    with pytest.raises(CommandError, match=rf"{number} rows that rules had done are there again"):
        call_command("verify_erasures", organisation=committed.slug)
    day = local_date(Run.objects.get().cutoff)
    words = f"crm.customer: {number} rows that rule “{rule}” had done (before {day}) are there again; "
    shown = capsys.readouterr().out
    assert (f"{words}a rule in force does them at its next run" in shown, findings()) == (True, [])
    assert done(rule).steps.get().rows == number
    assert hers(crm) == []
    call_command("verify_erasures", organisation=committed.slug)


def test_rows_of_a_rule_that_is_switched_off_are_a_finding_until_it_is_in_force(ours, crm, backup, committed, capsys):
    rule = _rule("customer")
    number = done(rule).steps.get().rows
    deactivate_rule(rule=rule, actor=SYSTEM)
    restore(crm, backup)
    with pytest.raises(CommandError, match="are there again"):
        call_command("verify_erasures", organisation=committed.slug)
    assert "no rule in force does them, so an officer has to act" in capsys.readouterr().out
    assert findings() == [("crm.customer", number, [rule.name])]
    activate_rule(rule=rule, actor=SYSTEM)
    assert (done(rule).steps.get().rows, hers(crm)) == (number, [])
    call_command("verify_erasures", organisation=committed.slug)
    assert findings() == []


def test_rows_whose_period_was_made_longer_since_are_a_finding(ours, crm, backup):
    rule = _rule("customer")
    number = done(rule).steps.get().rows
    rule.refresh_from_db()
    rule.amount = 3650
    save_rule(rule=rule, actor=SYSTEM)
    restore(crm, backup)
    before = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    work(before.pk)
    assert there_again(ours) == [("crm.customer", number - before.steps.get().rows, False)]
    assert len(findings()) == 1


def test_a_rule_whose_time_is_over_takes_nothing_again(ours, crm, backup):
    rule = _rule("customer")
    number = done(rule).steps.get().rows
    rule.refresh_from_db()
    rule.in_force_until = timezone.now().date() - dt.timedelta(days=2)
    save_rule(rule=rule, actor=SYSTEM)
    restore(crm, backup)
    assert there_again(ours) == [("crm.customer", number, False)]


def test_another_rule_that_means_the_same_rows_and_deletes_them_takes_them(ours, crm, backup):
    rule = _rule("customer")
    number = done(rule).steps.get().rows
    deactivate_rule(rule=rule, actor=SYSTEM)
    restore(crm, backup)
    assert there_again(ours) == [("crm.customer", number, False)]
    _rule("customer", name="shorter", amount=20)
    assert there_again(ours) == [("crm.customer", number, True)]
    assert findings() == []


def test_rows_that_were_held_during_the_run_are_not_there_again(ours, crm, backup):
    rule = _rule("customer")
    held = place_hold(kind=HoldKind.LEGAL, matter="lawsuit", subject=known(ADWOA.email), actor=SYSTEM)
    run = done(rule)
    assert (run.steps.get().held, hers(crm)) == (1, [ADWOA.email])
    deactivate_rule(rule=rule, actor=SYSTEM)
    assert there_again(ours) == []
    let_go(held)
    assert there_again(ours) == []
    restore(crm, backup)
    assert there_again(ours) == [("crm.customer", run.steps.get().rows, False)]


def test_rows_of_somebody_held_now_are_left_out_as_runs_leave_them(ours, crm, backup):
    rule = _rule("customer")
    number = done(rule).steps.get().rows
    restore(crm, backup)
    place_hold(kind=HoldKind.LEGAL, matter="lawsuit", subject=known(ADWOA.email), actor=SYSTEM)
    assert there_again(ours) == [("crm.customer", number - 1, True)]
    place_hold(kind=HoldKind.LEGAL, matter="audit", dataset=rule.dataset, actor=SYSTEM)
    assert there_again(ours) == []


def test_rows_that_became_due_since_are_not_there_again(ours, crm, backup):
    rule = _rule("customer")
    done(rule)
    assert there_again(ours) == []
    assert done(rule, now=NOON + dt.timedelta(days=1)).steps.get().rows > 0
    assert _email_of(crm, "customer", YAW_DARKO_ON_THE_DAY.full_name) == []


def test_what_cannot_be_counted_is_said_and_no_finding_about_it_goes(ours, crm, backup, committed, capsys):
    rule = _rule("customer")
    done(rule)
    deactivate_rule(rule=rule, actor=SYSTEM)
    restore(crm, backup)
    assert len(there_again(ours)) == len(findings()) == 1
    change(crm, "ALTER TABLE crm.workspace RENAME COLUMN cancelled_on TO ended_on")
    with pytest.raises(CommandError, match="1 sources could not be read"):
        call_command("verify_erasures", organisation=committed.slug)
    assert "what it had done could not be counted" in capsys.readouterr().err
    assert len(findings()) == 1
    assert LedgerEntry.objects.filter(action="rules.verified").latest("pk").data["complete"] is False


def test_the_daily_look_finds_them_by_itself(ours, crm, backup):
    erased_due(JobHandle(1, "daily", 1, "me"))
    assert not Job.objects.filter(kind=AGAIN_JOB).exists()
    rule = _rule("customer")
    number = done(rule).steps.get().rows
    deactivate_rule(rule=rule, actor=SYSTEM)
    restore(crm, backup)
    erased_due(JobHandle(1, "daily", 1, "me"))
    run_job(job_id=Job.objects.get(kind=AGAIN_JOB).pk)
    assert findings() == [("crm.customer", number, [rule.name])]
