from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.officers.models import Role
from requests import services
from requests.enums import RequestKind
from requests.enums import RequestState as S
from requests.models import AccessPackage, SubjectRequest
from requests.selectors import due_status, next_step, public_status, public_steps, queue, timeline, visible_cases
from requests.services.asking_back import take_reply
from requests.transitions import CLOSED
from tests.requests.conftest import confirmed, in_state, submit

TODAY = date(2026, 11, 22)


def test_the_queue_holds_open_confirmed_cases_those_due_first(alpha, officer):
    third, first, second = (confirmed(email=f"{name}@example.com") for name in ("kofi", "ama", "yaw"))
    submit(email="unconfirmed@example.com")
    services.withdraw_request(case=confirmed(email="gone@example.com"), actor=SYSTEM)
    for case, days in ((first, 1), (second, 5), (third, 9)):
        SubjectRequest.objects.filter(pk=case.pk).update(due_on=TODAY + timedelta(days=days))
    assert list(queue(officer)) == [first, second, third]


def test_a_case_handler_sees_assigned_cases_only_an_auditor_all_and_a_stranger_none(alpha, officer, make_officer):
    mine, _other = confirmed(), confirmed(email="kofi@example.com")
    handler, auditor, gone = make_officer(Role.CASE_HANDLER), make_officer(Role.AUDITOR), make_officer(is_active=False)
    services.assign(case=mine, officer=officer, assignee=handler)
    assert [visible_cases(who).count() for who in (officer, auditor, handler, gone, None)] == [2, 2, 1, 0, 0]
    assert list(queue(handler)) == [mine]


def test_the_queue_asks_as_often_for_one_case_as_for_three(alpha, officer):
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            for case in queue(officer):
                str(case.assignee), due_status(case, TODAY), case.reference
        return len(captured)

    confirmed()
    one = questions()
    confirmed(email="kofi@example.com")
    confirmed(email="yaw@example.com")
    assert questions() == one


@pytest.mark.parametrize(
    ("days", "of", "level", "words"),
    [
        (-3, 20, "overdue", "3 days overdue"),
        (-1, 20, "overdue", "1 day overdue"),
        (0, 20, "soon", "due today"),
        (1, 20, "soon", "due in 1 day"),
        (5, 6, "soon", "due in 5 days"),
        (6, 20, "plain", "due in 6 days"),
        (15, 60, "soon", "due in 15 days"),  # a quarter of the time
        (16, 60, "plain", "due in 16 days"),
    ],
)
def test_how_a_case_stands_is_said_in_words(days, of, level, words):
    due = TODAY + timedelta(days=days)
    status = due_status(SubjectRequest(due_on=due, received_on=due - timedelta(days=of)), TODAY)
    assert (status.days_left, status.level, status.words) == (days, level, words)


@pytest.mark.parametrize(
    ("due_in", "stands_until", "level", "words"),
    [
        (2, None, "soon", "due in 2 days"),  # a wait that stops no clock
        (-2, None, "overdue", "2 days overdue"),
        (20, None, "plain", "due in 20 days"),
        (2, date.max, "paused", "paused: waiting for the person"),
        (-2, date.max, "paused", "paused: waiting for the person"),  # not counted anew yet today
        (2, TODAY + timedelta(days=30), "paused", "paused: waiting for the person"),
        (2, TODAY + timedelta(days=4), "soon", "due in 4 days"),  # another clock runs on
        (2, TODAY - timedelta(days=1), "overdue", "1 day overdue"),
    ],
)
def test_a_case_is_paused_while_its_clock_stands_and_no_other_clock_is_near_its_end(due_in, stands_until, level, words):
    due = TODAY + timedelta(days=due_in)
    received = due - timedelta(days=30)
    case = SubjectRequest(due_on=due, received_on=received, waiting_for="fee", stands_until=stands_until)
    assert (due_status(case, TODAY).level, due_status(case, TODAY).words) == (level, words)


def test_a_closed_case_is_not_overdue():
    status = due_status(SubjectRequest(due_on=TODAY - timedelta(days=3), closed_at=timezone.now()), TODAY)
    assert (status.days_left, status.level, status.words) == (None, "ok", "closed")


@pytest.mark.parametrize(
    ("state", "kind", "problem", "code", "has_button"),
    [
        (S.UNCONFIRMED, "erasure", "", "await_confirmation", False),
        (S.RECEIVED, "erasure", "", "confirm_identity", True),
        (S.PLANNING, "erasure", "", "await_plan", False),
        (S.PLANNING, "erasure", "source_unreachable", "replan", True),
        (S.DECIDING, "access", "", "decide", True),
        (S.AWAITING_APPROVAL, "erasure", "", "approve_erasure", True),
        (S.EXECUTING, "erasure", "", "await_execution", False),
        (S.EXECUTING, "access", "", "await_package", False),
        (S.EXECUTING, "access", "package_failed", "rebuild_package", True),
    ],
)
def test_every_open_stage_has_one_next_step(officer, make_officer, state, kind, problem, code, has_button):
    case = in_state(state, kind=kind, decided_by=make_officer(), decided_at=timezone.now(), problem=problem)
    step = next_step(case, officer)
    assert (step.code, step.url_name is not None, step.blocked_reason) == (code, has_button, None)


