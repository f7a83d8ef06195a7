import base64
import json
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import CommandError, call_command

from consent.models import ConsentRecord, CurrentConsent
from consent.receipts import facts_of, receipt, words
from consent.services import record_consent, send_receipt
from privacy.ledger.actors import SYSTEM
from privacy.ledger.signing import public_keys
from privacy.register.models import Notice, Purpose
from tests.consent.conftest import ORAL, WORDS

# ISO/IEC TS 27560:2023, mandatory fields by group
_PROCESSING = {
    "privacy_notice", "language", "purpose", "pii_information", "pii_controllers", "storage_locations",
    "retention_period", "jurisdiction", "recipient_third_parties", "withdrawal_method",
}  # fmt: skip
_PARTY = {"party_id", "party_name", "party_address", "party_contact", "party_type"}
_EVENT = {"event_time", "validity_duration", "entity_id", "event_type", "event_state"}
# Kantara Consent Receipt 1.1.0, required fields
_KANTARA = {
    "version", "jurisdiction", "consentTimestamp", "collectionMethod", "consentReceiptID", "piiPrincipalId",
    "piiControllers", "policyUrl", "services", "sensitive", "spiCat",
}  # fmt: skip
_KANTARA_PURPOSE = {
    "purpose", "purposeCategory", "consentType", "piiCategory", "primaryPurpose", "termination",
    "thirdPartyDisclosure", "thirdPartyName",
}  # fmt: skip


@pytest.fixture
def record(purposes, ama):
    return record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )


def _bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_receipt_verifies_with_another_library(record):
    head, body, signature = receipt(record).jws.split(".")
    (key,) = public_keys()["keys"]
    Ed25519PublicKey.from_public_bytes(_bytes(key["x"])).verify(_bytes(signature), f"{head}.{body}".encode())
    assert json.loads(_bytes(body)) == receipt(record).fields
    assert json.loads(_bytes(head))["kid"] == key["kid"]


def test_every_mandatory_field_of_27560_is_there_and_filled(record):
    fields = receipt(record).fields
    assert {"schema_version", "receipt_id"} <= fields.keys()
    kept = fields["record"]
    assert {"schema_version", "record_id", "pii_principal_id"} <= kept.keys()
    for group, mandatory in (("pii_processing", _PROCESSING), ("party_identification", _PARTY), ("events", _EVENT)):
        (only,) = kept[group]
        assert mandatory <= only.keys()
        assert all(only[name] for name in mandatory)


def test_every_required_field_of_kantara_is_there(record):
    fields = receipt(record).fields
    assert fields.keys() >= _KANTARA
    (purpose,) = fields["services"][0]["purposes"]
    assert purpose.keys() >= _KANTARA_PURPOSE
    assert (purpose["thirdPartyDisclosure"], purpose["thirdPartyName"]) == (True, "Mailer Ltd")
    assert (fields["sensitive"], fields["spiCat"]) == (False, [])


def test_special_categories_make_a_receipt_sensitive(purposes, ama):
    purposes["newsletter"].special_categories = ["health"]
    record = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )
    fields = receipt(record).fields
    assert (fields["sensitive"], fields["spiCat"]) == (True, ["health"])


def test_a_receipt_quotes_the_words_and_names_nobody(record):
    fields = receipt(record).fields
    assert fields["record"]["pii_processing"][0]["consent_words"]["text"] == WORDS
    assert fields["piiPrincipalId"] == fields["record"]["pii_principal_id"] == str(record.subject_id)
    assert "ama@example.com" not in json.dumps(fields)


def test_a_receipt_is_the_same_when_it_is_made_again(record):
    stored = ConsentRecord.objects.get(pk=record.pk)
    assert receipt(stored) == receipt(record)


def test_a_record_without_notice_says_so(purposes, ama):
    Notice.objects.all().delete()
    made = record_consent(
        subject=ama, purpose=purposes["surveys"], decision="given", method="oral", evidence=ORAL, actor=SYSTEM
    )
    version = receipt(made).fields["record"]["pii_processing"][0]["privacy_notice"]["version"]
    assert version == "not stated; ask the Privacy Officer"


