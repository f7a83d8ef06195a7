"""Whoever owns the tables can change a record of consent, or what it rests on; nobody can do so unnoticed."""

import importlib

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from consent.cookies import receipts as cookie_receipts
from consent.cookies.selectors import choices
from consent.cookies.services import record_choice
from consent.errors import WordingAltered, WordsAltered
from consent.models import ConsentRecord, Evidence, Wording
from consent.receipts import receipt, receipts
from consent.selectors import history
from consent.services import record_consent, withdraw
from privacy.ledger.actors import SYSTEM
from privacy.ledger.sealing import seal_all
from privacy.ledger.verification import verify_organisation
from privacy.register.models import Notice
from privacy.register.publishing import publish_notice
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import owner_context
from tests.consent.conftest import ORAL, WORDS, make_register
from tests.consent.cookies.conftest import ORIGIN, make_site, publish, statement_for
from tests.sources import superuser_dsn


def _alter(organisation, *statements):
    """As superuser, without triggers."""
    with psycopg.connect(superuser_dsn(), dbname=connection.settings_dict["NAME"]) as superuser:
        superuser.execute("SELECT set_config('search_path', %s, false)", [organisation.schema_name])
        superuser.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        for sql, *parameters in statements:
            assert superuser.execute(sql, parameters).rowcount > 0


def _broken():
    return sorted(str(breach) for breach in verify_organisation().breaches)


@pytest.mark.parametrize(
    "change", ["decision = 'given'", "wording_digest = repeat('0', 64)", "recorded_at = recorded_at - interval '1 day'"]
)
def test_a_consent_changed_by_sql_as_superuser_without_triggers_is_named(committed, change, capsys):
    purposes = make_register()
    subject = find_or_add_subject(kind="email", value="ama@example.com")
    for decision in ("given", "refused", "refused"):
        record_consent(
            subject=subject, purpose=purposes["newsletter"], decision=decision, method="electronic", actor=SYSTEM
        )
    seal_all()
    assert verify_organisation().breaches == ()
    altered = ConsentRecord.objects.filter(decision="refused").latest("recorded_at")
    _alter(committed, (f"UPDATE consent_consentrecord SET {change} WHERE id = %s", altered.pk))
    with pytest.raises(CommandError, match="altered in 1 places"):
        call_command("verify_ledger", organisation=committed.slug)
    assert str(altered.pk) in capsys.readouterr().err


@pytest.mark.parametrize("digest", ["digest", "encode(sha256('Other words.'), 'hex')"])
def test_words_that_were_altered_are_named_also_where_their_digest_was_made_anew(committed, digest, capsys):
    purposes = make_register()
    subject = find_or_add_subject(kind="email", value="ama@example.com")
    record_consent(subject=subject, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM)
    assert _broken() == []
    words = Wording.objects.get(text=WORDS)
    _alter(committed, (f"UPDATE consent_wording SET text = 'Other words.', digest = {digest} WHERE id = %s", words.pk))
    assert _broken() == [f"consent.wording: words {words.pk}: they were altered"]
    with pytest.raises(CommandError, match="altered in 1 places"):
        call_command("verify_ledger", organisation=committed.slug)
    assert f"words {words.pk}: they were altered" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            """UPDATE {terms} SET content = jsonb_set(content, '{{purpose,retention}}', '"for ever"')""",
            "they were altered",
        ),
        ("UPDATE {terms} SET content = '1e400'", "they were altered"),
        ("DELETE FROM {terms}", "records name them, and they are gone"),
    ],
)
def test_terms_that_were_altered_or_removed_are_named_and_nothing_is_signed_about_them(committed, change, problem):
    purposes = make_register()
    subject = find_or_add_subject(kind="email", value="ama@example.com")
    made = record_consent(
        subject=subject, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )
    assert _broken() == []
    _alter(committed, (change.format(terms="consent_registerterms"),))
    assert _broken() == [f"consent.registerterms: terms {made.terms_id}: {problem}"]
    with pytest.raises(WordsAltered):
        receipt(ConsentRecord.objects.get(pk=made.pk))
    assert receipts(history(subject)) == [None]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE {terms} SET content = jsonb_set(content, '{{controller,country}}', '\"US\"')", "they were altered"),
        ("DELETE FROM {terms}", "records name them, and they are gone"),
    ],
)
def test_so_are_those_of_a_choice_about_cookies(committed, change, problem):
    banner = publish(make_site())
    choice = record_choice(site=banner.site, statement=statement_for(banner), origin=ORIGIN)
    assert _broken() == []
    assert cookie_receipts.receipt(choices().get()).fields["receipt_id"] == str(choice.pk)
    _alter(committed, (change.format(terms="consent_registerterms"),))
    assert _broken() == [f"consent.registerterms: terms {choice.terms_id}: {problem}"]
    with pytest.raises(cookie_receipts.WordsAltered):
        cookie_receipts.receipt(choices().get())


