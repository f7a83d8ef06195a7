"""After a rule has anonymised rows, groups that are too small are counted, kept with the run and told."""

import pytest

from privacy.datamap.models import Action, Dataset, Field, Finding
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.jobs.services import requeue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from retention import apps, completion
from retention.enums import RunState
from retention.models import Rule, Run
from retention.rules_due import look_for_the_next
from retention.services import activate_rule, save_rule, start_rule_run
from retention.small_groups import COUNT_JOB, count_after
from tests.sources import change, rows, work

DUE = """c.operated_by = 'offixpro' AND EXISTS (SELECT FROM crm.customer u JOIN crm.workspace w
    ON w.operated_by = u.operated_by AND w.workspace_id = u.workspace_id WHERE u.customer_id = c.customer_id
    AND w.subscription_status = 'cancelled' AND w.cancelled_on < current_date - 30)"""
SMALL = f"""SELECT count(*), coalesce(sum(n), 0) FROM
    (SELECT count(*) n FROM crm.contact c WHERE {DUE} GROUP BY department, is_primary HAVING count(*) < %s) g"""


@pytest.fixture
def run(offixpro, crm) -> Run:
    """A completed run that anonymised the contacts of cancelled subscriptions; departments tell them apart."""
    contact = Dataset.objects.get(table_name="contact")
    Field.objects.filter(dataset=contact, column="department").update(on_retention="keep", is_quasi_identifier=True)
    Field.objects.filter(dataset=contact, column="is_primary").update(is_quasi_identifier=True)
    cancelled = {"column": "subscription_status", "op": "=", "value": "cancelled"}
    rule = Rule(
        name="Contacts", dataset=contact, start_dataset=Dataset.objects.get(table_name="workspace"),
        start_column="cancelled_on", conditions=[cancelled], amount=30, unit="days", action=Action.MASK,
        legal_reason="Policy",
    )  # fmt: skip
    change(crm, f"UPDATE crm.contact c SET department = CASE mod(contact_id, 3) WHEN 0 THEN 'Law' END WHERE {DUE}")
    run = start_rule_run(rule=activate_rule(rule=save_rule(rule=rule, actor=SYSTEM), actor=SYSTEM), actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    return run


def count(run: Run) -> tuple[int, int]:
    """What the job counts and keeps with the run."""
    count_after(run)
    requeue(kind=COUNT_JOB, slot=str(run.pk))
    run_job(job_id=Job.objects.get(kind=COUNT_JOB, slot=str(run.pk)).pk)
    step = run.steps.get(dataset_key="crm.contact")
    return step.small_groups, step.small_group_rows


@pytest.mark.parametrize("smallest", [2, 5, 1000])
def test_small_groups_are_counted_as_a_plain_client_counts_them(run, crm, smallest):
    OrganisationProfile.objects.update(smallest_group=smallest)
    (expected,) = rows(crm, SMALL, smallest)
    assert count(run) == expected
    findings = list(Finding.objects.filter(code="small_cells").values_list("place", "count", "names"))
    assert findings == ([("crm.contact", expected[1], ["department", "is_primary"])] if expected[0] else [])
    entry = LedgerEntry.objects.get(action="run.small_groups_counted")
    assert (entry.object_id, entry.data["rows"], entry.data["smallest"]) == (str(run.pk), expected[1], smallest)


def test_a_finding_goes_when_the_groups_are_large_enough(run, crm):
    OrganisationProfile.objects.update(smallest_group=1000)
    assert count(run)[0] > 0
    assert Finding.objects.filter(code="small_cells", resolved_at=None).count() == 1
    OrganisationProfile.objects.update(smallest_group=2)
    change(crm, f"UPDATE crm.contact c SET department = 'Law', is_primary = true WHERE {DUE}")
    assert count(run) == (0, 0)
    assert Finding.objects.filter(code="small_cells", resolved_at=None).count() == 0


def test_without_declared_columns_nothing_is_counted(run):
    Field.objects.update(is_quasi_identifier=False)
    assert count(run) == (None, None)
    assert not Finding.objects.filter(code="small_cells").exists()


def test_only_a_completed_run_is_counted(run):
    run.state = RunState.STOPPED
    count_after(run)
    assert not Job.objects.filter(kind=COUNT_JOB).exists()
    run.state = RunState.COMPLETED
    count_after(run)
    assert Job.objects.filter(kind=COUNT_JOB).count() == 1


def test_every_run_of_a_rule_is_counted_and_the_next_rule_looked_for(monkeypatch):
    monkeypatch.setattr(completion, "_listeners", {})
    import retention

    apps.RetentionConfig("retention", retention).ready()
    assert completion._listeners == {"retention": [count_after, look_for_the_next]}
