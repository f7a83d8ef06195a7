"""What became of rows that an erasure left by law is in the record of its case."""

import datetime as dt

import pytest
import time_machine

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Dataset
from privacy.ledger.actors import Actor
from privacy.letters.models import Letter
from requests.admin.case_page import results_context
from requests.admin.timeline import timeline_lines
from retention.enums import RunState
from retention.models import KeptRow, Run, RunStep
from retention.services import approve_replay, plan_kept, start_kept
from tests.requests.conftest import approved_case, letter_of
from tests.requests.test_erasure import end_runs
from tests.retention.kept.conftest import look
from tests.retention.test_minimums import minimum
from tests.sources import change, today, work

HERS = "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"


def test_the_letter_names_the_day_and_the_record_of_the_case_the_end(offixpro, crm, officer, make_officer):
    second = make_officer()
    change(crm, f"UPDATE crm.invoice SET issued_on = %s WHERE customer_id = ({HERS})", today(), AMA_MENSAH.email)
    minimum("invoice", "invoice", "issued_on", amount=30, unit="days", year_end=None, protects="values")
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    end_runs(case)
    assert case.state == "completed"
    left = KeptRow.objects.count()
    assert left > 0
    letter: Letter = letter_of(case, "erased")
    assert "Tax books (Act 915, s. 27)" in letter.body
    before = len(timeline_lines(case))
    with time_machine.travel(dt.datetime.combine(today() + dt.timedelta(days=31), dt.time(12), dt.UTC)):
        assert look() == {"kept_by_law_over": left}
        run = start_kept(source=offixpro, plan=plan_kept(source=offixpro), actor=Actor.officer(officer))
        approve_replay(run=run, officer=second)
        work(run.pk)
    assert Run.objects.get(pk=run.pk).state == RunState.COMPLETED
    newest, *others = timeline_lines(case)
    assert (str(newest.words), newest.details) == ("Rows that the law had wanted kept are gone", (f"{left} rows",))
    assert len(others) == before


def test_the_card_of_a_run_names_the_tables_that_were_kept_with_the_reason(offixpro, officer, make_officer):
    Dataset.objects.filter(table_name="login_event").update(on_erasure="keep", keep_reason="Security records (s. 28)")
    case = approved_case(officer, make_officer(), email=AMA_MENSAH.email)
    end_runs(case)
    (run,) = results_context(case)["runs"]
    shown = {each.table: (each.rows, each.reason) for each in run.kept}
    assert shown["crm.login_event"] == (AMA_MENSAH.logins, "Security records (s. 28)")
    assert set(shown) & {step.table for step in run.steps} == set()


def test_settled_tables_are_folded_on_the_case_and_one_that_asks_for_something_stands_open(
    offixpro, crm, officer, make_officer, officer_client
):
    case = approved_case(officer, make_officer(), email=AMA_MENSAH.email)
    end_runs(case)
    page = f"/officer/requests/subjectrequest/{case.pk}/change/"
    (run,) = results_context(case)["runs"]
    total, fold = len(run.steps), "{n} tables, all verified: none left</summary>"
    assert fold.format(n=total) in officer_client.get(page).content.decode()
    RunStep.objects.filter(run__case_id=case.pk, dataset_key="crm.ticket").update(newer=1, loses_newer=True)
    shown = officer_client.get(page).content.decode()
    assert shown.index("nothing finds it by this person") < shown.index(fold.format(n=total - 1))


@pytest.mark.parametrize(
    ("stay", "words"),
    [
        ({"newer": 2}, "2 rows stay: newer than the request, or kept by law</summary>"),
        ({"protected": 1}, "1 row stays: newer than the request, or kept by law</summary>"),
        ({"newer": 2, "protected": 1}, "3 rows stay: newer than the request, or kept by law</summary>"),
    ],
)
def test_folded_tables_in_which_rows_stay_say_how_many(offixpro, officer, make_officer, officer_client, stay, words):
    case = approved_case(officer, make_officer(), email=AMA_MENSAH.email)
    end_runs(case)
    settled = RunStep.objects.filter(run__case_id=case.pk, level=0, loses_newer=False).exclude(action="keep")
    RunStep.objects.filter(pk=settled.order_by("pk")[0].pk).update(**stay)
    shown = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/").content.decode()
    (run,) = results_context(case)["runs"]
    folded = f"{len(run.steps)} tables, all verified: none left"
    assert [each in shown for each in (f"{folded} that had to go. {words}", f"{folded}</summary>")] == [True, False]
