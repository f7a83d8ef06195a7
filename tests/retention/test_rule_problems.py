"""What keeps a rule from being planned is looked at again as soon as the rule or the data map was changed."""

from django.utils import timezone

from privacy.datamap.models import Dataset, Field, Finding, Source
from privacy.datamap.services import confirm_dataset
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from retention.models import Rule, Run
from retention.rule_problems import PROBLEMS_JOB
from retention.rules_due import start_due_runs
from retention.services import deactivate_rule, save_rule
from tests.retention.notices.club import Club
from tests.retention.notices.conftest import club
from tests.retention.test_rule_runs import _daily, _rule

__all__ = ["club"]


def looked_at() -> bool:
    """Whether a look was asked for; it is done."""
    job = Job.objects.filter(kind=PROBLEMS_JOB, state="pending").first()
    if job is not None:
        run_job(job_id=job.pk)
    return job is not None


def broken(offixpro) -> Rule:
    """A rule that the daily look could not plan: the column that says when the period began is said to be no date."""
    rule = _rule("contact")
    Field.objects.filter(dataset=rule.start_dataset, column="cancelled_on").update(data_type="text")
    start_due_runs(_daily())
    rule.refresh_from_db()
    assert "holds no date to count a period from" in rule.problem
    return rule


def mend(rule: Rule) -> None:
    Field.objects.filter(dataset=rule.start_dataset, column="cancelled_on").update(data_type="date")


def test_a_data_map_that_is_confirmed_again_has_the_rule_looked_at_at_once_and_starts_nothing(offixpro):
    rule = broken(offixpro)
    mend(rule)
    confirm_dataset(dataset=rule.start_dataset, actor=SYSTEM)
    assert looked_at()
    rule.refresh_from_db()
    assert rule.problem == ""
    assert not Run.objects.exists()
    entry = LedgerEntry.objects.get(action="rule.no_problem")
    assert (entry.object_id, entry.data) == (str(rule.pk), {"version": rule.version})
    assert not Finding.objects.filter(code="no_retention_rule", place="crm.contact", resolved_at=None).exists()
    assert not looked_at()
    confirm_dataset(dataset=rule.start_dataset, actor=SYSTEM)
    assert not looked_at()


def test_a_problem_that_is_there_still_stays_and_is_not_looked_at_for_ever(offixpro):
    rule = broken(offixpro)
    confirm_dataset(dataset=Dataset.objects.get(table_name="ticket"), actor=SYSTEM)
    assert looked_at()
    before = rule.problem
    rule.refresh_from_db()
    assert rule.problem == before
    assert not looked_at()


def test_a_rule_that_is_saved_is_looked_at_and_one_that_is_off_has_no_problem(offixpro):
    rule = broken(offixpro)
    mend(rule)
    save_rule(rule=rule, actor=SYSTEM)
    assert looked_at()
    assert Rule.objects.get(pk=rule.pk).problem == ""
    Rule.objects.filter(pk=rule.pk).update(problem="It was broken.")
    deactivate_rule(rule=rule, actor=SYSTEM)
    assert looked_at()
    assert Rule.objects.get(pk=rule.pk).problem == ""


def test_a_source_that_is_away_is_asked_again_later(offixpro):
    rule = broken(offixpro)
    mend(rule)
    Source.objects.filter(pk=offixpro.pk).update(address="postgresql://nobody:x@127.0.0.1:1/none")
    save_rule(rule=rule, actor=SYSTEM)
    assert looked_at()
    assert Rule.objects.get(pk=rule.pk).problem == rule.problem != ""
    job = Job.objects.get(kind=PROBLEMS_JOB)
    assert (job.state, job.slot) == ("pending", str(offixpro.pk))
    assert job.due_at > timezone.now()


def test_a_notice_that_is_as_long_as_the_period_is_told_by_the_daily_look(club: Club):
    rule = club.rule()
    Rule.objects.filter(pk=rule.pk).update(notice_days=rule.amount)
    start_due_runs(_daily())
    rule.refresh_from_db()
    assert "The notice must be shorter than the period" in rule.problem
    assert not Run.objects.exists()
