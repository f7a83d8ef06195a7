"""Between the proof and the end of a run: rows that come late, and approvals that end."""

from uuid import uuid4

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from retention import approval, executing
from retention.enums import HoldKind, RunState
from retention.errors import RunCannotResume
from retention.holding import exempt_cases
from retention.models import Run
from retention.services import place_hold, resume_run, start_erasure_run
from tests.sources import change, content, known, rows, work

HER_NAME = "SELECT full_name FROM crm.customer WHERE customer_id = %s"
HER_NUMBER = "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"


@pytest.fixture
def erasure(offixpro) -> Run:
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def test_a_row_that_comes_back_after_the_proof_is_erased_and_not_booked_as_held(erasure, crm, monkeypatch):
    ((number,),) = rows(crm, HER_NUMBER, AMA_MENSAH.email)
    original, proofs = executing.executor.run, []

    def comes_back(*arguments, **named):
        progress = original(*arguments, **named)
        if not progress.done:  # out of time: another slice follows
            return progress
        proofs.append(True)
        if len(proofs) == 1:
            change(crm, "UPDATE crm.customer SET full_name = 'Ama again' WHERE customer_id = %s", number)
        return progress

    monkeypatch.setattr(executing.executor, "run", comes_back)
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, proofs) == (RunState.COMPLETED, [True, True])
    assert {step.held for step in erasure.steps.exclude(action="keep")} == {0}
    assert rows(crm, HER_NAME, number) != [("Ama again",)]


def test_an_erasure_that_is_not_approved_changes_nothing_and_its_case_holds_again(erasure, crm, approved):
    subject = known(AMA_MENSAH.email)
    place_hold(kind=HoldKind.OPEN_REQUEST, matter="m", subject=subject, case_id=erasure.case_id, actor=SYSTEM)
    assert exempt_cases(erasure) == {erasure.case_id}
    approved["approved"] = False
    assert exempt_cases(erasure) == frozenset()
    before = content(crm, "crm")
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, erasure.problem) == (RunState.STOPPED, "approval_void")
    assert content(crm, "crm") == before


def test_where_nobody_knows_of_approvals_no_erasure_is_approved(erasure, monkeypatch):
    Run.objects.filter(pk=erasure.pk).update(state=RunState.ATTENTION)
    assert approval.is_approved(erasure)
    monkeypatch.setattr(approval, "_resolvers", [])
    with pytest.raises(RunCannotResume):
        resume_run(run=erasure, actor=SYSTEM)
