"""What the register said when a decision was recorded stays with it, whatever becomes of the register."""

import json
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from consent.guards import NOT_SAID
from consent.models import ConsentRecord, CurrentConsent, OptOutNotice, RegisterTerms
from consent.receipts import Form, facts_of, receipt
from consent.receipts import words as receipt_words
from consent.receipts.pdf import as_pdf
from consent.services import (
    Entry,
    record_consent,
    record_for_person,
    record_statement,
    record_statements,
    stop_everything,
    withdraw,
)
from consent.services.campaigns import begin_campaign, campaign_slice
from consent.services.expiry import expire_slice
from consent.statement import Statement
from privacy.ledger.actors import SYSTEM, Actor
from privacy.letters.models import Letter, LetterState
from privacy.register.models import OrganisationProfile, Purpose, Recipient
from privacy.register.selectors import local_date
from privacy.tenants.context import owner_context
from privacy.tenants.sent_pages import Page
from tests.consent.conftest import ORAL, WRITTEN

DAY = timedelta(days=1)
REPRESENTATIVE = {"representative": "Kofi", "authority": "power of attorney", "valid_until": "2099-01-01"}
EVIDENCE = {
    "electronic": None,
    "oral": ORAL,
    "written": WRITTEN,
    "implied": {"act": "went on reading"},
    "opt_out": {"notice_sent_on": "2026-01-05", "period_days": 30},
    "representative": {**REPRESENTATIVE, "is_guardian": False},
}


def _agree(subject, purpose, method="electronic", **fields):
    return record_consent(
        subject=subject, purpose=purpose, decision="given", method=method, evidence=EVIDENCE[method], actor=SYSTEM,
        **fields,
    )  # fmt: skip


def _say(method="electronic", **fields):
    said = {"kind": "email", "identifier": "ama@example.com", "purpose": "newsletter", "decision": "given"}
    return Statement(method=method, evidence=EVIDENCE[method], **said | fields)


def _change_the_register():
    """Everything that a receipt says of purpose, recipients and organisation."""
    Purpose.objects.update(
        title="Other", description="We sell your data.", lawful_basis="contract", data_categories=["location"],
        special_categories=["health"], retention="for ever", withdrawal_consequences="You pay.",
        no_withdrawal_reason="Because.", valid_days=3, is_prohibited=False,
    )  # fmt: skip
    Recipient.objects.update(name="Broker", country="US", role="sells it", safeguard="contract", safeguard_note="x")
    OrganisationProfile.objects.update(
        legal_name="Buyer", trading_name="Buyer", address="Elsewhere", country="US", website="https://buyer.example",
        laws=["EU"],
    )  # fmt: skip


def _every_form(record) -> list:
    """The same record as it is read anew, in each form that people and programs get."""
    facts = facts_of(ConsentRecord.objects.get(pk=record.pk))
    lines = [receipt_words.decision_lines, receipt_words.data_lines, receipt_words.organisation_lines]
    forms = [Form.PLAIN, Form.LINKED, *([Form.KANTARA] if facts.is_consent else [])]
    return [*(receipt(facts.record, form=form).jws for form in forms), *(each(facts) for each in lines), as_pdf(facts)]


def _by_officer(method):
    def act(purposes, ama, officer):
        entry = Entry(
            email="ama@example.com", wording=purposes["newsletter"].wordings.get(), decision="given", method=method,
            evidence=EVIDENCE[method], age=NOT_SAID,
        )  # fmt: skip
        return record_for_person(entry=entry, officer=officer, page=Page(None, ())).record

    return act


def _in_bulk(purposes, ama, officer):
    (outcome,) = record_statements(statements=[_say()], actor=SYSTEM)
    return ConsentRecord.objects.get(pk=outcome.record_id)


def _by_silence(purposes, ama, officer):
    campaign = begin_campaign(
        wording=purposes["newsletter"].wordings.get(), period_days=7, emails=["ama@example.com"], actor=SYSTEM
    )
    campaign_slice(f"{campaign.pk}:tell")
    Letter.objects.update(state=LetterState.SENT)
    OptOutNotice.objects.update(told_at=timezone.now() - 9 * DAY)
    campaign_slice(f"{campaign.pk}:record", now=timezone.now() + 9 * DAY)
    return ConsentRecord.objects.get()


def _by_itself(purposes, ama, officer):
    _agree(ama, purposes["newsletter"])
    CurrentConsent.objects.update(expires_at=timezone.now() - DAY)
    expire_slice()
    return ConsentRecord.objects.get(decision="expired")


def _withdrawn(purposes, ama, officer):
    _agree(ama, purposes["newsletter"])
    return withdraw(subject=ama, purpose=purposes["newsletter"], actor=Actor.subject(ama))


def _stopped(purposes, ama, officer):
    _agree(ama, purposes["newsletter"])
    (record,) = stop_everything(subject=ama, actor=Actor.subject(ama))
    return record


