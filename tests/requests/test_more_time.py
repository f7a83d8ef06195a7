from datetime import timedelta

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone, translation

from privacy.jobs.models import Job, Schedule
from privacy.law.enums import Cause, ExtensionGround
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.letters.words import day_words
from privacy.officers.models import Officer, Role
from privacy.register.models import OrganisationProfile
from requests.admin.cards import cards_of
from requests.authority_file.counting import events
from requests.clocks import rules_of
from requests.errors import ClockRefused, QuestionRefused, WrongState
from requests.letters import preview_case_letter
from requests.models import Mark, Reminder, SubjectRequest
from requests.recourse import recourse_day
from requests.services import asking_back, deadlines, extending
from requests.services.closing import withdraw_request
from requests.services.moves import locked
from tests.requests.conftest import confirmed, letter_kinds, letter_of


def case_under(*laws: str, kind: str = "access", **more) -> SubjectRequest:
    OrganisationProfile.objects.update(laws=list(laws), country="CA", promise_days=None, time_zone="UTC")
    return confirmed(kind=kind, **more)


def again(case) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=case.pk)


def extend(case, officer, **more) -> SubjectRequest:
    given = {
        "under": case.deadlines[0]["rule_id"],
        "reasons": "We ask others.",
        "ground": ExtensionGround.CONSULTATIONS,
    }
    return extending.extend_deadline(case=case, officer=officer, **given | more)


def test_the_person_is_told_the_new_date_and_why_and_the_date_moves(alpha, officer):
    case = case_under("CA-FED")
    before = case.due_on
    after = extend(case, officer).due_on
    letter = letter_of(case, "extended")
    assert after > before
    assert ("We ask others." in letter.body, "right to complain about this extension" in letter.body) == (True, True)
    assert [entry.action for entry in LedgerEntry.objects.filter(action="subject_request.clock_extended")] == [
        "subject_request.clock_extended"
    ]
    with pytest.raises(ClockRefused, match="used up"):
        extend(again(case), officer)
    assert letter_kinds(case).count("extended") == 1


def test_the_page_and_the_file_for_an_authority_name_the_law_that_was_extended_by_its_section(alpha, officer):
    case = extend(case_under("CA-FED"), officer)
    (card,) = (found for found in cards_of(case, officer, "case") if found["code"] == "clock_events")
    shown = render_to_string(card["template"], {"card": card["context"]})
    assert "<strong>extended</strong> (PIPEDA s. 8(3))" in shown
    assert "CA-FED.access" not in shown
    assert [(each["under"], each["law"]) for each in events(case)] == [("CA-FED.access", "PIPEDA s. 8(3)")]


def extended_twice(officer, promise: int | None) -> SubjectRequest:
    """British Columbia beside PIPEDA, both extended in the order in which they run out."""
    OrganisationProfile.objects.update(
        laws=["CA-FED", "CA-BC"], country="CA", promise_days=promise, promise_unit="business_day", time_zone="UTC"
    )
    case = confirmed(kind="access")
    for law in ("CA-FED.access", "CA-BC.access"):
        case = extend(again(case), officer, under=law, ground=ExtensionGround.CONSULTATIONS if "FED" in law else None)
    return again(case)


def test_the_letter_names_the_law_that_is_extended_and_the_days_of_the_case(alpha, officer):
    OrganisationProfile.objects.update(laws=["CA-FED", "CA-BC"], country="CA", promise_days=None, time_zone="UTC")
    case = confirmed(kind="access")
    before = case.due_on
    with pytest.raises(ClockRefused, match="would not move the day when this case is due: PIPEDA"):
        extend(case, officer, under="CA-BC.access", ground=None)
    assert (again(case).due_on, letter_kinds(case).count("extended")) == (before, 0)
    after = extend(case, officer, under="CA-FED.access").due_on
    last = extend(again(case), officer, under="CA-BC.access", ground=None).due_on
    first, second = Letter.objects.filter(case_id=case.pk, kind="case_extended").order_by("created_at")
    for letter, law, old, new in (
        (first, "(PIPEDA s. 8(3))", before, after), (second, "(BC PIPA s. 29)", after, last)
    ):  # fmt: skip
        said = [law in letter.body, f"by {day_words(old, with_weekday=True)} as we had said" in letter.body]
        assert [*said, f"our answer by {day_words(new, with_weekday=True)} at the latest" in letter.body] == [True] * 3
    assert before < after < last


@pytest.mark.parametrize("promise", [30, 10])
def test_a_notice_of_more_time_moves_the_promise_as_well(alpha, officer, promise):
    without, with_promise = extended_twice(officer, None), extended_twice(officer, promise)
    assert with_promise.due_on == without.due_on
    kept = next(kept for kept in with_promise.deadlines if kept["origin"] == "promise")
    assert any("written notice of more time" in sentence for sentence in kept["sentences"])
    new = day_words(with_promise.due_on, with_weekday=True)
    assert f"our answer by {new} at the latest" in letter_of(with_promise, "extended").body


