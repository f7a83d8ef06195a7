"""A person is erased in a real CRM that is shared with other operators."""

from uuid import uuid4

import pytest

from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.datamap.subject_plan import PlannedErasure, plan_erasure
from privacy.ledger.actors import SYSTEM
from retention.enums import RunState
from retention.models import ErasedIdentifier, RunChunk
from retention.services import start_erasure_run
from tests.sources import content, known, rows, work

NOT_OURS = dict.fromkeys(
    ("workspace", "employee", "customer", "contact", "crm_user", "login_event", "invoice", "invoice_line", "ticket",
     "ticket_message", "marketing_preference"),
    "operated_by <> 'offixpro'",
)  # fmt: skip


@pytest.fixture
def planned(offixpro) -> PlannedErasure:
    return plan_erasure(subject=known(AMA_MENSAH.email))


def test_the_plan_counts_exactly_her_rows(planned):
    assert {line["table"]: (line["action"], line["rows"]) for line in planned.summary} == {
        "crm.customer": ("mask", 1),
        "crm.crm_user": ("mask", 1),
        "crm.login_event": ("mask", AMA_MENSAH.logins),
        "crm.invoice": ("mask", AMA_MENSAH.invoices),
        "crm.invoice_line": ("keep", _lines(planned)),
        "crm.ticket": ("mask", AMA_MENSAH.tickets),
        "crm.ticket_message": ("mask", _messages(planned)),
        "crm.marketing_preference": ("delete", 3),
    }


def _lines(planned):
    return next(line["rows"] for line in planned.summary if line["table"] == "crm.invoice_line")


def _messages(planned):
    return next(line["rows"] for line in planned.summary if line["table"] == "crm.ticket_message")


def test_an_erasure_is_carried_out_verified_and_leaves_no_keys(offixpro, crm, planned):
    subject = known(AMA_MENSAH.email)
    others = content(crm, "crm", NOT_OURS)
    kofi = rows(crm, "SELECT * FROM crm.employee WHERE email = %s", KOFI_BOATENG.email)
    totals = rows(crm, "SELECT sum(total_amount), count(*) FROM crm.invoice")
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=planned, actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, run.problem_words) == (RunState.COMPLETED, "", "")
    assert {step.dataset_key: step.rows for step in run.steps.exclude(action="keep") if step.expected} == {
        line["table"]: line["rows"] for line in planned.summary if line["action"] != "keep"
    }
    assert run.frozen_keys is None
    assert list(RunChunk.objects.filter(step__run=run, content__isnull=False)) == []
    assert [bytes(each.fingerprint) for each in ErasedIdentifier.objects.filter(run_id=run.pk)] == [
        bytes(subject.identifiers.get().index)
    ]
    assert rows(
        crm, "SELECT count(*) FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'", AMA_MENSAH.email
    ) == [(0,)]
    assert content(crm, "crm", NOT_OURS) == others
    assert rows(crm, "SELECT * FROM crm.employee WHERE email = %s", KOFI_BOATENG.email) == kofi
    assert rows(crm, "SELECT sum(total_amount), count(*) FROM crm.invoice") == totals