def test_what_has_to_happen_first_is_the_next_step(alpha, officer):
    def steps(case: SubjectRequest) -> tuple[str, bool]:
        step = next_step(SubjectRequest.objects.get(pk=case.pk), officer)
        return step.code, step.url_name is not None

    represented = confirmed(kind="access", email="kofi@example.com")
    lawyer = {"name": "Kofi Lawyer", "email": "lawyer@example.com", "authority": "lawyer"}
    services.add_representation(case=represented, officer=officer, **lawyer)
    complaint = in_state(S.DECIDING, kind="complaint", email="yaw@example.com")
    assert (steps(represented), steps(complaint)) == (("accept_authority", True), ("answer", True))
    services.accept_authority(case=represented, officer=officer, evidence="Mandate of 3 May.")
    Letter.objects.filter(case_id=complaint.pk).delete()
    assert (steps(represented), steps(complaint)) == (("confirm_identity", True), ("acknowledge_complaint", True))
    services.ask_identity(case=represented, officer=officer, ways=["The number of an invoice"])
    assert steps(represented) == ("await_person", False)
    take_reply(case=represented, actor=SYSTEM, text="It is 4711.")
    assert steps(represented) == ("confirm_identity", True)


def test_a_closed_case_has_no_next_step(officer):
    assert [next_step(SubjectRequest(state=state), officer) for state in CLOSED] == [None] * len(CLOSED)


def test_the_next_step_says_why_this_officer_cannot_take_it(alpha, officer, make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    case = in_state(S.AWAITING_APPROVAL, decided_by=officer, decided_at=timezone.now())
    assert "another officer has to approve" in next_step(case, officer).blocked_reason
    assert "Only a Privacy Officer" in next_step(case, handler).blocked_reason
    assert next_step(case, make_officer()).blocked_reason is None
    nobodys = in_state(S.AWAITING_APPROVAL, email="esi@example.com", decided_at=timezone.now())
    handed = make_officer()
    handed.hand_password("temporary words", by=officer)
    handed.save()
    assert "one person could be both" in next_step(case, handed).blocked_reason
    assert "has no account any more" in next_step(nobodys, handed).blocked_reason
    received = confirmed(email="kofi@example.com")
    assert "not assigned to you" in next_step(received, handler).blocked_reason


def test_the_timeline_is_the_ledger_of_the_case_alone(alpha, officer):
    case, other = confirmed(), confirmed(email="kofi@example.com")
    services.confirm_identity(case=case, officer=officer)
    acts = [entry.action for entry in timeline(case)]
    assert acts == ["subject_request.identity_confirmed", "subject_request.received", "subject_request.submitted"]
    assert timeline(other).count() == 2


@pytest.mark.parametrize("kind", RequestKind)
def test_every_stage_has_words_for_the_person(alpha, kind):
    until = timezone.now() + timedelta(days=2)
    given = {"kind": kind, "cooling_off_until": until, "received_on": until.date()}
    words = {state: public_status(SubjectRequest(state=state, **given)) for state in S}
    assert len(set(words.values())) == len(S)
    assert all(words.values())


@pytest.mark.parametrize("kind", ["rectification", "objection", "restriction"])
def test_the_person_is_told_that_only_a_part_was_done(alpha, kind):
    partly, wholly = (
        public_status(SubjectRequest(state=S.COMPLETED, kind=kind, outcome=outcome))
        for outcome in ("partial", "granted")
    )
    assert partly.startswith("Done in part. ")
    assert wholly.startswith("Done: ")


def test_a_request_that_lapsed_for_want_of_an_answer_about_the_fee_was_not_withdrawn_by_the_person(alpha):
    lapsed, withdrawn = (
        public_status(SubjectRequest(state=S.WITHDRAWN, kind="access", outcome=outcome))
        for outcome in ("fee_lapsed", "")
    )
    assert lapsed == "Closed: we had no answer about the fee. You owe nothing, and can ask again at any time."
    assert withdrawn == "Closed: you withdrew it."


def test_who_asks_for_another_is_not_told_about_themselves_before_their_authority_was_seen(alpha, officer):
    case = confirmed()
    for_themselves = public_status(case)
    services.add_representation(
        case=case, officer=officer, name="Abena Antwi", email="abena@example.com", authority="lawyer"
    )
    assert for_themselves == "Received. We are making sure that it is you."
    assert public_status(case) == "Received. We are making sure that you may ask for somebody else."
    services.reject_authority(case=case, officer=officer)
    case.refresh_from_db()
    assert public_status(case).startswith("Closed: we could not confirm that you may ask for somebody else.")


def test_the_person_is_told_whether_the_package_can_still_be_downloaded(alpha):
    case = in_state(S.COMPLETED, kind="access", decided_at=timezone.now(), closed_at=timezone.now())
    package = AccessPackage.objects.create(
        case=case, expires_at=timezone.now() + timedelta(days=1), downloads_left=1, file_name="x"
    )
    assert public_status(case) == "Ready to download."
    case.outcome = "partial"
    assert public_status(case) == "Ready to download, in part. Our letter says what is left out, and why."
    for change in ({"downloads_left": 0}, {"downloads_left": 1, "expires_at": timezone.now()}):
        AccessPackage.objects.filter(pk=package.pk).update(**change)
        assert "is over" in public_status(SubjectRequest.objects.get(pk=case.pk))


def test_the_person_sees_what_concerns_them_in_order_and_not_who_did_it(alpha, officer):
    case = confirmed()
    services.assign(case=case, officer=officer, assignee=officer)
    services.confirm_identity(case=case, officer=officer)
    assert [str(step.words) for step in public_steps(case)] == [
        "You sent your request.",
        "You confirmed that it is you; we started.",
        "We made sure that it is you and began to find your data.",
    ]