def test_after_the_limit_nobody_can_take_more_time(alpha, officer):
    case = case_under("CA-FED")
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=True):
        assert extending.extendable(again(case)) == []
        with pytest.raises(ClockRefused, match="too late"):
            extend(case, officer)
    assert (again(case).due_on, letter_kinds(case).count("extended")) == (case.due_on, 0)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"reasons": " "}, "why more time is needed"),
        ({"ground": None}, "choose one: answering in time would unreasonably interfere with our work; we have to"),
        ({"n": 31}, "30"),
        ({"under": "EU.access"}, "not opened under that law"),
    ],
)
def test_an_extension_that_the_law_does_not_know_is_refused(alpha, officer, more, message):
    case = case_under("CA-FED")
    with pytest.raises(ClockRefused, match=message):
        extend(case, officer, **more)
    assert again(case).due_on == case.due_on


def test_a_question_and_its_answer(alpha, officer):
    case = case_under("UK")
    asking_back.ask_for_clarification(case=case, officer=officer, questions="Which branch?")
    assert (again(case).waiting_for, "Which branch?" in letter_of(case, "clarification").body) == (
        Cause.CLARIFICATION.value, True,
    )  # fmt: skip
    with pytest.raises(QuestionRefused, match="asked already"):
        asking_back.ask_for_clarification(case=case, officer=officer, questions="Which?")
    asking_back.take_reply(case=case, actor=Actor.subject(case.subject), text="The one in Leeds.")
    assert (again(case).waiting_for, again(case).details) == ("", "Everything, please.\n\nThe one in Leeds.")
    asking_back.take_reply(case=case, actor=Actor.subject(case.subject), text="And York.")  # unasked, and welcome
    with pytest.raises(QuestionRefused, match="Write your reply"):
        asking_back.take_reply(case=case, actor=Actor.subject(case.subject), text="x" * 10_001)


def test_one_can_go_on_without_a_reply(alpha, officer):
    case = case_under("UK")
    with pytest.raises(QuestionRefused, match="No question"):
        asking_back.stop_waiting(case=case, officer=officer)
    asking_back.ask_for_clarification(case=case, officer=officer, questions="Which branch?")
    asking_back.stop_waiting(case=case, officer=officer)
    assert again(case).waiting_for == ""


def test_nothing_is_said_to_a_closed_case(alpha, officer):
    case = case_under("UK")
    withdraw_request(case=case, actor=SYSTEM)
    with pytest.raises(WrongState):
        asking_back.take_reply(case=case, actor=SYSTEM, text="Hello?")
    with pytest.raises(WrongState):
        asking_back.ask_for_clarification(case=case, officer=officer, questions="Which?")


def look(on) -> None:
    with time_machine.travel(f"{on}T12:00:00+00:00", tick=True):
        deadlines.look_at_deadlines()


def reminders() -> list[tuple[str, int]]:
    return sorted(Reminder.objects.values_list("mark", "days_before"))


def privacy_officers() -> list[str]:
    officers = Officer.objects.filter(role=Role.PRIVACY_OFFICER, is_active=True)
    return sorted(officers.values_list("email", flat=True))


def test_officers_are_reminded_before_target_and_limit_each_once(alpha, officer):
    case = case_under("GH")
    look(case.target_on - timedelta(days=3))
    assert reminders() == []
    for _time in range(2):
        look(case.target_on - timedelta(days=2))
    assert reminders() == [(Mark.TARGET, 2)]
    assert sorted(letter.address for letter in Letter.objects.filter(kind="case_due")) == privacy_officers()
    look(case.due_on - timedelta(days=1))  # nobody looked five days before: that is made up for
    assert reminders() == [(Mark.LIMIT, 1), (Mark.LIMIT, 5), (Mark.TARGET, 2)]
    of_each = sorted(privacy_officers() * 2)  # one of the target, and one of the limit, for it says the same twice
    assert sorted(letter.address for letter in Letter.objects.filter(kind="case_due")) == of_each
    assert "Ama" not in "".join(Letter.objects.filter(kind="case_due").values_list("body", flat=True))


def test_a_day_that_comes_nearer_is_a_reminder_of_its_own(alpha, officer):
    case = case_under("GH")
    for days, letters in ((5, 1), (4, 1), (1, 2), (1, 2)):
        look(case.due_on - timedelta(days=days))
        addresses = [letter.address for letter in Letter.objects.filter(kind="case_due")]
        assert addresses.count(officer.email) == letters, days


@pytest.fixture
def handler(make_officer):
    return make_officer(Role.CASE_HANDLER)


