"""Rows that do not go: people under a hold, rows without an address, letters that did not arrive."""

import smtplib
from io import BytesIO

import pytest
from django.core.mail.backends.locmem import EmailBackend
from pypdf import PdfReader

from privacy.datamap.models import Finding
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter, LetterState
from privacy.tenants.context import organisation_context
from retention.certificate.document import check_file
from retention.certificate.pdf import as_pdf
from retention.enums import HoldKind, RunState
from retention.models import AdvanceNotice
from retention.notices.known import KEPT_FOR
from retention.notices.reporting import forget_old_notices
from retention.rules_due import start_due_runs
from retention.services import deactivate_rule, place_hold
from retention.there_again import look_for_rows_again
from tests.holding import let_go
from tests.retention.notices.club import NOTICE, add_member, counts, day, deliver, plan_on, run_on
from tests.sources import known, work


def findings() -> list[tuple[str, int]]:
    found = Finding.objects.filter(code__startswith="notice_", resolved_at__isnull=True).order_by("code")
    return list(found.values_list("code", "count"))


def look_for_due_rules() -> None:
    start_due_runs(Job())


def test_of_three_people_one_is_held_and_is_told_only_after_the_hold(club):
    club.change("UPDATE member SET seen_on = seen_on - 1 WHERE name = 'Yaa'")
    rule = club.rule()
    hold = place_hold(kind=HoldKind.LEGAL, matter="m", subject=known("kofi@example.com"), actor=SYSTEM)
    assert run_on(rule, 0).notice_pass.told == 2
    assert deliver() == ["ama@example.com", "yaa@example.com"]
    run = run_on(rule, NOTICE)
    assert ([each.held for each in run.steps.all()], counts(run)["member"]) == ([1, 1], (2, 0, 0))
    assert club.names() == ["Kofi"]
    let_go(hold)
    freed = run_on(rule, NOTICE)
    assert (freed.notice_pass.told, counts(freed)["member"], club.names()) == (1, (0, 0, 1), ["Kofi"])
    assert deliver() == ["kofi@example.com"]
    run_on(rule, 2 * NOTICE - 1)
    assert club.names() == ["Kofi"]
    run_on(rule, 2 * NOTICE)
    assert club.names() == []


def test_a_run_in_which_rows_are_held_and_rows_wait_names_both_and_has_no_result_in_law(club, officer_client):
    rule = club.rule()
    place_hold(kind=HoldKind.LEGAL, matter="m", subject=known("kofi@example.com"), actor=SYSTEM)
    run = run_on(rule, NOTICE)
    steps = {each.dataset_key.split(".")[1]: (each.rows, each.held, each.waiting) for each in run.steps.all()}
    assert (run.state, steps["member"]) == (RunState.COMPLETED, (0, 1, 1))
    page = officer_client.get("/officer/retention/run/").content.decode()
    assert ("ended, its rows are under a hold or wait for their notice" in page, "all rows are under" in page) == (
        True, False
    )  # fmt: skip
    tables = check_file(run.certificate.document)["tables"]
    assert {each["name"] for each in tables} == {each.dataset_label for each in run.steps.all()}
    assert [(each["result"], each["fields"]) for each in tables] == [
        ({"class": "", "words": "No row was changed."}, [])
    ] * len(tables)
    pages = PdfReader(BytesIO(as_pdf(run.certificate.document))).pages
    paper = " ".join(" ".join(each.extract_text() for each in pages).split())
    assert "What was done No row was changed." in paper
    assert "Looked through, and its rows left for now" in paper
    assert ("Looked through, nothing to change" in paper, "The rows are gone" in paper) == (False, False)
    assert "1 under a hold, not touched" in paper


