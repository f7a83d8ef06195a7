"""Telling people of a breach of security: what the laws want said, to each once."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from privacy.ledger.models import LedgerEntry
from privacy.letters.errors import BreachNoticeRefused, NotAllowed
from privacy.letters.models import Letter, LetterState
from privacy.letters.services.breaches import MOST_PEOPLE, BreachTold, composed_breach_notice, notify_of_breach
from privacy.officers.models import Role
from privacy.register.selectors import local_date
from privacy.subjects.services import find_or_add_subject
from tests.officer.conftest import auditor, handler, sign_in
from tests.portal.conftest import text_of
from tests.secrecy import check_readable_nowhere

__all__ = ["auditor", "handler", "sign_in"]

PAGE = "/officer/letters/letter/breach-notice/"
TOLD = BreachTold(
    what_happened="A laptop was stolen from a car.", began_on=date(2026, 3, 2), ended_on=None,
    kinds_of_data="Names and telephone numbers.", what_we_do="The police know.",
    what_you_can_do="Mistrust calls that ask for a password.",
)  # fmt: skip


def notify(
    officer, *people: str, told: BreachTold = TOLD, number: uuid.UUID | None = None, language: str = "en"
) -> int:
    return notify_of_breach(
        number=number or uuid.uuid4(), told=told, people=people, language=language, officer=officer
    )  # fmt: skip


def test_each_person_gets_one_letter_that_says_all_that_the_laws_want(alpha, officer):
    ama = find_or_add_subject(kind="email", value="ama@example.com", name="Ama Mensah")
    assert notify(officer, "Ama@Example.com", "kofi@example.com", " ama@example.com ", "") == 2
    letters = {letter.address: letter for letter in Letter.objects.filter(kind="breach_notice")}
    assert set(letters) == {"ama@example.com", "kofi@example.com"}
    assert (letters["ama@example.com"].subject, letters["kofi@example.com"].subject) == (ama, None)
    for letter in letters.values():
        assert (letter.state, bool(letter.pdf_sha256)) == (LetterState.QUEUED, True)
        for words in (
            TOLD.what_happened, "It happened on 2 March 2026.", TOLD.kinds_of_data, TOLD.what_we_do,
            TOLD.what_you_can_do, "Data Protection Commission",
        ):  # fmt: skip
            assert words in letter.body
    entry = LedgerEntry.objects.get(action="breach.notified")
    assert (entry.actor_id, entry.data["people"]) == (str(officer.pk), 2)
    check_readable_nowhere("kofi@example.com", TOLD.what_happened)


def test_a_period_has_both_its_days_and_the_letter_is_in_the_language_that_was_chosen(alpha, officer):
    notify(officer, "ama@example.com", told=replace(TOLD, ended_on=date(2026, 3, 9)), language="fr")
    body = Letter.objects.get(kind="breach_notice").body
    assert "Cela s’est passé entre le 2 mars 2026 et le 9 mars 2026." in body
    assert "Ce que vous pouvez faire" in body


def test_a_notice_is_sent_once(alpha, officer):
    number = uuid.uuid4()
    notify(officer, "ama@example.com", number=number)
    with pytest.raises(BreachNoticeRefused, match="sent already"):
        notify(officer, "ama@example.com", "kofi@example.com", number=number)
    assert Letter.objects.filter(kind="breach_notice").count() == 1
    notify(officer, "kofi@example.com")
    assert Letter.objects.filter(kind="breach_notice").count() == 2


@pytest.mark.parametrize(
    ("changes", "people", "message"),
    [
        ({"what_happened": " "}, ["ama@example.com"], "Say what happened"),
        ({"what_we_do": "x" * 4001}, ["ama@example.com"], "4000 characters"),
        ({"ended_on": date(2026, 3, 1)}, ["ama@example.com"], "other way round"),
        ({"began_on": None}, ["ama@example.com"], "not to come"),
        ({}, ["ama@example.com", "nobody"], "Address 2 is no e-mail address"),
        ({}, ["", " "], "Enter the e-mail addresses"),
        ({}, [f"p{n}@example.com" for n in range(MOST_PEOPLE + 1)], f"{MOST_PEOPLE} addresses at most"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nobody_is_written_to(alpha, officer, changes, people, message):
    if "began_on" in changes:
        changes = {"began_on": local_date(timezone.now()) + timedelta(days=1)}
    with pytest.raises(BreachNoticeRefused, match=message):
        notify(officer, *people, told=replace(TOLD, **changes))
    assert not Letter.objects.exists()
    assert not LedgerEntry.objects.filter(action="breach.notified").exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASE_HANDLER])
def test_only_who_writes_to_people_without_a_case_tells_of_a_breach(alpha, make_officer, role):
    with pytest.raises(NotAllowed):
        notify(make_officer(role), "ama@example.com")


def test_a_preview_writes_nothing(alpha):
    letter = composed_breach_notice(told=TOLD, language="en")
    assert (TOLD.what_happened in letter.body, Letter.objects.exists()) == (True, False)


def form(**changes: str) -> dict[str, str]:
    return {
        "number": str(uuid.uuid4()), "what_happened": TOLD.what_happened, "began_on": "2026-03-02", "ended_on": "",
        "kinds_of_data": TOLD.kinds_of_data, "what_we_do": TOLD.what_we_do, "what_you_can_do": TOLD.what_you_can_do,
        "language": "en", "people": "ama@example.com\r\nkofi@example.com",
    } | changes  # fmt: skip


def test_an_officer_looks_at_the_letter_and_sends_it(alpha, officer, sign_in):
    client = sign_in(officer)
    assert f'href="{PAGE}"' in text_of(client.get("/officer/letters/letter/"))
    assert 'name="number" value="' in text_of(client.get(PAGE))
    shown = text_of(client.post(PAGE, form(preview="1")))
    assert ("The letter as it will be" in shown, "It happened on 2 March 2026." in shown) == (True, True)
    assert not Letter.objects.exists()
    wrong = text_of(client.post(PAGE, form(people="nobody")))
    assert "Address 1 is no e-mail address." in wrong
    assert TOLD.what_happened in wrong
    sent = form()
    assert "2 letters are on their way." in text_of(client.post(PAGE, sent, follow=True))
    assert "This notice was sent already." in text_of(client.post(PAGE, sent))
    assert Letter.objects.filter(kind="breach_notice").count() == 2


def test_nobody_else_gets_the_page(alpha, auditor, handler, sign_in):
    for who in (auditor, handler):
        assert sign_in(who).get(PAGE).status_code == 403
    assert f'href="{PAGE}"' not in text_of(sign_in(auditor).get("/officer/letters/letter/"))