WAYS = {
    **{f"a system, {method}": lambda *_all, method=method: record_statement(statement=_say(method), actor=SYSTEM)
       for method in EVIDENCE},
    **{f"the portal, {method}": lambda known, ama, _officer, method=method: _agree(ama, known["newsletter"], method)
       for method in EVIDENCE},
    **{f"an officer, {method}": _by_officer(method) for method in EVIDENCE if method != "electronic"},
    "a list": _in_bulk, "silence": _by_silence, "an end": _by_itself, "a withdrawal": _withdrawn, "stopping": _stopped,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_receipt_says_what_the_register_said_then_whichever_way_it_was_recorded(purposes, ama, officer, alpha, way):
    record = WAYS[way](purposes, ama, officer)
    before = _every_form(record)
    _change_the_register()
    assert _every_form(record) == before
    with owner_context(alpha), connection.cursor() as cursor:  # without its terms it would say something else
        cursor.execute("UPDATE consent_consentrecord SET terms_digest = NULL")
    assert all(one != other for one, other in zip(_every_form(record), before, strict=True))


def test_what_is_recorded_after_a_change_has_the_terms_of_then(purposes, ama):
    old = _agree(ama, purposes["newsletter"])
    Purpose.objects.filter(code="newsletter").update(retention="two years")
    new = record_statement(statement=_say(), actor=SYSTEM)
    kept = [receipt(ConsentRecord.objects.get(pk=each.pk)).fields["record"]["pii_processing"][0] for each in (old, new)]
    assert [each["retention_period"] for each in kept] == ["not stated; ask the Privacy Officer", "two years"]
    assert RegisterTerms.objects.count() == 2


def test_terms_name_those_who_get_data_now_and_not_those_who_did(purposes, ama):
    OrganisationProfile.objects.update(time_zone="Pacific/Kiritimati")  # it is tomorrow there, half of the day
    today = local_date(timezone.now())
    for name, inactive_since in (("Ended Ltd", today), ("Ending Ltd", today + DAY)):
        ending = Recipient.objects.create(name=name, role="sent our mail", country="IE", inactive_since=inactive_since)
        ending.purposes.add(purposes["newsletter"])
    _agree(ama, purposes["newsletter"])
    assert [to["name"] for to in RegisterTerms.objects.get().content["recipients"]] == ["Ending Ltd", "Mailer Ltd"]


def test_whom_to_write_to_is_asked_for_today_and_no_terms_name_people(purposes, ama):
    record = _agree(ama, purposes["newsletter"])
    OrganisationProfile.objects.update(officer_name="Esi Mensah", officer_email="esi@alpha.example")
    (party,) = receipt(ConsentRecord.objects.get(pk=record.pk)).fields["record"]["party_identification"]
    assert (party["party_contact"].partition(",")[0], party["party_email"]) == ("Esi Mensah", "esi@alpha.example")
    content = RegisterTerms.objects.get().content
    assert content["controller"].keys() == {"legal_name", "trading_name", "address", "country", "website", "laws"}
    assert "Esi" not in json.dumps(content)


def test_terms_are_kept_once_however_many_decisions_are_recorded_under_them(purposes, ama):
    for decision in ("given", "refused", "given"):
        record_statement(statement=_say(decision=decision), actor=SYSTEM)
    _agree(ama, purposes["newsletter"])
    people = [_say(identifier=f"p{number}@example.com") for number in range(5)]
    record_statements(statements=[*people, _say(purpose="surveys"), _say(decision="withdrawn")], actor=SYSTEM)
    terms = RegisterTerms.objects.values_list("content__purpose__code", "content__notice__version")
    assert sorted(terms) == [("newsletter", "2026-01"), ("surveys", "2026-01")]
    assert ConsentRecord.objects.filter(terms=None).count() == 0


def test_an_organisation_that_had_not_said_who_it_is_is_named_as_it_calls_itself_later(purposes, ama):
    profile = OrganisationProfile.objects.get()
    OrganisationProfile.objects.all().delete()
    record = _agree(ama, purposes["newsletter"])
    profile.legal_name = "Alpha, named later"
    profile.save()
    (party,) = receipt(ConsentRecord.objects.get(pk=record.pk)).fields["record"]["party_identification"]
    assert party["party_name"] == "Alpha, named later"


@pytest.mark.parametrize("statement", ["UPDATE {table} SET content = '{{}}'", "DELETE FROM {table}"])
def test_terms_can_be_neither_changed_nor_deleted(purposes, ama, statement):
    _agree(ama, purposes["newsletter"])
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=RegisterTerms._meta.db_table))
    assert RegisterTerms.objects.get().is_intact


def test_records_from_before_there_were_terms_keep_their_seal_and_follow_the_register(
    purposes, ama, alpha, monkeypatch
):
    record = _agree(ama, purposes["newsletter"])
    record.terms = None
    without = record.expected_digest()
    fields = tuple(name for name in ConsentRecord.sealed_fields if name != "terms_id")
    with monkeypatch.context() as before:
        before.setattr(ConsentRecord, "sealed_fields", fields)
        before.setattr(ConsentRecord, "sealed_if_set", ("expires_at",))
        assert record.expected_digest() == without != bytes(record.digest)
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_consentrecord SET terms_digest = NULL")
    Purpose.objects.update(retention="two years")
    fields = receipt(ConsentRecord.objects.get(pk=record.pk)).fields
    assert fields["record"]["pii_processing"][0]["retention_period"] == "two years"
