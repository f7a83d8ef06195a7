"""The days between the second approval of an erasure and its beginning, in a real CRM."""

from datetime import timedelta

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.jobs.models import Job
from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.letters.words import day_words
from privacy.officers.models import Officer
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date, local_midnight
from privacy.subjects.models import LinkPurpose
from requests import services
from requests.enums import RequestState as S
from requests.errors import WrongState
from requests.models import SubjectRequest
from requests.services import cooling_off
from requests.services.cooling_off import end_cooling_off, last_day_to_cancel
from requests.services.execution import run_is_approved
from retention.models import Hold, Run
from tests.portal.conftest import enter, text_of
from tests.requests.conftest import approved_case, confirmed, letter_kinds, letter_of, planned_case, run_jobs
from tests.requests.test_erasure import ama, end_runs, second
from tests.sources import change

__all__ = ["second"]

ONE_MORE_LOGIN = """INSERT INTO crm.login_event
    SELECT gen_random_uuid(), e.operated_by, e.user_id, e.occurred_at, e.ip_address, e.user_agent, e.device_type,
           e.operating_system, e.succeeded
      FROM crm.login_event e JOIN crm.crm_user u USING (user_id) JOIN crm.customer c USING (customer_id)
     WHERE c.email = %s AND c.operated_by = 'offixpro' LIMIT 1"""


class Killed(BaseException):
    """A worker that is gone."""


@pytest.fixture(autouse=True)
def three_days(alpha) -> None:
    OrganisationProfile.objects.update(cooling_off_hours=72)


def cooling(officer: Officer, second: Officer, **more) -> SubjectRequest:
    return approved_case(officer, second, email=AMA_MENSAH.email, **more)


def time_is_over(case: SubjectRequest) -> SubjectRequest:
    SubjectRequest.objects.filter(pk=case.pk).update(cooling_off_until=timezone.now() - timedelta(seconds=1))
    run_jobs("requests.end_cooling_off")
    case.refresh_from_db()
    return case


def test_an_approved_erasure_begins_after_the_days_in_which_it_can_be_cancelled(offixpro, crm, officer, second):
    case = cooling(officer, second)
    last = local_date(timezone.now() + timedelta(hours=72))
    assert (case.state, last_day_to_cancel(case)) == ("cooling_off", last)
    assert case.cooling_off_until == local_midnight(last + timedelta(days=1))
    letter = letter_of(case, "cooling_off")
    assert f"{last:%-d %B %Y}" in letter.body
    assert all(line["dataset"] in letter.body for line in case.plan["summary"] if line["action"] != "keep")
    assert letter.secret is not None
    run_jobs("requests.end_cooling_off")  # too early: nothing begins
    case.refresh_from_db()
    assert (case.state, Run.objects.count(), ama(crm)) == ("cooling_off", 0, 1)
    assert time_is_over(case).state == "executing"
    run = Run.objects.get(case_id=case.pk)
    assert run_is_approved(run)
    assert (end_runs(case).state, case.problem, ama(crm)) == ("completed", "", 0)
    assert letter_kinds(case) == ["confirm", "acknowledged", "cooling_off", "erased"]


def test_the_person_cancels_it_on_the_status_page_and_nothing_is_erased(offixpro, crm, officer, second, visitor):
    case = cooling(officer, second)
    enter(visitor, case, LinkPurpose.TRACK)
    text = text_of(visitor.get("/requests/status/"))
    last = day_words(last_day_to_cancel(case), with_weekday=True)
    assert f"Your data is deleted after {last}; until then you can still cancel it." in text
    assert "Cancel the deletion" in text
    assert "We delete nothing and close your request." in text_of(visitor.get("/requests/status/withdraw/"))
    visitor.post("/requests/status/withdraw/")
    case = time_is_over(case)
    assert (case.state, Run.objects.count(), ama(crm), case.frozen_keys) == ("withdrawn", 0, 1, None)
    assert Hold.objects.get(case_id=case.pk).released_at is not None


def test_a_minors_data_goes_at_once(offixpro, crm, officer, second):
    case = planned_case(officer, email=AMA_MENSAH.email)
    SubjectRequest.objects.filter(pk=case.pk).update(is_minor=True)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    case = services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert (case.state, case.cooling_off_until) == ("executing", None)
    assert letter_kinds(case) == ["confirm", "acknowledged"]  # nobody was promised days to cancel