def test_the_case_handler_is_reminded_as_well(alpha, officer, handler):
    case = case_under("GH")
    SubjectRequest.objects.update(assignee=handler)
    look(case.target_on - timedelta(days=1))
    addresses = {letter.address for letter in Letter.objects.filter(kind="case_due")}
    assert addresses == {*privacy_officers(), handler.email}


def test_silence_is_recorded_as_a_refusal_after_the_limit_and_the_person_is_told(alpha, officer):
    case = case_under("CA-FED")
    look(case.due_on)
    assert (again(case).deemed_refused_on, letter_kinds(case).count("deemed_refused")) == (None, 0)
    assert (Mark.DEEMED_REFUSAL, 3) in reminders()  # the alert before
    for _time in range(2):
        look(case.due_on + timedelta(days=1))
    kept = again(case)
    assert (kept.deemed_refused_on, kept.closed_at) == (case.due_on + timedelta(days=1), None)
    assert letter_kinds(case).count("deemed_refused") == 1
    assert LedgerEntry.objects.filter(action="subject_request.deemed_refused").count() == 1


@pytest.mark.parametrize(("language", "of_our_answer"), [("en", "of our answer"), ("fr", "de notre réponse")])
def test_after_silence_the_time_to_complain_counts_from_the_end_of_our_time(alpha, officer, language, of_our_answer):
    case = case_under("CA-FED", language=language)
    look(case.due_on + timedelta(days=1))
    (rule,) = rules_of(case.deadlines)
    last = recourse_day(rule, case.due_on, case.deadlines[0])
    body = letter_of(case, "deemed_refused").body
    with translation.override(language):
        named = day_words(last)
    assert (last > case.due_on + timedelta(days=180), named in body, of_our_answer in body) == (True, True, False)
    SubjectRequest.objects.filter(pk=case.pk).update(decided_at=timezone.now())
    refusal = preview_case_letter(kind="identity_rejected", case=again(case)).text
    assert of_our_answer in refusal  # of an answer that is given, it counts as ever


def test_the_letter_of_a_refusal_by_silence_cites_the_law_and_not_the_promise_that_bound(alpha, officer):
    OrganisationProfile.objects.update(
        laws=["CA-FED"], country="CA", promise_days=20, promise_unit="calendar_day", time_zone="UTC"
    )
    case = confirmed(kind="access")
    assert case.deadlines[0]["rule_id"] == "promise"
    look(case.received_on + timedelta(days=60))
    body = letter_of(case, "deemed_refused").body
    assert ("the law (PIPEDA s. 8(3)) takes" in body, "our own policy" in body) == (True, False)


@pytest.mark.parametrize("state", ["cooling_off", "executing"])
def test_a_decision_that_is_not_carried_out_yet_is_no_answer(alpha, officer, state):
    case = case_under("CA-FED")
    now = timezone.now()
    SubjectRequest.objects.filter(pk=case.pk).update(
        state=state, decided_at=now, decided_by=officer, cooling_off_until=now + timedelta(days=90)
    )
    look(case.due_on - timedelta(days=1))
    assert (Mark.LIMIT, 1) in reminders()
    look(case.due_on + timedelta(days=1))
    assert (again(case).deemed_refused_on, letter_kinds(case).count("deemed_refused")) == (
        case.due_on + timedelta(days=1), 1,
    )  # fmt: skip


def test_where_silence_is_no_refusal_none_is_recorded(alpha, officer):
    case = case_under("GH")
    look(case.due_on + timedelta(days=100))
    assert again(case).deemed_refused_on is None


def test_a_look_that_dies_between_two_cases_is_made_up_for_by_the_next(alpha, officer, monkeypatch):
    one, two, three = (case_under("CA-FED", email=f"p{n}@example.com") for n in range(3))
    day, real, seen = one.due_on + timedelta(days=1), deadlines.look_at_case, []

    def dies_at_the_second(*, case_id, today):
        seen.append(case_id)
        if len(seen) == 2:
            raise KeyboardInterrupt
        real(case_id=case_id, today=today)

    monkeypatch.setattr(deadlines, "look_at_case", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        look(day)
    monkeypatch.setattr(deadlines, "look_at_case", real)
    look(day)
    assert [letter_kinds(case).count("deemed_refused") for case in (one, two, three)] == [1, 1, 1]


def test_a_case_that_is_answered_meanwhile_is_left_alone(alpha, officer):
    case = case_under("CA-FED")
    withdraw_request(case=case, actor=SYSTEM)
    deadlines.look_at_case(case_id=case.pk, today=case.due_on + timedelta(days=9))
    assert locked(case).deemed_refused_on is None


def test_every_organisation_looks_every_hour(alpha):
    schedule = Schedule.objects.get(kind=deadlines.DEADLINES_JOB)
    assert (schedule.every_seconds, Job.objects.filter(kind=deadlines.DEADLINES_JOB).count()) == (3600, 0)