def _check(*arguments):
    out = StringIO()
    call_command("verify_receipt", *map(str, arguments), stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def test_the_command_reads_a_receipt_offline(record, tmp_path, django_assert_num_queries):
    made = receipt(record)
    signed, answer, keys = tmp_path / "receipt.jws", tmp_path / "answer.json", tmp_path / "jwks.json"
    signed.write_text(made.jws + "\n")
    answer.write_text(json.dumps({"receipt": made.fields, "jws": made.jws}))
    keys.write_text(json.dumps(public_keys()))
    with django_assert_num_queries(0):
        assert _check(signed) == _check(answer) == _check(signed, "--keys", keys) == made.fields


def test_the_command_refuses_what_was_altered(record, tmp_path):
    head, body, signature = receipt(record).jws.split(".")
    altered = base64.urlsafe_b64encode(_bytes(body).replace(b'"given"', b'"taken"')).rstrip(b"=").decode()
    path = tmp_path / "receipt.jws"
    path.write_text(f"{head}.{altered}.{signature}")
    with pytest.raises(CommandError, match="not genuine"):
        _check(path)


@pytest.mark.parametrize("content", ["{", "{}", '{"jws": 3}', "", "no receipt"])
def test_the_command_says_what_is_wrong_with_a_file(record, tmp_path, content):
    path = tmp_path / "file"
    path.write_text(content)
    with pytest.raises(CommandError, match=str(path)):
        _check(path)
    with pytest.raises(CommandError, match="cannot be read"):
        _check(tmp_path / "nothing")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("electronic", ("You gave your consent.", "Vous avez donné votre consentement.")),
        ("oral", ("You gave your consent orally.", "Vous avez donné votre consentement oralement.")),
        ("written", ("You gave your consent in writing.", "Vous avez donné votre consentement par écrit.")),
        ("representative", ("represents you gave consent for you", "a consenti en votre nom")),
        ("implied", ("We take it from what you did", "Nous déduisons de ce que vous avez fait")),
        ("opt_out", ("You did not object", "Vous n’avez pas exprimé d’opposition")),
    ],
)
def test_the_receipt_by_mail_says_how_consent_was_given_and_not_yes_for_who_did_not_say_it(
    record, method, said, language
):
    record.method, record.language = method, language
    letter = send_receipt(record=record, actor=SYSTEM)
    assert said[language == "fr"] in letter.body
    agreed = ("The words you agreed to", "Le texte que vous avez accepté")[language == "fr"]
    themselves = method in ("electronic", "oral", "written")
    assert (agreed in letter.body) == themselves
    assert ("You gave your consent" in words.heading(facts_of(record))) == themselves
    assert (("You gave your consent" in letter.heading) or ("Vous avez donné" in letter.heading)) == themselves


@pytest.mark.parametrize(
    ("method", "decision", "said", "headed"),
    [
        ("electronic", "refused", ("You refused your consent.", "Vous avez refusé votre consentement."), "You refused"),
        ("electronic", "withdrawn", ("You withdrew your consent.", "Vous avez retiré votre consentement."), "You wit"),
        ("representative", "refused", ("refused consent for you.", "a refusé le consentement"), "Consent was refused"),
        ("representative", "withdrawn", ("withdrew consent for you.", "a retiré le consentement"), "Consent was with"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_receipt_says_who_said_no(purposes, ama, method, decision, said, headed, language):
    record = record_consent(subject=ama, purpose=purposes["newsletter"], decision=decision, method=method, actor=SYSTEM)
    record.language = language
    letter = send_receipt(record=record, actor=SYSTEM)
    assert said[language == "fr"] in " ".join(letter.body.split())
    heading, themselves = words.heading(facts_of(record)), method == "electronic"
    assert letter.heading.startswith(("You ", "Vous ")) == heading.startswith("You ") == themselves
    assert heading.startswith(headed)


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_the_receipt_of_a_no_does_not_say_that_what_goes_on_stops(purposes, ama, record, decision):
    asked = purposes["newsletter"]
    stops = asked.withdrawal_consequences
    while_asked = record_consent(subject=ama, purpose=asked, decision="withdrawn", method="electronic", actor=SYSTEM)
    Purpose.objects.filter(pk=asked.pk).update(lawful_basis="legitimate_interests")
    CurrentConsent.objects.update(decision="given")  # as of somebody who did not withdraw before
    moved = Purpose.objects.get(pk=asked.pk)
    no = record_consent(subject=ama, purpose=moved, decision=decision, method="electronic", actor=SYSTEM)
    said = {
        each: {line.label: line.words for line in words.decision_lines(facts_of(each))}.get("What it means", "")
        for each in (while_asked, no)
    }
    assert said[while_asked] == stops
    assert said[no].startswith("This rests on our legitimate interests and not on consent.")
    of_each = [receipt(each).fields["record"]["pii_processing"][0] for each in (while_asked, no)]
    assert [each["withdrawal_consequences"] for each in of_each] == [stops, ""]
