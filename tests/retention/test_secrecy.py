"""Nobody's particulars are written down: not in the ledger, a run, a job or the log, whatever becomes of the run."""

import logging
from uuid import uuid4

import pytest
from django.db import connection

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Dataset
from privacy.datamap.subject_plan import plan_erasure
from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.subjects.models import Identifier
from retention.enums import RunState
from retention.models import Rule, Run
from retention.services import activate_rule, save_rule, start_erasure_run, start_rule_run
from tests.secrecy import check_readable_nowhere, readable
from tests.sources import change, known, rows, work

SECRETS = (AMA_MENSAH.email, AMA_MENSAH.full_name, AMA_MENSAH.phone)
HERS = "SELECT email, full_name, phone FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
QUOTES = """CREATE FUNCTION crm.quote() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'not %%, not %% and not %%', OLD.email, OLD.full_name, OLD.phone; END $$;
    CREATE TRIGGER quotes BEFORE UPDATE ON crm.customer FOR EACH ROW EXECUTE FUNCTION crm.quote()"""


@pytest.fixture
def log(caplog):
    """Everything that is logged."""
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def erasure(offixpro, crm, log) -> Run:
    """Of somebody who is in the source with all that is looked for afterwards."""
    assert rows(crm, HERS, AMA_MENSAH.email) == [SECRETS]
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def logged(log) -> list[str]:
    return [secret for secret in SECRETS if secret in log.text]


def check_told_nowhere(log) -> None:
    """Not in a table and not in the log; in both the same search finds it when somebody writes it down."""
    check_readable_nowhere(*SECRETS)
    assert logged(log) == []
    logging.getLogger("privacy.control").debug("%s", SECRETS)
    assert logged(log) == list(SECRETS)


def test_a_completed_erasure_names_nobody(erasure, crm, log):
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, rows(crm, HERS, AMA_MENSAH.email)) == (RunState.COMPLETED, [])
    check_told_nowhere(log)


def test_an_erasure_names_nobody_whose_source_quotes_the_row_that_it_refuses(erasure, crm, log):
    change(crm, QUOTES)
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, rows(crm, HERS, AMA_MENSAH.email)) == (RunState.ATTENTION, [SECRETS])
    assert [step.dataset_key for step in erasure.steps.exclude(problem_words="")] == ["crm.customer"]
    check_told_nowhere(log)


def test_a_run_of_a_rule_names_nobody(offixpro, crm, log):
    customer = Dataset.objects.get(table_name="customer")
    rule = Rule(
        name="Everybody", dataset=customer, start_dataset=customer, start_column="created_at", amount=1,
        action="mask", legal_reason="The policy says so.",
    )  # fmt: skip
    run = start_rule_run(rule=activate_rule(rule=save_rule(rule=rule, actor=SYSTEM), actor=SYSTEM), actor=SYSTEM)
    assert rows(crm, HERS, AMA_MENSAH.email) == [SECRETS]
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, rows(crm, HERS, AMA_MENSAH.email)) == (RunState.COMPLETED, [])
    check_told_nowhere(log)


@pytest.mark.parametrize("value", ["ama.mensah@example.com", "Séamus O'Brien", 'Ama "Sika" \\ Mensah'])
def test_the_search_finds_a_value_in_a_text_in_json_in_a_job_and_in_bytes(alpha, value):
    known("somebody@example.com")
    assert readable(value) == set()
    record(action="control.said", actor=SYSTEM, data={"deep": [{"said": f"Dear {value.upper()}!"}]})
    enqueue(kind="control", slot=f"to {value}")
    LedgerEntry.objects.create(actor_kind="system", action="control", object_id=value)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Identifier._meta.db_table} SET value = %s", [f"<{value}>".encode()])
    assert readable(value) == {
        ("ledger_ledgerentry", value), ("public.jobs_job", value), (Identifier._meta.db_table, value),
    }  # fmt: skip
