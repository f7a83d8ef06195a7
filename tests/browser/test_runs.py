"""An officer watches a run that takes its time, has it rest and go on, and fetches its certificate."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db.models import Sum
from playwright.sync_api import expect

from privacy.ledger.actors import SYSTEM
from retention.certificate.document import check_file
from retention.enums import RunState
from retention.models import Rule, Run
from retention.services import start_rule_run
from tests.browser.people import sign_in
from tests.sources import approve
from tests.stack import Stack, collect_static, running_stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.processes]
SLOW = """CREATE FUNCTION crm.take_time() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_sleep(0.001); RETURN OLD; END $$;
          CREATE TRIGGER slow BEFORE DELETE ON crm.login_event FOR EACH ROW EXECUTE FUNCTION crm.take_time();
          UPDATE crm.workspace SET subscription_status = 'cancelled', export_pending = false,
                 cancelled_on = current_date - 90 WHERE operated_by = 'offixpro';
          INSERT INTO crm.login_event SELECT gen_random_uuid(), operated_by, user_id, occurred_at, ip_address,
                 user_agent, device_type, operating_system, succeeded FROM crm.login_event, generate_series(1, 1000)
           WHERE operated_by = 'offixpro' LIMIT 30000"""


@pytest.fixture
def stack(desk, tmp_path) -> Iterator[Stack]:
    """One for each test: what they watch takes its time."""
    collect_static(tmp_path)
    with running_stack(tmp_path) as running:
        yield running


def test_an_officer_watches_pauses_resumes_and_fetches_the_certificate(desk, stack, new_visitor, tmp_path):
    with psycopg.connect(desk.crm) as connection:
        connection.execute(SLOW)
    run = start_rule_run(rule=Rule.objects.get(dataset__table_name="login_event"), actor=SYSTEM)
    approve(run.pk)
    page = new_visitor(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    sign_in(page, stack.address(desk.host, "/officer/"), desk.officers[0])
    page.goto(stack.address(desk.host, f"/officer/retention/run/{run.pk}/change/"))

    expect(page.get_by_text("rows a second")).to_be_visible(timeout=60_000)  # comes by itself
    expect(page.get_by_text("Expected to end")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".pd-head").get_by_text("paused")).to_be_visible()
    rested = wait_for(lambda: _rows_at_rest(run), "the chunk under way to end")
    assert 0 < rested < sum(step.expected for step in run.steps.all())

    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".pd-head").get_by_text("completed and verified")).to_be_visible(timeout=120_000)
    with page.expect_download() as arriving:
        page.get_by_role("link", name=re.compile("JSON")).click()
    file = Path(tmp_path / "certificate.json")
    arriving.value.save_as(file)
    (table,) = check_file(file.read_text())["tables"]
    assert (table["rows"], table["rows_left"]) == (run.steps.get().expected, 0)


def _rows_at_rest(run: Run) -> int | None:
    """Rows done, once no chunk is under way any more."""
    run.refresh_from_db()
    is_at_rest = run.state == RunState.PAUSED and not run.steps.filter(chunks__state__in=["intended", "prepared"])
    return run.steps.aggregate(rows=Sum("rows"))["rows"] if is_at_rest else None
