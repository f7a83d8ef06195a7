"""On which day people are told, and on which day their rows go: the day before, the day, the day after."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from privacy.jobs.models import Job
from privacy.letters.models import Letter, LetterState
from retention.enums import RunState
from retention.models import AdvanceNotice
from tests.retention.notices.club import NOTICE, add_member, counts, day, deliver, plan_on, run_on


def test_people_are_told_ten_days_before_and_not_a_day_sooner(club):
    rule = club.rule()
    assert [plan_on(rule, number).to_tell for number in (-1, 0, 1)] == [0, 2, 3]
    first = run_on(rule, 0)
    assert (first.state, counts(first)) == (
        RunState.COMPLETED, {"member": (0, 0, 0), "payment": (0, 0, 0)},
    )  # fmt: skip
    assert (first.notice_pass.told, deliver()) == (2, ["ama@example.com", "kofi@example.com"])
    assert [each.acts_from for each in AdvanceNotice.objects.all()] == [day(NOTICE)] * 2
    assert club.names() == ["Ama", "Kofi", "Yaa"]


def test_rows_go_on_the_tenth_day_after_the_letter_with_what_hangs_from_them(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    before = run_on(rule, NOTICE - 1)
    assert (counts(before)["member"], club.names()) == ((0, 0, 0), ["Ama", "Kofi", "Yaa"])
    on_the_day = run_on(rule, NOTICE)
    assert (on_the_day.state, on_the_day.problem) == (RunState.COMPLETED, "")
    assert counts(on_the_day) == {"payment": (2, 0, 0), "member": (2, 0, 0)}
    assert (club.names(), club.payments()) == (["Yaa"], [30])
    assert AdvanceNotice.objects.count() == 1  # Yaa's: those of rows that went are gone with them


def test_a_row_that_is_due_when_nobody_was_told_waits_its_days_and_is_no_survivor(club):
    add_member(club.dsn, 4, "Esi", due=-5)
    rule = club.rule()
    first = run_on(rule, 0)
    assert (first.state, counts(first)) == (RunState.COMPLETED, {"payment": (0, 0, 1), "member": (0, 0, 1)})
    assert (first.steps.get(dataset_key="public.member").expected, first.certificate is not None) == (0, True)
    deliver()
    assert plan_on(rule, NOTICE - 1).waiting == 2
    assert (plan_on(rule, NOTICE).waiting, plan_on(rule, NOTICE).rows) == (0, 6)
    run_on(rule, NOTICE)
    assert club.names() == ["Yaa"]


@pytest.mark.parametrize("late", [1, 3])
def test_the_days_count_from_the_day_on_which_the_mail_server_took_the_letter(club, late):
    rule = club.rule()
    run_on(rule, 0)
    assert plan_on(rule, NOTICE).rows == 0  # the letters are in the outbox still
    deliver()
    for letter in Letter.objects.all():
        letter.sent_at += dt.timedelta(days=late)
        letter.save()
    assert [plan_on(rule, NOTICE + number).rows for number in (late - 1, late)] == [0, 4]


def test_the_letter_says_what_happens_when_and_why_and_what_the_person_can_do(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    sent = mail.outbox[0]
    when = f"{day(NOTICE).day} {day(NOTICE):%B %Y}"
    assert sent.subject == f"Alpha: data about you is deleted on {when}"
    for words in ("Members who stay away", "The policy says so.", "sign in", "copy of your data", "http"):
        assert words in sent.body
    assert (sent.content_subtype, "  " in sent.body, "\n\n\n" in sent.body) == ("plain", False, False)


def test_a_letter_about_masking_promises_no_more_than_the_masks_keep(club):
    """What is left may be pseudonymous, generalised or kept in part: see `retention.results`."""
    run_on(club.rule(action="mask", start_event="other"), 0)
    deliver()
    (sent, _other) = mail.outbox
    for words in ("anonymous", "anonymised", "deleted", "sign in"):
        assert words not in f"{sent.subject} {sent.body}"
    assert "removed or replaced" in sent.body


def test_a_run_that_is_done_twice_tells_nobody_twice(club):
    rule = club.rule()
    run_on(rule, 0)
    second = run_on(rule, 0)
    assert (second.notice_pass.told, Letter.objects.count(), len(deliver())) == (0, 2, 2)
    assert deliver() == []
    assert Job.objects.filter(kind="letters.send").count() == 2


def test_who_comes_back_keeps_their_row_and_is_told_anew_later(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    club.change("UPDATE member SET seen_on = %s WHERE name = 'Ama'", day(0))
    back = run_on(rule, NOTICE)
    assert (counts(back)["member"], club.names()) == ((1, 0, 0), ["Ama", "Yaa"])
    deliver()
    again = 90 + 1
    assert plan_on(rule, again - NOTICE - 1).to_tell == 0
    told = run_on(rule, again - NOTICE)
    assert (told.notice_pass.told, deliver()) == (1, ["ama@example.com"])
    assert "Ama" in club.names()
    run_on(rule, again)
    assert club.names() == []


def test_a_date_that_moves_to_another_one_that_is_over_too_makes_the_notice_lapse(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    club.change("UPDATE member SET seen_on = seen_on - 1 WHERE name = 'Ama'")
    run = run_on(rule, NOTICE)
    assert (counts(run)["member"], club.names()) == ((1, 0, 1), ["Ama", "Yaa"])
    assert deliver() == ["ama@example.com", "yaa@example.com"]


def test_a_changed_rule_tells_people_anew(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    rule.refresh_from_db()
    rule.without_address = "act"
    rule.save()
    planned = plan_on(rule, NOTICE)
    assert (planned.rows, planned.waiting, planned.to_tell) == (0, 4, 3)


def test_letters_that_were_written_are_still_sent_and_never_twice_after_a_crash(club):
    rule = club.rule()
    run_on(rule, 0)
    Letter.objects.update(state=LetterState.QUEUED)
    assert deliver() == ["ama@example.com", "kofi@example.com"]
    Job.objects.filter(kind="letters.send").update(state="pending")
    assert deliver() == []


@pytest.mark.parametrize(
    ("amount", "unit", "shortest"), [(10, "days", 10), (1, "months", 28), (1, "years", 365)]
)  # fmt: skip
def test_a_notice_as_long_as_the_period_is_refused(club, amount, unit, shortest):
    for notice in (shortest, shortest + 1) if shortest < 365 else (shortest,):
        with pytest.raises(ValidationError) as refused:
            club.rule(amount=amount, unit=unit, notice_days=notice)
        assert refused.value.message_dict["notice_days"] == [
            f"The notice must be shorter than the period, which is {shortest} days where it is shortest: make the "
            "notice shorter, or the period longer."
        ]
    assert club.rule(amount=amount, unit=unit, notice_days=shortest - 1).notice_days == shortest - 1
