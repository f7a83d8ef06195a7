"""Withdrawals to pass on, on the officers' site."""

import csv
import io

import pytest

from consent.models import WithdrawalTask
from consent.services import record_consent
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.subjects.services import find_or_add_subject
from tests.consent.conftest import make_register

LIST = "/officer/consent/withdrawaltask/"


@pytest.fixture
def purposes(alpha):
    return make_register()


def _withdrawn(purpose, *names):
    for name in names:
        subject = find_or_add_subject(kind="email", value=f"{name}@example.com")
        for decision in ("given", "withdrawn"):
            record_consent(subject=subject, purpose=purpose, decision=decision, method="electronic", actor=SYSTEM)


def _questions(client, count):
    with count as captured:
        assert client.get(LIST).status_code == 200
    return len(captured)


def test_the_list_names_nobody_and_asks_as_often_for_ten_as_for_one(
    purposes, officer_client, django_assert_max_num_queries
):
    _withdrawn(purposes["newsletter"], "ama")
    one = _questions(officer_client, django_assert_max_num_queries(40))
    _withdrawn(purposes["newsletter"], *[f"person{number}" for number in range(9)])
    assert _questions(officer_client, django_assert_max_num_queries(40)) == one
    shown = officer_client.get(LIST).content.decode()
    assert ("a•••••@example.com" in shown, "ama@example.com" in shown, "Mailer Ltd" in shown) == (True, False, True)


def test_a_recipient_gets_the_list_and_is_marked_as_told_of_what_was_on_it(purposes, officer, officer_client):
    _withdrawn(purposes["newsletter"], "ama", "esi", "kofi")
    page = officer_client.get(f"{LIST}pass-on/").content.decode()
    task = WithdrawalTask.objects.latest("pk")
    who = f"who=recipient:{task.recipient_id}"
    assert (f"list.csv?{who}" in page, f"told/?{who}&amp;until={task.pk}" in page) == (True, True)
    answer = officer_client.get(f"{LIST}list.csv?{who}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["person", "ama@example.com", "esi@example.com", "kofi@example.com"]
    assert LedgerEntry.objects.get(action="consent.withdrawals_listed").data["tasks"] == 3
    _withdrawn(purposes["newsletter"], "late")
    told = f"{LIST}told/?{who}&until={task.pk}"
    assert officer_client.post(told, {"how": ""}).status_code == 200
    assert officer_client.post(told, {"how": "Sent by their upload page."}).url == LIST
    assert sorted(WithdrawalTask.objects.values_list("state", flat=True)) == ["done", "done", "done", "open"]
    assert LedgerEntry.objects.get(action="consent.withdrawal_passed_on").actor_id == str(officer.pk)


def test_one_task_is_marked_on_its_own_page(purposes, officer_client):
    _withdrawn(purposes["newsletter"], "ama")
    task = WithdrawalTask.objects.get()
    assert "our own limit of ten business days" in officer_client.get(f"{LIST}{task.pk}/change/").content.decode()
    officer_client.post(f"{LIST}{task.pk}/told/", {"how": "By phone"})
    page = officer_client.get(f"{LIST}{task.pk}/change/").content.decode()
    assert ("Passed on" in page, "By phone" in page) == (True, True)
    assert officer_client.get(f"{LIST}{task.pk}/told/").status_code == 302  # and is told


@pytest.mark.parametrize("address", ["list.csv", "told/", "pass-on/"])
def test_an_auditor_sees_the_list_and_passes_nothing_on(purposes, auditor, sign_in, address):
    _withdrawn(purposes["newsletter"], "ama")
    who = f"?who=recipient:{WithdrawalTask.objects.get().recipient_id}&until=1"
    assert sign_in(auditor).get(LIST).status_code == 200
    assert sign_in(auditor).get(f"{LIST}{address}{who}").status_code == 403


@pytest.mark.parametrize("who", ["", "recipient:", "recipient:999999", "officer:1", "source:x"])
def test_who_does_not_wait_is_not_found(purposes, officer_client, who):
    _withdrawn(purposes["newsletter"], "ama")
    assert officer_client.get(f"{LIST}list.csv?who={who}").status_code == 404
