"""The page on which officers ask why a record is still here."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Dataset
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from privacy.officers.roles import ROLE_PERMISSIONS
from privacy.register.selectors import local_date
from retention.enums import HoldKind, RunState
from retention.models import Run
from retention.services import place_hold
from retention.services.holds import end_hold
from retention.why.answers import Cause, Explanation, RuleStand, RunAnswer
from retention.why.asking import explain_row
from retention.why.deciding import Verdict, decide
from retention.why.words import day_words, ladder, moment_words, run_state_words, verdict_words, when_words
from tests.holding import after_grace, let_go
from tests.officer.conftest import sign_in
from tests.retention.test_rows_newer_than_the_request import begin, customer_of, midnight, open_ticket
from tests.retention.test_rule_runs import _rule
from tests.sources import known, rows

__all__ = ["sign_in"]


def ask(client, table: str, *key: object):
    page = f"/officer/retention/why/{Dataset.objects.get(table_name=table).pk}/"
    return client.post(page, {f"key-part_{place}": str(part) for place, part in enumerate(key)})


def ama(crm: str) -> int:
    query = "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
    return rows(crm, query, AMA_MENSAH.email)[0][0]


def test_the_answer_has_hold_rule_and_precedence_and_no_value_of_the_row(offixpro, crm, officer_client):
    _rule("customer")
    place_hold(kind=HoldKind.LEGAL, matter="Mensah v. Adom", subject=known(AMA_MENSAH.email), actor=SYSTEM)
    answer = ask(officer_client, "customer", ama(crm))
    shown = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "A legal hold keeps it",
        "Mensah v. Adom",
        "Rules over this table",
        "customer of cancelled",
        "decides",
    ):
        assert words in shown
    values = rows(crm, "SELECT full_name, email, phone FROM crm.customer WHERE customer_id = %s", ama(crm))[0]
    assert values[:2] == (AMA_MENSAH.full_name, AMA_MENSAH.email)
    assert [value for value in values if value in shown] == []


def test_who_asked_is_in_the_ledger_and_about_which_record_is_not(offixpro, crm, officer_client, officer):
    Dataset.objects.filter(table_name="customer").update(primary_key=["customer_id"])
    ask(officer_client, "customer", ama(crm))
    (entry,) = LedgerEntry.objects.filter(action="dataset.row_asked_about")
    table = Dataset.objects.get(table_name="customer")
    assert (entry.actor_id, entry.object_id, entry.data) == (str(officer.pk), str(table.pk), {})


def test_a_key_in_the_address_is_not_looked_at(offixpro, crm, officer_client):
    table = Dataset.objects.get(table_name="customer")
    page = officer_client.get(f"/officer/retention/why/{table.pk}/?key-part_0={ama(crm)}")
    assert page.status_code == 200
    assert "What beats what" not in page.content.decode()
    assert "What beats what" in ask(officer_client, "customer", ama(crm)).content.decode()


def test_the_table_page_and_the_menu_lead_there_and_a_missing_part_of_a_key_is_asked_for(offixpro, officer_client):
    lines = Dataset.objects.get(table_name="invoice_line")
    button = officer_client.get(f"/officer/datamap/dataset/{lines.pk}/change/")
    assert "Why is a record still here?" in button.content.decode()
    tables = officer_client.get("/officer/retention/why/").content.decode()
    assert f"/officer/retention/why/{lines.pk}/" in tables
    half = ask(officer_client, "invoice_line", 1).content.decode()
    assert "This field is required" in half
    assert "What beats what" not in half


def test_a_source_that_cannot_be_reached_gives_no_answer_instead_of_a_wrong_one(offixpro, officer_client):
    offixpro.address = "postgresql://nobody:x@127.0.0.1:1/none"
    offixpro.save()
    shown = ask(officer_client, "customer", 1).content.decode()
    assert "It cannot be said now" in shown
    assert "What beats what" not in shown


def test_auditors_may_ask_and_case_handlers_may_not(offixpro, crm, make_officer, sign_in):
    assert ask(sign_in(make_officer(Role.AUDITOR)), "customer", ama(crm)).status_code == 200
    assert ask(sign_in(make_officer(Role.CASE_HANDLER)), "customer", ama(crm)).status_code == 403


def test_the_matter_of_a_hold_is_shown_only_to_those_who_may_read_holds(
    offixpro, crm, make_officer, sign_in, monkeypatch
):
    place_hold(kind=HoldKind.LEGAL, matter="Mensah v. Adom", subject=known(AMA_MENSAH.email), actor=SYSTEM)
    auditor = sign_in(make_officer(Role.AUDITOR))
    assert "Mensah v. Adom" in ask(auditor, "customer", ama(crm)).content.decode()
    without = ROLE_PERMISSIONS[Role.AUDITOR] - {"retention.view_hold"}
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.AUDITOR, without)
    shown = ask(sign_in(make_officer(Role.AUDITOR)), "customer", ama(crm)).content.decode()
    assert "A legal hold keeps it" in shown
    assert "Mensah v. Adom" not in shown


def test_every_cause_has_words(offixpro, crm):
    """Those of causes that need more than themselves are read on the page by other tests."""
    said = Explanation(Dataset.objects.get(table_name="customer"), found=True)
    needy = {Cause.ERASURE, Cause.RUN_WAITS, Cause.HOURS, Cause.NOTICE, Cause.NEWER}
    titles = {verdict_words(said, Verdict(cause)).title for cause in Cause if cause not in needy}
    assert len(titles) == len(Cause) - len(needy)
    assert all(titles)
    assert [rung.decides for rung in ladder(said, Verdict(Cause.MINIMUM))] == [False, False, False, True, False, False]
    assert decide(said).cause is Cause.NO_RULE
    assert len(RuleStand) == 9


@pytest.mark.parametrize(("kind", "title"), [
    (HoldKind.LEGAL, "Its legal hold was released not long ago"),
    (HoldKind.OPEN_REQUEST, "A request about the person ended not long ago"),
    (HoldKind.RESTRICTION, "Its restriction was lifted not long ago"),
])  # fmt: skip
def test_on_the_day_after_a_release_it_is_said_until_when_the_record_is_left_alone(
    offixpro, crm, officer_client, kind, title
):
    case = {"case_id": uuid4()} if kind == HoldKind.OPEN_REQUEST else {}
    case |= {"restriction_id": uuid4()} if kind == HoldKind.RESTRICTION else {}
    hold = place_hold(kind=kind, matter="m", subject=known(AMA_MENSAH.email), actor=SYSTEM, **case)
    before = ask(officer_client, "customer", ama(crm)).content.decode()
    assert (title in before, "not long ago" in before) == (False, False)
    until = moment_words(end_hold(hold=hold, actor=SYSTEM).spared_until)
    shown = ask(officer_client, "customer", ama(crm)).content.decode()
    assert title in shown
    assert f"still left alone until {until}" in shown
    assert f"released; its data is left alone until {until}" in shown
    assert "not before the release" not in shown
    after_grace(hold)
    assert "left alone" not in ask(officer_client, "customer", ama(crm)).content.decode()


def test_a_hold_in_force_decides_before_one_that_was_released(offixpro, crm):
    released = place_hold(kind=HoldKind.LEGAL, matter="old", subject=known(AMA_MENSAH.email), actor=SYSTEM)
    end_hold(hold=released, actor=SYSTEM)
    lock = place_hold(
        kind=HoldKind.OPEN_REQUEST, matter="m", subject=known(AMA_MENSAH.email), case_id=uuid4(), actor=SYSTEM
    )
    dataset = Dataset.objects.get(table_name="customer")
    verdict = decide(explain_row(dataset=dataset, key=(str(ama(crm)),)))
    assert (verdict.cause, verdict.after_hold, verdict.spared_until) == (Cause.REQUEST, True, None)
    let_go(lock)
    verdict = decide(explain_row(dataset=dataset, key=(str(ama(crm)),)))
    assert (verdict.cause, verdict.after_hold) == (Cause.LEGAL_HOLD, False)


def test_a_held_record_that_is_due_already_is_given_no_day_in_the_past(alpha):
    today = local_date(timezone.now())
    for due in (today, today - timedelta(days=14)):
        assert when_words(Verdict(Cause.LEGAL_HOLD, due, "mask", after_hold=True)) == (
            f"Nobody can say: not before the release. It has been due since {day_words(due)}. After the release it is "
            "left alone for one more day, and then anonymised by the next run."
        )
    later = today + timedelta(days=1)
    assert when_words(Verdict(Cause.LEGAL_HOLD, later, "delete", after_hold=True)) == (
        "Nobody can say: not before the release, after which it is left alone for one more day. Without the hold it "
        f"would be deleted on {day_words(later)}."
    )


def test_an_open_run_that_is_kept_from_going_on_is_not_said_to_be_running():
    def words(state: RunState, blocked: str) -> str:
        return run_state_words(RunAnswer(Run(state=state), "mask", matching=True, blocked=blocked))

    assert [words(RunState.RUNNING, each) for each in ("dataset_held", "outside_hours", "")] == [
        "waiting", "waiting", "running"
    ]  # fmt: skip
    assert words(RunState.ATTENTION, "survivors") == "needs attention"


def test_a_record_that_is_due_is_said_to_go_by_the_first_run_after_the_day_of_grace(alpha):
    until = timezone.now() + timedelta(hours=5)
    due, later = local_date(timezone.now()) - timedelta(days=3), local_date(until) + timedelta(days=9)
    said = when_words(Verdict(Cause.LEGAL_HOLD, due, "delete", spared_until=until))
    assert said == f"It is deleted by the first run after {moment_words(until)}, until when it is left alone."
    assert "at the earliest" in when_words(Verdict(Cause.LEGAL_HOLD, later, "delete", spared_until=until))


def test_the_page_names_the_day_after_which_an_erasure_leaves_a_record(offixpro, crm, officer_client):
    day = local_date(timezone.now()) + timedelta(days=3)
    ticket = open_ticket(crm, customer_of(crm), midnight(day + timedelta(days=1)))
    begin(day)
    shown = ask(officer_client, "ticket", ticket).content.decode()
    assert "It is newer than the erasure request" in shown
    assert f"leaves it: it came after {day_words(day)}, the day on which their request was" in shown
    assert f"not about it: it came after {day_words(day)}, the day of the request" in shown
    assert "leaves it: it came after the day of the request" in shown
    place_hold(kind=HoldKind.LEGAL, matter="m", subject=known(AMA_MENSAH.email), actor=SYSTEM)
    shown = ask(officer_client, "ticket", ticket).content.decode()
    assert "A legal hold keeps it" in shown
    assert f"leaves it: it came after {day_words(day)}, the day on which their request was" in shown
