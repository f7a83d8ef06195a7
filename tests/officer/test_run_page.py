"""The page of a run: what it says while it rests or waits, and who may do what with it."""

import re
from uuid import uuid4

import pytest

from privacy.datamap.models import Source
from privacy.officers.models import Role
from retention.enums import RunKind, RunState
from retention.models import Run

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


@pytest.mark.parametrize("act", ["pause", "resume", "cancel"])
def test_who_only_looks_can_do_nothing(run, make_officer, sign_in, act):
    client = sign_in(make_officer(Role.AUDITOR))
    assert (client.get(address(run)).status_code, buttons(client, run)) == (200, [])
    assert client.post(address(run, act)).status_code == 403
    run.refresh_from_db()
    assert run.state == RunState.PENDING


def test_pausing_needs_a_button_and_not_a_link(officer_client, run):
    assert officer_client.get(address(run, "pause")).status_code == 405
