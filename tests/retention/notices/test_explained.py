"""What officers are shown: why a row is still here, what a run would do, what a run did, and what to declare."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags

from privacy.datamap.errors import DatasetIncomplete
from privacy.datamap.models import Dataset, Field
from privacy.datamap.services import confirm_dataset
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter, LetterState
from privacy.register.models import OrganisationProfile
from retention.certificate.document import as_file, check_file
from retention.enums import RunState
from retention.errors import RuleInvalid
from retention.preview import preview_rule
from retention.rule_plan import noon
from retention.second_look import why_approval
from retention.services import start_rule_run
from retention.why.answers import Cause
from retention.why.asking import explain_row
from retention.why.deciding import Verdict, decide
from retention.why.words import verdict_words
from retention.wording import in_words
from tests.retention.notices.club import NOTICE, add_member, day, deliver, plan_on, run_on
from tests.sources import approve


def asked(table: str, key: int, number: int) -> Verdict:
    dataset = Dataset.objects.get(table_name=table)
    return decide(explain_row(dataset=dataset, key=(str(key),), now=noon(day(number))))


def words(table: str, key: int) -> str:
    said = explain_row(dataset=Dataset.objects.get(table_name=table), key=(str(key),))
    found = verdict_words(said, decide(said))
    return f"{found.title}. {found.why} {found.when}"


def page(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


@pytest.mark.parametrize(("table", "key"), [("member", 1), ("payment", 10)])
def test_a_row_is_said_to_go_on_the_day_on_which_it_goes(club, table, key):
    rule = club.rule()
    verdict = asked(table, key, 0)
    assert (verdict.cause, verdict.goes_on) == (Cause.NOT_DUE, day(NOTICE))
    late = asked(table, key, 3)  # nobody was told in time: the letter of that day counts ten days from then
    assert late.goes_on == day(3 + NOTICE)
    run_on(rule, 0)
    deliver()
    assert asked(table, key, 3).goes_on == day(NOTICE)
    assert (asked(table, key, NOTICE).cause, asked(table, key, NOTICE).goes_on) == (Cause.DUE, day(NOTICE))
    run_on(rule, NOTICE)
    assert asked(table, key, NOTICE).cause is Cause.NOT_FOUND


def test_a_row_that_is_due_and_was_not_told_waits_for_its_notice(club):
    add_member(club.dsn, 4, "Esi", due=-5)
    add_member(club.dsn, 5, "Abena", due=-5, email=None)
    rule = club.rule()
    assert (asked("member", 4, 0).cause, asked("member", 4, 0).goes_on) == (Cause.NOTICE, day(NOTICE))
    assert (asked("member", 5, 0).cause, asked("member", 5, 0).goes_on) == (Cause.NOTICE, None)
    assert "has not been told yet" in words("member", 4)
    assert "no mail address" in words("member", 5)
    run_on(rule, 0)
    assert "not been sent yet" in words("member", 4)
    deliver()
    assert "told by a letter of" in words("member", 4)
    (to_esi,) = [each.pk for each in Letter.objects.all() if each.address == "esi@example.com"]
    Letter.objects.filter(pk=to_esi).update(state=LetterState.FAILED)
    assert ("could not be delivered" in words("member", 4), asked("member", 4, 0).goes_on) == (True, None)


def test_the_preview_says_how_many_are_told_next_and_how_many_wait(club, officer_client):
    add_member(club.dsn, 4, "Esi", due=-5)
    add_member(club.dsn, 5, "Abena", due=-5, email=None)
    rule = club.rule()
    found = preview_rule(rule)
    assert (found.planned.to_tell, found.planned.waiting, found.planned.rows) == (3, 4, 0)
    assert {step.table: (step.rows, step.waiting) for step in found.steps} == {
        "public.member": (0, 2), "public.payment": (0, 2),
    }  # fmt: skip
    shown = page(officer_client, f"/officer/retention/rule/{rule.pk}/start-now/")
    said = (
        "3 people are written to next",
        "4 rows are due and wait for their notice",
        "1 row has no mail address: leave it until there is an address",
        "Ask for approval: 3 letters",
    )
    assert [sentence for sentence in said if sentence not in shown] == []
    for name in ("Ama", "ama@example.com"):
        assert name not in shown


def test_a_second_officer_approves_letters_before_they_are_written(club, officer_client):
    run = start_rule_run(rule=club.rule(), actor=SYSTEM, now=noon(day(0)))
    assert (run.state, run.approval_reason, Letter.objects.count()) == (RunState.AWAITING, "first", 0)
    shown = page(officer_client, f"/officer/retention/run/{run.pk}/change/")
    assert "First it writes to 2 people" in shown
    assert "Approve: 2 letters" in shown
    approve(run.pk)


def test_many_letters_wait_for_a_second_officer_as_many_rows_do(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    for number, name in ((4, "Esi"), (5, "Abena")):
        add_member(club.dsn, number, name, NOTICE)
    OrganisationProfile.objects.update(large_run_rows=2)
    assert why_approval(rule, plan_on(rule, 0)) == ""
    add_member(club.dsn, 6, "Akua", NOTICE)
    assert why_approval(rule, plan_on(rule, 0)) == "many_rows"


def test_run_page_ledger_and_certificate_count_the_rows_that_wait_apart(club, officer_client):
    add_member(club.dsn, 4, "Esi", due=-5)
    run = run_on(club.rule(), 0)
    shown = page(officer_client, f"/officer/retention/run/{run.pk}/change/")
    assert "3 people were told what will be done" in shown
    assert shown.count("1 row waits for its notice") == 2
    said = check_file(as_file(run.certificate.document).decode())
    assert [(each["rows"], each["rows_waiting_for_notice"], each["rows_left"]) for each in said["tables"]] == [
        (0, 1, 0), (0, 1, 0),
    ]  # fmt: skip
    assert said["rule"]["people_told"] == 3
    entry = LedgerEntry.objects.get(action="run.completed", object_id=str(run.pk))
    assert entry.data["waiting"] == {"public.member": 1, "public.payment": 1}
    told = LedgerEntry.objects.get(action="run.notices_given", object_id=str(run.pk))
    assert told.data == {"told": 3, "without_address": 0, "days": NOTICE}


def test_a_rule_with_notice_needs_a_declared_mail_address(club):
    Field.objects.filter(column="email").update(letter_role="")
    with pytest.raises(ValidationError, match="does not say which column"):
        club.rule()
    Field.objects.filter(column="email").update(letter_role="address")
    rule = club.rule()
    Field.objects.filter(column="email").update(letter_role="")
    with pytest.raises(RuleInvalid, match="does not say which column"):
        plan_on(rule, 0)


def test_two_columns_cannot_both_be_the_address(club):
    Field.objects.filter(column__in=["email", "lang"]).update(letter_role="address")
    with pytest.raises(DatasetIncomplete) as refused:
        confirm_dataset(dataset=Dataset.objects.get(table_name="member"), actor=SYSTEM)
    assert "more than one column for “their mail address”" in refused.value.problems[0]


@pytest.mark.parametrize(("choice", "ending"), [("wait", "the row waits."), ("act", "goes without one.")])
def test_the_rule_says_in_words_whom_it_tells(club, choice, ending):
    said = in_words(club.rule(without_address=choice))
    assert ("told by letter 10 days before" in said, said.endswith(ending)) == (True, True)
    assert "told" not in in_words(club.rule(name="Without", notice_days=None))


def test_the_form_of_a_rule_takes_the_days_of_notice_and_refuses_more_than_a_year(club, officer_client):
    rule = club.rule()
    shown = officer_client.get(f"/officer/retention/rule/{rule.pk}/change/").content.decode()
    assert 'name="rule-notice_days" value="10"' in shown
    rule.notice_days = 366
    with pytest.raises(ValidationError, match="365"):
        rule.full_clean()
