"""The page of a run: what it says while it rests or waits, and who may do what with it."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from privacy.datamap.models import Source
from privacy.officers.models import Role
from retention.admin.runs import cancel_explanation
from retention.certificate.document import check_file
from retention.certificate.issuing import issue_certificate
from retention.enums import RunKind, RunState
from retention.models import Rule, Run, RunStep
from retention.moves import move

PAUSE, RESUME, CANCEL = "Pause", "Resume", "Cancel the run"


@pytest.fixture
def run(alpha) -> Run:
    source = Source.objects.create(name="CRM", address="postgresql://login@db/crm")
    return Run.objects.create(
        kind=RunKind.RETENTION, source=source, slot=uuid4().hex, plan={}, plan_hash="b" * 64, actor_kind="system"
    )


def address(run: Run, act: str = "change") -> str:
    return f"/officer/retention/run/{run.pk}/{act}/"


def buttons(client, run: Run) -> list[str]:
    page = client.get(address(run)).content.decode()
    desk = page[page.index('class="pd-head"') :]
    head = desk[: desk.index("pd-grid")]
    return [words for _tag, words in re.findall(r'<(button|a) class="pd-button[^>]*>([^<]+)</', head)]


@pytest.mark.parametrize(
    ("state", "problem", "expected"),
    [
        (RunState.PENDING, "", [PAUSE, CANCEL]),
        (RunState.RUNNING, "", [PAUSE, CANCEL]),
        (RunState.RUNNING, "held", ["Try again now", PAUSE, CANCEL]),
        (RunState.PAUSED, "", [RESUME, CANCEL]),
        (RunState.ATTENTION, "survivors", [RESUME, CANCEL]),
        (RunState.STOPPED, "cancelled", []),
    ],
)
def test_each_state_offers_what_can_be_done_and_nothing_else(officer_client, run, state, problem, expected):
    Run.objects.filter(pk=run.pk).update(state=state, problem=problem)
    assert buttons(officer_client, run) == expected


def test_an_officer_pauses_resumes_and_cancels(officer_client, run):
    officer_client.post(address(run, "pause"))
    run.refresh_from_db()
    assert run.state == RunState.PAUSED
    officer_client.post(address(run, "resume"))
    run.refresh_from_db()
    assert run.state == RunState.PENDING
    asked = officer_client.get(address(run, "cancel"))
    run.refresh_from_db()
    assert (asked.status_code, run.state) == (200, RunState.PENDING)
    officer_client.post(address(run, "cancel"))
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.STOPPED, "cancelled")
    again = officer_client.post(address(run, "cancel"), follow=True).content.decode()
    assert "has ended already" in again


def test_whoever_cancels_a_run_is_not_told_that_a_rule_goes_on_which_is_switched_off(alpha):
    def last_words(**of) -> str:
        return cancel_explanation(Run(**of))[-1]

    assert last_words(kind=RunKind.RETENTION, rule=Rule(is_active=True)).startswith("The rule stays active:")
    for off in (Rule(is_active=False), Rule(is_active=True, in_force_until=date(2020, 1, 1))):
        assert last_words(kind=RunKind.RETENTION, rule=off).startswith("The rule is switched off or not in force:")
    assert last_words(kind=RunKind.REPLAY) == "A cancelled run never goes on; its record stays."


def test_a_result_in_law_is_said_only_of_what_was_done(officer_client, run):
    step = RunStep.objects.create(
        run=run, position=0, dataset_key="crm.contact", dataset_label="Contacts", action="delete", expected=7,
        result="deleted",
    )  # fmt: skip
    shown = officer_client.get(address(run)).content.decode()
    assert ("In law" in shown, "The rows are gone." in shown) == (False, False)
    RunStep.objects.filter(pk=step.pk).update(rows=3, state="running")
    shown = officer_client.get(address(run)).content.decode()
    assert ("In law, of the rows that are done: deleted." in shown, "The rows are gone." in shown) == (True, False)
    RunStep.objects.filter(pk=step.pk).update(rows=7, state="done")
    shown = officer_client.get(address(run)).content.decode()
    assert "In law: deleted. The rows are gone." in shown


@pytest.mark.parametrize("act", ["pause", "resume", "cancel"])
def test_who_only_looks_can_do_nothing(run, make_officer, sign_in, act):
    client = sign_in(make_officer(Role.AUDITOR))
    assert (client.get(address(run)).status_code, buttons(client, run)) == (200, [])
    assert client.post(address(run, act)).status_code == 403
    run.refresh_from_db()
    assert run.state == RunState.PENDING


def test_pausing_needs_a_button_and_not_a_link(officer_client, run):
    assert officer_client.get(address(run, "pause")).status_code == 405


def test_a_certificate_is_fetched_as_a_file_by_whoever_may_see_the_run(run, make_officer, sign_in):
    with transaction.atomic():
        Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, plan={"engine": {"steps": []}})
        run.refresh_from_db()
        move(run, RunState.COMPLETED)
        certificate = issue_certificate(run, evidence="counted")
    client = sign_in(make_officer(Role.AUDITOR))
    as_json, as_pdf = (client.get(address(run, "certificate"), {"as": kind}) for kind in ("json", "pdf"))
    assert check_file(as_json.content.decode())["run"]["id"] == str(run.pk)
    assert (as_json["Content-Type"], as_pdf["Content-Type"]) == ("application/json", "application/pdf")
    assert as_pdf["Content-Disposition"] == f'attachment; filename="certificate-{certificate.pk}.pdf"'
    assert client.get(address(run)).content.decode().count("?as=") == 2
    handler = sign_in(make_officer(Role.CASE_HANDLER))
    assert handler.get(address(run, "certificate")).status_code in (403, 404)


def test_a_run_that_has_not_ended_has_no_certificate(officer_client, run):
    assert officer_client.get(address(run, "certificate")).status_code == 404
    assert "?as=" not in officer_client.get(address(run)).content.decode()


def test_the_live_part_names_the_state_that_its_page_was_made_for(officer_client, run):
    for state, problem in ((RunState.RUNNING, ""), (RunState.RUNNING, "held"), (RunState.PENDING, "")):
        Run.objects.filter(pk=run.pk).update(state=state, problem=problem)
        page, part = officer_client.get(address(run)).content.decode(), officer_client.get(address(run, "progress"))
        assert (part.status_code, f'data-live-state="{part["X-Live"]}"' in page) == (200, True)