def test_a_record_that_was_given_other_terms_is_named(committed):
    purposes = make_register()
    subject = find_or_add_subject(kind="email", value="ama@example.com")
    records = [
        record_consent(
            subject=subject, purpose=purposes[code], decision="given", method="electronic", actor=SYSTEM
        )
        for code in ("newsletter", "surveys")
    ]  # fmt: skip
    sql = "UPDATE consent_consentrecord SET terms_digest = %s WHERE id = %s"
    _alter(committed, (sql, records[1].terms_id, records[0].pk))
    assert _broken() == [f"consent.consentrecord: row {records[0].pk}: its content was altered"]
    _alter(committed, ("UPDATE consent_consentrecord SET terms_digest = NULL WHERE id = %s", records[0].pk))
    assert _broken() == [f"consent.consentrecord: row {records[0].pk}: its content was altered"]


def test_evidence_that_was_altered_is_named_and_evidence_that_went_is_none(committed):
    purposes = make_register()
    records = [
        record_consent(
            subject=find_or_add_subject(kind="email", value=f"{name}@example.com"), purpose=purposes["newsletter"],
            decision="given", method="oral", evidence=ORAL | {"call_reference": name}, actor=SYSTEM,
        )
        for name in ("ama", "kofi", "esi")
    ]  # fmt: skip
    ama, kofi, esi = (str(record.pk) for record in records)
    Evidence.objects.get(record=records[2]).delete()
    assert _broken() == []
    exchange = """
        UPDATE consent_evidence one SET content = other.content FROM consent_evidence other
         WHERE one.record_id <> other.record_id"""
    _alter(committed, (exchange,))
    swapped = [f"consent.evidence: evidence of record {each}: it was altered" for each in sorted((ama, kofi))]
    assert _broken() == swapped
    _alter(committed, ("UPDATE consent_evidence SET content = 'nothing'",))
    assert _broken() == swapped
    assert esi not in str(swapped)


@pytest.mark.parametrize("digest", ["digest", "encode(sha256(convert_to(title || E'\\nOther', 'UTF8')), 'hex')"])
def test_a_notice_in_force_that_was_altered_is_named_also_where_its_digest_was_made_anew(committed, digest):
    make_register()
    notice = Notice.objects.create(version="2026-02", title="Notice – ours", body="We keep invoices for six years.")
    publish_notice(notice=notice, actor=SYSTEM)
    assert _broken() == []
    _alter(committed, (f"UPDATE register_notice SET body = 'Other', digest = {digest} WHERE id = %s", notice.pk))
    assert _broken() == [f"register.notice: notice {notice.pk}: its words were altered"]


@pytest.mark.parametrize("change", ["body = 'x'", "title = 'x'", "version = 'x'", "digest = ''", "published_at = NULL"])
def test_a_notice_in_force_stays_as_it_is_and_a_draft_can_be_changed(purposes, alpha, change):
    in_force = Notice.objects.get()
    draft = Notice.objects.create(version="draft", title="Draft", body="Words.")
    sql = f"UPDATE register_notice SET {change} WHERE id = %s"
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [in_force.pk])
    with connection.cursor() as cursor:
        cursor.execute(sql, [draft.pk])
        cursor.execute("UPDATE register_notice SET changes = 'More.' WHERE id = %s", [in_force.pk])
        assert cursor.rowcount == 1


def test_evidence_is_not_changed_by_the_portal_but_goes_with_an_erasure(purposes, ama):
    record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="oral", evidence=ORAL, actor=SYSTEM
    )
    evidence = Evidence.objects.get()
    evidence.content = ORAL | {"officer": "Somebody else"}
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        evidence.save()
    Evidence.objects.select_for_update().get().delete()
    assert Evidence.objects.count() == 0


@pytest.fixture
def altered(purposes, ama, alpha):
    """A consent whose words were altered since."""
    record = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_wording SET text = 'Other words.' WHERE id = %s", [record.wording_id])
    return ConsentRecord.objects.get(pk=record.pk)


def test_no_receipt_is_signed_over_words_that_were_altered(altered):
    with pytest.raises(WordsAltered):
        receipt(altered)
    altered.wording.text = WORDS
    assert receipt(altered).fields["record"]["record_id"] == str(altered.pk)


def test_nobody_agrees_to_words_that_were_altered_and_everybody_withdraws(altered, purposes, ama):
    with pytest.raises(WordingAltered):
        record_consent(subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM)
    withdrawn = withdraw(subject=ama, purpose=purposes["newsletter"], actor=SYSTEM)
    assert (withdrawn.decision, withdrawn.wording, withdrawn.wording_digest) == ("withdrawn", None, "")
    assert receipt(withdrawn).fields["record"]["pii_processing"][0]["consent_words"] is None
    refused = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="refused", method="oral", wording=altered.wording,
        actor=SYSTEM,
    )  # fmt: skip
    assert (refused.decision, refused.wording, refused.notice) == ("refused", None, None)


def test_notices_from_before_there_were_digests_get_theirs_by_the_migration(purposes, alpha):
    old, draft = Notice.objects.bulk_create(
        [Notice(version="old", title="Avis – à vous", body="Mots\net mots: 100 %"), Notice(version="d", title="D")]
    )
    Notice.objects.filter(pk=old.pk).update(published_at=Notice.objects.get(version="2026-01").published_at)
    fill = importlib.import_module("privacy.register.migrations.0010_digest_of_notices").Migration.operations[1]
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER stays_as_it_is ON register_notice")
        cursor.execute(fill.sql)
    assert Notice.objects.get(pk=old.pk).digest == old.expected_digest()
    assert Notice.objects.get(pk=draft.pk).digest == ""
