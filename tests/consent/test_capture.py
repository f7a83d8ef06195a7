from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from consent.errors import (
    NoticeNotInForce,
    PurposeNotByConsent,
    PurposeProhibited,
    PurposeUnknown,
    WordingMissing,
    WordingUnknown,
)
from consent.models import ConsentRecord, CurrentConsent, Evidence, Wording
from consent.services import publish_wording, record_consent, record_statement
from consent.statement import Statement
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.register.models import Notice
from privacy.subjects.models import Subject
from tests.consent.conftest import ORAL, WORDS


def _record(subject, purpose, decision="given", **fields):
    return record_consent(
        subject=subject, purpose=purpose, decision=decision, method="electronic", actor=SYSTEM, **fields
    )


def _say(**fields):
    stated = {
        "kind": "email",
        "identifier": "ama@example.com",
        "purpose": "newsletter",
        "decision": "given",
        "method": "oral",
        "evidence": ORAL,
    }
    return record_statement(statement=Statement(**stated | fields), actor=SYSTEM)


def test_a_record_points_at_the_exact_words_and_the_notice_in_force(purposes, ama):
    record = _record(ama, purposes["newsletter"])
    stored = ConsentRecord.objects.get(pk=record.pk)
    assert (stored.wording.text, stored.wording.version, stored.notice.version) == (WORDS, 1, "2026-01")
    assert stored.wording_digest == stored.wording.digest


def test_the_present_state_is_the_last_decision(purposes, ama):
    records = [_record(ama, purposes["newsletter"], decision) for decision in ("given", "withdrawn", "refused")]
    current = CurrentConsent.objects.get(subject=ama)
    assert (current.decision, current.record, current.since) == ("refused", records[2], records[2].recorded_at)
    assert ConsentRecord.objects.filter(subject=ama).count() == 3


def test_each_capture_is_in_the_ledger_without_personal_data(purposes, ama):
    record = _record(ama, purposes["newsletter"])
    entry = LedgerEntry.objects.get(object_id=str(record.pk))
    assert (entry.action, entry.data) == ("consent.given", {"purpose": "newsletter", "method": "electronic"})


@pytest.mark.parametrize("table", [ConsentRecord._meta.db_table, Wording._meta.db_table])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET language = 'fr'", "DELETE FROM {table}"])
def test_records_and_words_can_be_neither_changed_nor_deleted(purposes, ama, table, statement):
    record = _record(ama, purposes["newsletter"])
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table))
    assert ConsentRecord.objects.get(pk=record.pk).wording.language == "en"


def test_a_prohibited_purpose_is_refused(purposes, ama):
    with pytest.raises(PurposeProhibited):
        _record(ama, purposes["selling"])
    assert not ConsentRecord.objects.exists()


def test_a_purpose_that_does_not_rest_on_consent_is_refused(purposes, ama):
    for decision in ("given", "refused", "withdrawn"):
        with pytest.raises(PurposeNotByConsent):
            _record(ama, purposes["billing"], decision)
    assert not ConsentRecord.objects.exists()


def test_withdrawing_is_possible_from_a_purpose_that_was_prohibited_later(purposes, ama):
    _record(ama, purposes["newsletter"])
    purposes["newsletter"].is_prohibited = True
    purposes["newsletter"].save()
    assert _record(ama, purposes["newsletter"], "withdrawn").decision == "withdrawn"
    with pytest.raises(PurposeProhibited):
        _record(ama, purposes["newsletter"])


def test_an_unknown_purpose_is_refused(purposes):
    with pytest.raises(PurposeUnknown):
        _say(purpose="nothing")
    assert _say(purpose="newsletter").purpose == purposes["newsletter"]


def test_words_missing_in_the_language_are_refused(purposes, ama):
    with pytest.raises(WordingMissing):
        _record(ama, purposes["newsletter"], language="fr")
    publish_wording(purpose=purposes["newsletter"], language="fr", text="Oui.", actor=SYSTEM)
    assert _record(ama, purposes["newsletter"], language="fr").wording.text == "Oui."


def test_words_of_another_purpose_are_refused(purposes, ama):
    with pytest.raises(WordingUnknown):
        _record(ama, purposes["newsletter"], wording=purposes["surveys"].wordings.get())


def test_older_words_can_be_named_by_their_version(purposes):
    publish_wording(purpose=purposes["newsletter"], language="en", text="Yes, please.", actor=SYSTEM)
    texts = [_say(wording_version=version).wording.text for version in (1, 2, None)]
    assert texts == [WORDS, "Yes, please.", "Yes, please."]
    with pytest.raises(WordingUnknown):
        _say(wording_version=3)


def test_a_notice_that_is_not_in_force_is_refused(purposes):
    now = timezone.now()
    Notice.objects.create(version="2025-01", title="Old", body="x", published_at=now - timedelta(days=400))
    Notice.objects.create(version="2027-01", title="Next", body="x", published_at=now + timedelta(days=9))
    Notice.objects.create(version="draft", title="Draft", body="x")
    for version in ("2025-01", "2027-01", "draft", "nothing"):
        with pytest.raises(NoticeNotInForce):
            _say(method="electronic", evidence=None, notice_version=version)
    assert _say(method="electronic", evidence=None, notice_version="2026-01").notice.version == "2026-01"


def test_the_time_a_client_gives_is_kept_and_not_believed(purposes):
    told = datetime(2020, 1, 2, tzinfo=UTC)
    before = timezone.now()
    record = _say(method="electronic", evidence=None, occurred_at=told)
    assert record.occurred_at == told
    assert before <= record.recorded_at <= timezone.now()
    assert CurrentConsent.objects.get().since == record.recorded_at


def test_evidence_is_kept_encrypted_beside_the_record_and_recognised_by_it(purposes):
    content = ORAL | {"heard_in": "Accra"}
    record, bare = _say(evidence=content), _say(decision="refused", evidence=None)
    assert Evidence.objects.get().content == content
    assert len(record.evidence_digest) == 64
    assert bare.evidence_digest == ""


def test_a_person_nobody_knew_is_added_once(purposes):
    first, second = _say(identifier="kofi@example.com"), _say(identifier="kofi@example.com", decision="refused")
    assert first.subject == second.subject
    assert Subject.objects.count() == 1
    assert first.subject.identifiers.get().value == "kofi@example.com"


def test_who_recorded_it_is_part_of_the_record(purposes, ama):
    record = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=Actor.subject(ama)
    )
    assert (record.actor_kind, record.actor_id) == ("subject", str(ama.pk))
