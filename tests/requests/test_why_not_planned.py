"""Where no plan can be made, the case says which table and column stands against it, and what to do."""

import re

import pytest

from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.datamap.engine.errors import PlanRefused
from privacy.datamap.models import Action, Dataset
from requests.models import SubjectRequest
from requests.services.planning import replan
from tests.requests import shops
from tests.requests.conftest import planned_case, run_jobs
from tests.requests.test_partial_erasure import decided

TWIN = "equals one of somebody else, written otherwise"


@pytest.fixture
def shop(alpha, tmp_path, settings):
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    with shops.in_sqlite(tmp_path) as opened:
        yield opened


def _shown(client, case) -> str:
    page = client.get(f"/officer/requests/subjectrequest/{case.pk}/change/")
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_the_case_names_the_column_by_which_two_people_cannot_be_told_apart(officer, officer_client, shop):
    shop.ask("ALTER TABLE customer ADD COLUMN home VARCHAR(80) COLLATE NOCASE")
    shop.ask("UPDATE customer SET home = CASE id WHEN 1 THEN '1 Ring Road' ELSE '1 RING ROAD' END")
    by_home = {"link_columns": [["billing_address", "home"]], "on_erasure": Action.DELETE, "keep_reason": ""}
    Dataset.objects.filter(table_name="invoice").update(**by_home)
    with pytest.raises(PlanRefused):
        planned_case(officer, email=AMA_MENSAH.email)
    case = SubjectRequest.objects.get()
    assert (case.state, case.problem, case.problem_details.count(TWIN)) == ("planning", "planning_failed", 1)
    shown = _shown(officer_client, case)
    assert ("main.customer.home" in shown, TWIN in shown) == (True, True)
    assert [each for each in (AMA_MENSAH.email, KOFI_BOATENG.email, "Ring Road") if each in case.problem_details] == []
    shop.ask("UPDATE customer SET home = '2 Ring Road' WHERE id = 2")
    replan(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("deciding", "")
    assert "main.customer.home" not in _shown(officer_client, case)


def test_a_decision_stands_while_something_else_than_itself_is_against_the_plan(officer, officer_client, shop):
    shop.ask("ALTER TABLE customer ADD COLUMN home VARCHAR(80) COLLATE NOCASE")
    shop.ask("UPDATE customer SET home = id || ' Ring Road'")
    by_home = {"link_columns": [["billing_address", "home"]], "on_erasure": Action.DELETE, "keep_reason": ""}
    Dataset.objects.filter(table_name="invoice").update(**by_home)
    case = planned_case(officer, email=AMA_MENSAH.email)
    shop.ask("UPDATE customer SET home = '1 RING ROAD' WHERE id = 2")
    case = decided(officer, "contact", case=case)
    with pytest.raises(PlanRefused):
        run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.problem, case.problem_details.count(TWIN)) == ("planning_failed", 1)
    assert case.decided_at is not None
    shop.ask("UPDATE customer SET home = '2 Ring Road' WHERE id = 2")
    replan(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem, case.decided_at is not None) == ("awaiting_approval", "", True)


def test_a_decision_that_keeps_what_refers_to_the_rest_is_void_and_the_officer_is_told(officer, shop):
    """The invoices are kept and the customer to whom they refer would go."""
    Dataset.objects.filter(table_name__in=("customer", "invoice")).update(on_erasure=Action.DELETE, keep_reason="")
    case = planned_case(officer, email=AMA_MENSAH.email)
    case = decided(officer, "business", case=case)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem, case.decided_at, case.problem_details) == (
        "planning", "not_to_be_spared", None, "",
    )  # fmt: skip