def test_who_is_held_after_they_were_told_is_told_again_when_the_hold_has_ended(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    place_hold(kind=HoldKind.OPEN_REQUEST, matter="m", subject=known("kofi@example.com"), actor=SYSTEM)
    run = run_on(rule, NOTICE)
    assert (counts(run)["member"], club.names()) == ((1, 0, 0), ["Kofi", "Yaa"])


@pytest.mark.parametrize("address", [None, " ", "nobody", "x@erased.invalid"])
def test_a_row_without_an_address_waits_and_is_a_finding(club, address):
    add_member(club.dsn, 4, "Esi", NOTICE, email=address)
    rule = club.rule()
    look_for_due_rules()
    assert findings() == [("notice_without_address", 1)]
    planned = plan_on(rule, 0)
    assert (planned.to_tell, planned.notices.without_address, planned.notices.to_note) == (2, 1, 0)
    work(rule.runs.get().pk)
    deliver()
    assert (plan_on(rule, NOTICE).rows, plan_on(rule, NOTICE).waiting) == (4, 2)


def test_where_the_rule_says_so_a_row_without_an_address_goes_after_the_same_time(club):
    add_member(club.dsn, 4, "Esi", NOTICE, email=None)
    rule = club.rule(without_address="act")
    first = run_on(rule, 0)
    assert (first.notice_pass.told, first.notice_pass.unreachable) == (2, 1)
    assert [each.letter_id for each in AdvanceNotice.objects.filter(letter_id=None)] == [None]
    deliver()
    run_on(rule, NOTICE - 1)
    assert "Esi" in club.names()
    run_on(rule, NOTICE)
    assert club.names() == ["Yaa"]


def test_where_the_rule_waits_it_goes_only_once_there_is_an_address_and_a_letter(club):
    add_member(club.dsn, 4, "Esi", NOTICE, email=None)
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    assert counts(run_on(rule, NOTICE))["member"] == (2, 0, 1)
    deliver()
    club.change("UPDATE member SET email = 'esi@example.com' WHERE name = 'Esi'")
    run_on(rule, NOTICE)
    assert deliver() == ["esi@example.com"]
    run_on(rule, 2 * NOTICE)
    assert "Esi" not in club.names()


def test_a_letter_that_could_not_be_delivered_keeps_its_row_and_is_a_finding(club, monkeypatch):
    rule = club.rule(without_address="act")
    run_on(rule, 0)
    sending = EmailBackend.send_messages

    def refuse(self, messages):
        if messages[0].to == ["kofi@example.com"]:
            raise smtplib.SMTPRecipientsRefused({})
        return sending(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert deliver() == ["ama@example.com"]
    assert Letter.objects.get(state=LetterState.FAILED).address == "kofi@example.com"
    look_for_due_rules()
    assert findings() == [("notice_undelivered", 1)]
    run = run_on(rule, NOTICE - 1)
    assert run.notice_pass.told == 1  # Yaa; nobody is written to again before the days are over
    deliver()
    late = run_on(rule, NOTICE)
    assert (counts(late)["member"], club.names(), late.notice_pass.told) == ((1, 0, 1), ["Kofi", "Yaa"], 1)
    club.change("UPDATE member SET email = 'kofi.b@example.com' WHERE name = 'Kofi'")
    deliver()
    assert plan_on(rule, NOTICE).to_tell == 1
    deactivate_rule(rule=rule, actor=SYSTEM)
    assert findings() == []


def test_a_notice_on_which_nobody_acted_for_a_year_is_forgotten(club):
    run_on(club.rule(), 0)
    assert AdvanceNotice.objects.count() == 2
    assert forget_old_notices(day(NOTICE) + KEPT_FOR) == 0
    assert forget_old_notices(day(NOTICE + 1) + KEPT_FOR) == 2


def test_another_organisation_has_no_notice_and_no_letter(club, beta):
    run_on(club.rule(), 0)
    deliver()
    assert (AdvanceNotice.objects.count(), Letter.objects.count()) == (2, 2)
    with organisation_context(beta):
        assert (AdvanceNotice.objects.count(), Letter.objects.count()) == (0, 0)


def test_a_day_on_which_all_that_is_due_waits_leaves_no_run(club):
    rule = club.rule()
    club.change("UPDATE member SET seen_on = seen_on - 30")
    run_on(rule, 0)
    deliver()
    planned = plan_on(rule, 1)
    assert (planned.waiting, planned.is_something_to_do) == (6, False)
    assert plan_on(rule, NOTICE).is_something_to_do


def test_rows_that_wait_for_their_notice_were_not_done_and_are_not_there_again(club):
    rule = club.rule()
    run_on(rule, 0)
    deliver()
    add_member(club.dsn, 4, "Esi", NOTICE)
    assert counts(run_on(rule, NOTICE))["member"] == (2, 0, 1)
    deactivate_rule(rule=rule, actor=SYSTEM)
    assert look_for_rows_again(source=club.source).found == []
    add_member(club.dsn, 1, "Ama", NOTICE)
    found = look_for_rows_again(source=club.source).found
    assert {each.dataset: each.rows for each in found} == {"public.member": 1, "public.payment": 1}
