"""Stopping everything: one page, one button, one transaction, one letter."""

import pytest

from consent.errors import WithdrawalBarred
from consent.models import ConsentRecord, CurrentConsent
from consent.services import record_consent, stop_everything, stopping, withdraw
from privacy.ledger.actors import SYSTEM, Actor
from privacy.letters.models import Letter
from privacy.subjects.services import find_or_add_subject


@pytest.fixture
def given(purposes, ama):
    for code in ("newsletter", "surveys"):
        record_consent(subject=ama, purpose=purposes[code], decision="given", method="electronic", actor=SYSTEM)
    return purposes


def _states(subject) -> dict[str, str]:
    return dict(CurrentConsent.objects.filter(subject=subject).values_list("purpose__code", "decision"))


def test_everything_that_can_be_withdrawn_is_withdrawn_with_one_letter(given, ama):
    other = find_or_add_subject(kind="email", value="kofi@example.com")
    record_consent(subject=other, purpose=given["surveys"], decision="given", method="electronic", actor=SYSTEM)
    written = stop_everything(subject=ama, actor=Actor.subject(ama))
    assert [row.purpose.code for row in written] == ["newsletter", "surveys"]
    assert (_states(ama), _states(other)) == (
        {"newsletter": "withdrawn", "surveys": "withdrawn"}, {"surveys": "given"},
    )  # fmt: skip
    letter = Letter.objects.get()
    assert (letter.kind, letter.address) == ("consents_stopped", "ama@example.com")
    for said in ("Newsletter: You will no longer hear about new products.", "Surveys", "Billing: We need this",
                 *(str(row.pk) for row in written)):  # fmt: skip
        assert said in letter.body
    assert stop_everything(subject=ama, actor=Actor.subject(ama)) == []
    assert Letter.objects.count() == 1


def test_nothing_is_withdrawn_when_the_letter_cannot_be_written(given, ama, monkeypatch):
    def fail(**_given):
        raise RuntimeError

    monkeypatch.setattr(stopping, "send_receipt_of_stopping", fail)
    with pytest.raises(RuntimeError):
        stop_everything(subject=ama, actor=Actor.subject(ama))
    assert _states(ama) == {"newsletter": "given", "surveys": "given"}
    assert ConsentRecord.objects.filter(decision="withdrawn").count() == 0


def test_what_the_register_bars_stays_and_is_said_with_its_ground(given, ama):
    bar = "The registry of lenders must know your address (Act 773, s. 24)."
    given["surveys"].no_withdrawal_reason = bar
    given["surveys"].save()
    assert [row.purpose.code for row in stop_everything(subject=ama, actor=Actor.subject(ama))] == ["newsletter"]
    body = Letter.objects.get().body
    assert body.index("It is in force still") < body.index(f"Surveys: {bar}") < body.index("This goes on all the same:")
    assert "every consent" not in body
    with pytest.raises(WithdrawalBarred, match="Act 773"):
        withdraw(subject=ama, purpose=given["surveys"], actor=Actor.subject(ama))
    assert withdraw(subject=ama, purpose=given["surveys"], actor=SYSTEM).decision == "withdrawn"


def test_the_letter_is_french_for_who_reads_french(given, ama):
    stop_everything(subject=ama, actor=Actor.subject(ama), language="fr")
    body = Letter.objects.get().body
    assert "Vous avez retiré" in body