def test_the_letter_names_what_is_kept_by_law_and_promises_nothing_beyond(offixpro, crm, officer, second):
    case = cooling(officer, second)
    kept = next(line for line in case.plan["summary"] if line["table"] == "crm.invoice_line")
    body = letter_of(case, "cooling_off").body
    assert f"{kept['dataset']}: {kept['rows']} records ({kept['reason']})" in body
    assert "Everything about you" not in body
    assert "This has to stay for now" not in body


def test_the_letter_says_of_rows_under_a_hold_that_they_stay_for_now(offixpro, crm, officer, second):
    confirmed(kind="access", email=AMA_MENSAH.email)
    case = cooling(officer, second)
    held = next(line for line in case.plan["summary"] if line["table"] == "crm.login_event")
    assert held["rows"] == 0 < held["held"]
    body = letter_of(case, "cooling_off").body
    deleted, _mark, later = body.partition("This has to stay for now")
    assert f"{held['dataset']}: {held['held']} records" in later
    assert "Nothing for the time being" in deleted
    assert "Everything about you" not in body


@pytest.mark.parametrize(("days", "state"), [(1, "executing"), (2, "cooling_off")])
def test_it_never_waits_into_the_day_on_which_the_law_wants_it_done(offixpro, officer, second, days, state):
    case = planned_case(officer, email=AMA_MENSAH.email)
    due = local_date(timezone.now()) + timedelta(days=days - 1)
    SubjectRequest.objects.filter(pk=case.pk).update(due_on=due)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    case = services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert case.state == state
    if state == "cooling_off":
        assert case.cooling_off_until == local_midnight(due)
    told = letter_of(case, "cooling_off" if state == "cooling_off" else "erasure_begins").body
    assert ("the deletion begins at once, and it cannot be undone" in told) == (state == "executing")


@pytest.mark.parametrize("seam", ["before the runs", "after the runs"])
def test_killed_at_any_seam_it_begins_once(offixpro, crm, officer, second, monkeypatch, seam):
    case = cooling(officer, second)
    SubjectRequest.objects.filter(pk=case.pk).update(cooling_off_until=timezone.now())
    start = cooling_off.start_erasure

    def dies(**given) -> None:
        if seam == "after the runs":
            start(**given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(cooling_off, "start_erasure", dies)
        with pytest.raises(Killed):
            end_cooling_off(case_id=str(case.pk))
    case.refresh_from_db()
    assert (case.state, Run.objects.count()) == ("cooling_off", 0)
    for _told_again in range(3):
        end_cooling_off(case_id=str(case.pk))
    case.refresh_from_db()
    assert (case.state, Run.objects.count()) == ("executing", 1)
    assert LedgerEntry.objects.filter(action="subject_request.cooling_off_ended").count() == 1
    assert (end_runs(case).state, ama(crm)) == ("completed", 0)


def test_what_came_after_the_request_and_before_the_erasure_is_never_erased_unseen(offixpro, crm, officer, second):
    case = cooling(officer, second)
    assert change(crm, ONE_MORE_LOGIN, AMA_MENSAH.email) == 1
    time_is_over(case)
    case = end_runs(case)
    assert (case.state, case.problem, case.approvals.count()) == ("planning", "plan_changed", 0)
    assert (case.cooling_off_until, ama(crm)) == (None, 1)
    run_jobs("requests.plan")
    case.refresh_from_db()
    seen = {line["table"]: line["rows"] for line in case.plan["summary"]}
    assert seen["crm.login_event"] == AMA_MENSAH.logins + 1  # an officer decides on it, and another approves it
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    case = services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    time_is_over(case)
    assert (end_runs(case).state, ama(crm)) == ("completed", 0)


def test_returned_to_decision_its_approval_is_void_and_its_end_begins_nothing(offixpro, crm, officer, second):
    case = cooling(officer, second)
    case = services.return_to_decision(case=case, officer=second)
    assert (case.state, case.approvals.count(), case.cooling_off_until) == ("deciding", 0, None)
    run_jobs("requests.end_cooling_off")
    case.refresh_from_db()
    assert (case.state, Run.objects.count()) == ("deciding", 0)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    case = services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert (case.state, Job.objects.filter(kind="requests.end_cooling_off", state="pending").count()) == (
        S.COOLING_OFF,
        1,
    )


def test_an_erasure_that_has_begun_is_neither_returned_nor_withdrawn(offixpro, officer, second):
    case = time_is_over(cooling(officer, second))
    with pytest.raises(WrongState):
        services.return_to_decision(case=case, officer=second)
    with pytest.raises(WrongState):
        services.withdraw_request(case=case, actor=Actor.subject(case.subject))
    assert Run.objects.count() == 1
