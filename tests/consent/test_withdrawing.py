import pytest

from consent.errors import PurposeNotByConsent
from consent.models import ConsentRecord
from consent.services import publish_wording, record_consent, withdraw
from privacy.ledger.actors import SYSTEM, Actor
from privacy.letters.models import Letter
from privacy.subjects.services import find_or_add_subject
from tests.consent.conftest import WORDS


def _give(subject, purpose, **fields):
    record_consent(subject=subject, purpose=purpose, decision="given", method="electronic", actor=SYSTEM, **fields)


def test_a_withdrawal_names_the_words_that_were_agreed_to(purposes, ama):
    _give(ama, purposes["newsletter"])
    publish_wording(purpose=purposes["newsletter"], language="en", text="Other words.", actor=SYSTEM)
    record = withdraw(subject=ama, purpose=purposes["newsletter"], actor=Actor.subject(ama))
    assert (record.decision, record.wording.text) == ("withdrawn", WORDS)


def test_the_person_gets_a_receipt_with_the_consequences(purposes, ama):
    _give(ama, purposes["newsletter"])
    withdraw(subject=ama, purpose=purposes["newsletter"], actor=Actor.subject(ama))
    letter = Letter.objects.get()
    assert letter.heading == "You withdrew your consent: Newsletter"
    assert letter.address == "ama@example.com"
    assert WORDS in letter.body
    assert "You will no longer hear about new products." in letter.body
    assert "/preferences/" in letter.body


def test_withdrawing_twice_withdraws_once(purposes, ama):
    _give(ama, purposes["newsletter"])
    first = withdraw(subject=ama, purpose=purposes["newsletter"], actor=Actor.subject(ama))
    second = withdraw(subject=ama, purpose=purposes["newsletter"], actor=Actor.subject(ama))
    assert first == second
    assert ConsentRecord.objects.filter(decision="withdrawn").count() == 1
    assert Letter.objects.count() == 1


def test_what_rests_on_contract_cannot_be_withdrawn(purposes, ama):
    with pytest.raises(PurposeNotByConsent):
        withdraw(subject=ama, purpose=purposes["billing"], actor=Actor.subject(ama))
    assert not ConsentRecord.objects.exists()


def test_what_was_never_given_can_be_withdrawn_even_without_words(purposes, ama):
    record = withdraw(subject=ama, purpose=purposes["surveys"], actor=Actor.subject(ama), language="fr")
    assert (record.decision, record.wording) == ("withdrawn", None)


def test_a_person_without_mail_address_withdraws_without_letter(purposes):
    kofi = find_or_add_subject(kind="phone", value="+233560320128")
    assert withdraw(subject=kofi, purpose=purposes["newsletter"], actor=SYSTEM).decision == "withdrawn"
    assert not Letter.objects.exists()
