"""What is told late takes its place among the other decisions by when it was made."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.agreed import agreed_to
from consent.errors import LaterDecisionStands
from consent.models import ConsentRecord, CurrentConsent
from consent.selectors import states
from consent.services import record_consent, record_statement, record_statements, withdraw
from consent.services.letters import send_receipt
from consent.services.rebuilding import differences
from consent.statement import Statement
from privacy.ledger.actors import SYSTEM
from privacy.register.disclosures.told import Use
from privacy.register.models import Purpose
from privacy.register.restrictions.services import place_restriction
from privacy.register.selectors import local_date


def ago(days, hours=0):
    return timezone.now() - timedelta(days=days, hours=hours)


def said(decision, at=None, **more):
    fields = {"kind": "email", "identifier": "ama@example.com", "purpose": "newsletter", "method": "electronic"}
    return Statement(**fields, decision=decision, occurred_at=at, **more)


def alone(each):
    try:
        record_statement(statement=each, actor=SYSTEM)
    except LaterDecisionStands as refusal:
        return refusal.field
    return ""


def in_a_list(each):
    (outcome,) = record_statements(statements=[each], actor=SYSTEM)
    return outcome.field


def stands(subject):
    """The state; what the look-up says, what a rebuild would make, and what the disclosure log says are the same."""
    row = CurrentConsent.objects.get(subject=subject, purpose__code="newsletter")
    (looked_up,) = [each for each in states(subject) if each.purpose.code == "newsletter"]
    assert (looked_up.decision, list(differences())) == (row.standing(timezone.now()), [])
    tomorrow = local_date(timezone.now()) + timedelta(days=1)
    is_agreed = bool(agreed_to([Use(subject.pk, row.purpose_id, tomorrow)]))
    assert is_agreed == (looked_up.decision == "given")
    return looked_up.decision


@pytest.mark.parametrize("tell", [alone, in_a_list])
def test_a_late_no_hides_no_later_withdrawal(purposes, ama, tell):
    for each in (said("given", ago(20)), said("withdrawn"), said("refused", ago(10))):
        assert tell(each) == ""
    assert tell(said("given", ago(5))) == "occurred_at"
    assert stands(ama) == "withdrawn"
    assert (tell(said("given")), stands(ama)) == ("", "given")


def test_a_backlog_in_one_list_brings_no_consent_back_that_was_withdrawn_since(purposes, ama):
    alone(said("given", ago(20)))
    alone(said("withdrawn"))
    outcomes = record_statements(statements=[said("refused", ago(10)), said("given", ago(5))], actor=SYSTEM)
    assert ([each.field for each in outcomes], stands(ama)) == (["", "occurred_at"], "withdrawn")


def test_officers_bring_no_consent_back_either(purposes, ama):
    def enter(decision, at):
        record_consent(
            subject=ama, purpose=purposes["newsletter"], decision=decision, method="electronic", occurred_at=at,
            actor=SYSTEM,
        )  # fmt: skip

    enter("given", ago(20))
    withdraw(subject=ama, purpose=purposes["newsletter"], actor=SYSTEM)
    enter("refused", ago(10))
    with pytest.raises(LaterDecisionStands):
        enter("given", ago(5))
    assert stands(ama) == "withdrawn"


@pytest.mark.parametrize("no", ["refused", "withdrawn"])
@pytest.mark.parametrize("tell", [alone, in_a_list])
def test_who_agreed_on_a_later_day_than_a_no_that_is_told_after_it_agrees(purposes, ama, tell, no):
    for each in (said("given", ago(5)), said(no, ago(10))):
        assert tell(each) == ""
    assert (stands(ama), ConsentRecord.objects.count()) == ("given", 2)
    assert (tell(said(no, ago(3))), stands(ama)) == ("", no)


@pytest.mark.parametrize("tell", [alone, in_a_list])
def test_a_no_of_the_same_day_holds_though_its_stated_time_is_earlier(purposes, ama, tell):
    midday = ago(5).astimezone().replace(hour=12)
    for each in (said("given", midday), said("withdrawn", midday - timedelta(hours=1))):
        assert tell(each) == ""
    assert stands(ama) == "withdrawn"
    assert (tell(said("given", midday + timedelta(hours=1))), stands(ama)) == ("", "given")


@pytest.mark.parametrize("backwards", [False, True])
def test_a_list_leaves_the_state_of_the_latest_decision_in_whichever_order_it_comes(purposes, ama, backwards):
    each = [said("given", ago(9)), said("refused", ago(6))]
    record_statements(statements=each[::-1] if backwards else each, actor=SYSTEM)
    assert stands(ama) == "refused"


def test_nothing_is_concluded_from_silence_of_whoever_said_no_last_though_a_consent_was_recorded_after_it(
    purposes, ama
):
    shop = {"method": "implied", "evidence": {"act": "Bought a bag."}}
    alone(said("given", ago(5)))
    alone(said("refused", ago(10)))
    assert in_a_list(Statement("email", "ama@example.com", "newsletter", "given", **shop)) == ""
    alone(said("withdrawn"))
    assert in_a_list(Statement("email", "ama@example.com", "newsletter", "given", **shop)) == "evidence"


def _silence(method):
    sent = (local_date(timezone.now()) - timedelta(days=40)).isoformat()
    evidence = {"act": "Bought a bag."} if method == "implied" else {"notice_sent_on": sent, "period_days": 14}
    return Statement("email", "ama@example.com", "newsletter", "given", method=method, evidence=evidence)


@pytest.mark.parametrize("method", ["implied", "opt_out"])
@pytest.mark.parametrize("no", ["refused", "withdrawn"])
@pytest.mark.parametrize("tell", [alone, in_a_list])
def test_a_no_that_is_told_after_a_silence_says_that_it_was_none(purposes, ama, tell, no, method):
    for each in (_silence(method), said(no, ago(30))):
        assert tell(each) == ""
    assert stands(ama) == no
    assert tell(said("given", ago(5))) == ""  # what was said on a later day holds all the same
    assert tell(said(no, ago(6))) == ""
    assert stands(ama) == "given"


@pytest.mark.parametrize("method", ["implied", "opt_out"])
def test_a_list_with_a_silence_and_an_earlier_no_leaves_the_no(purposes, ama, method):
    told = record_statements(statements=[_silence(method), said("refused", ago(30))], actor=SYSTEM)
    assert [each.field for each in told] == ["", ""]
    assert stands(ama) == "refused"


def test_a_consent_that_ran_out_stands_in_nobodys_way(purposes, ama):
    Purpose.objects.filter(code="newsletter").update(valid_days=3)
    alone(said("given", ago(4)))
    Purpose.objects.filter(code="newsletter").update(valid_days=90)
    assert alone(said("given", ago(9))) == ""
    assert CurrentConsent.objects.get().standing(timezone.now()) == "given"
    assert list(differences()) == []


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
@pytest.mark.parametrize(
    ("language", "later_holds", "no_use", "bound", "free"),
    [
        (
            "en",
            "before consent was given on",
            "use your data",
            "You cannot withdraw this",
            "this consent at any",
        ),
        (
            "fr",
            "avant le consentement donné le",
            "vos données",
            "ne pouvez pas retirer",
            "ce consentement à tout",
        ),
    ],
)
@pytest.mark.parametrize("bar", ["", "Act 773"])
def test_the_letter_of_a_late_no_says_that_the_later_consent_holds(
    purposes, ama, decision, language, later_holds, no_use, bound, free, bar
):
    Purpose.objects.filter(code="newsletter").update(no_withdrawal_reason=bar)

    def letter():
        purpose = Purpose.objects.get(code="newsletter")
        no = record_consent(
            subject=ama, purpose=purpose, decision=decision, method="oral", occurred_at=ago(10), actor=SYSTEM
        )
        no.language = language
        sent = send_receipt(record=no, actor=SYSTEM)
        body = " ".join(sent.body.split())
        return sent.heading, (later_holds in body, no_use in body, bound in body, free in body)

    heading, told = letter()
    assert told == (False, True, False, False)
    assert alone(said("given", ago(5))) == ""
    later, told = letter()
    assert told == (True, False, bool(bar), not bar)
    assert heading != later
    assert stands(ama) == "given"
    place_restriction(subject=ama, kind="objection", purpose=purposes["newsletter"], actor=SYSTEM)
    assert letter() == (heading, (False, True, False, False))
