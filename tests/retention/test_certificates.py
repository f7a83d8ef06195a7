"""Certificates: what they say, that they say nothing personal, and that no altered one passes."""

import base64
import json
import os
import re
import subprocess
import sys
import zlib
from io import StringIO
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import CommandError, call_command

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.signing import public_keys
from privacy.register.models import OrganisationProfile
from retention.certificate.document import CertificateInvalid, as_file, check_file
from retention.certificate.pdf import as_pdf
from retention.enums import RunState
from retention.models import Certificate, Run
from retention.services import start_erasure_run
from tests.sources import known, work


@pytest.fixture
def finished(offixpro, officer) -> Run:
    """Ama Mensah's erasure, completed."""
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(
        case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=Actor.officer(officer)
    )
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    return run


def content(run: Run) -> dict:
    return check_file(run.certificate.document)


def check(*arguments) -> dict:
    out = StringIO()
    call_command("verify_certificate", *map(str, arguments), stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def verified_elsewhere(*arguments) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, to which no server answers."""
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    command = [sys.executable, "manage.py", "verify_certificate", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_completed_run_has_one_certificate_which_says_what_was_done_to_each_table(finished):
    said = content(finished)
    assert Certificate.objects.filter(run=finished).count() == 1
    assert {each["table"]: (each["rows"], each["rows_left"], each["digest"]) for each in said["tables"]} == {
        step.dataset_key: (step.rows, 0, step.digest) for step in finished.steps.exclude(action="keep")
    }
    assert [each["table"] for each in said["kept_tables"]] == [
        step.dataset_key for step in finished.steps.filter(action="keep").order_by("position")
    ]
    assert (said["plan_hash"], said["run"]["id"], said["rule"]) == (finished.plan_hash, str(finished.pk), None)
    assert said["run"]["ordered_by"] == "Privacy Officer, as the second officer who approved it"
    issued = LedgerEntry.objects.get(action="certificate.issued", object_id=str(finished.pk))
    assert issued.data == {"certificate": str(finished.certificate.pk)}


def test_a_table_is_as_weak_as_its_weakest_column_and_a_token_is_never_called_anonymous(finished):
    tables = {each["table"]: each for each in content(finished)["tables"]}
    assert {key: table["result"]["class"] for key, table in tables.items() if table["rows"]} == {
        "crm.marketing_preference": "deleted",
        "crm.customer": "pseudonymous",
        "crm.invoice": "pseudonymous",
        "crm.crm_user": "generalised",
        "crm.login_event": "generalised",
        "crm.ticket": "pseudonymous",  # its own columns are generalised, and it leads to its customer
        "crm.ticket_message": "pseudonymous",
    }
    events = {each["name"]: each["class"] for each in tables["crm.login_event"]["fields"]}
    assert events == {"Moment": "generalised", "IP address": "generalised", "Browser": "anonymous"}
    for table in tables.values():
        classes = {each["class"] for each in table["fields"]}
        assert not (table["result"]["class"] == "anonymous" and classes - {"anonymous"})
        tokens = [each for each in table["fields"] if "token" in each["done"]]
        assert {each["class"] for each in tokens} <= {"pseudonymous"}


def test_nothing_personal_is_in_a_certificate_and_the_search_finds_it_where_it_is(finished, officer):
    secrets = [AMA_MENSAH.email, AMA_MENSAH.full_name, AMA_MENSAH.phone, officer.email, officer.full_name,
               str(finished.case_id), str(finished.subject_id)]  # fmt: skip
    written = as_file(finished.certificate.document).decode()
    assert [secret for secret in secrets if secret in written] == []
    assert OrganisationProfile.objects.get().legal_name in written  # so a name that is there is found


def test_the_command_accepts_what_is_genuine_without_a_query(finished, tmp_path, django_assert_num_queries):
    document, expected = finished.certificate.document, content(finished)
    file, signed, keys = tmp_path / "certificate.json", tmp_path / "certificate.jws", tmp_path / "jwks.json"
    file.write_bytes(as_file(document))
    signed.write_text(document)
    keys.write_text(json.dumps(public_keys()))
    with django_assert_num_queries(0):
        assert check(file) == check(signed) == check(file, "--keys", keys) == expected


def test_one_altered_digit_anywhere_is_found(finished, tmp_path):
    file = tmp_path / "certificate.json"
    genuine = as_file(finished.certificate.document).decode()
    number = next(each["rows"] for each in content(finished)["tables"] if each["rows"])
    readable = genuine.replace(f'"rows": {number},', f'"rows": {number + 1},', 1)
    _head, body, _signature = finished.certificate.document.split(".")
    place = len(body) // 2
    signed_part = genuine.replace(body, body[:place] + ("A" if body[place] != "A" else "B") + body[place + 1 :])
    for altered, reason in ((readable, "readable part was altered"), (signed_part, "signature")):
        assert altered != genuine
        file.write_text(altered)
        with pytest.raises(CommandError, match=reason):
            check(file)
    file.write_text(genuine)
    assert check(file) == content(finished)


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", "3", '{"certificate": {}, "jws": 3}', "a letter"])
def test_a_file_that_is_no_certificate_is_refused_with_a_reason(alpha, tmp_path, text):
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(CommandError, match="file is no certificate: it "):
        check(file)


def test_the_command_works_in_a_process_without_database_and_exits_with_1(finished, tmp_path):
    file, keys = tmp_path / "certificate.json", tmp_path / "jwks.json"
    genuine = as_file(finished.certificate.document).decode()
    keys.write_text(json.dumps(public_keys()))
    results = []
    for text in (genuine, genuine.replace(finished.plan_hash, "0" * 64, 1)):
        file.write_text(text)
        results.append(verified_elsewhere(file, "--keys", keys))
    assert [result.returncode for result in results] == [0, 1]
    assert "The certificate is genuine." in results[0].stderr
    assert "was altered" in results[1].stderr


def test_a_certificate_outlives_key_register_and_code(finished, settings):
    before = content(finished)
    settings.SIGNING_SEED, settings.RETIRED_SIGNING_SEEDS = b"n" * 32, [settings.SIGNING_SEED]
    OrganisationProfile.objects.update(legal_name="Another Name Ltd")
    finished.source.datasets.all().delete()
    assert content(finished) == before
    settings.RETIRED_SIGNING_SEEDS = []
    with pytest.raises(CertificateInvalid):
        content(finished)


def attached_to(pdf: bytes) -> dict[str, bytes]:
    """The files that a PDF carries, by name, as a reader finds them: by its objects, from the name to the bytes."""
    objects = dict(re.findall(rb"^(\d+) 0 obj\n(.*?)\nendobj$", pdf, flags=re.DOTALL | re.MULTILINE))
    found = {}
    for each in objects.values():
        if b"/Type /Filespec" in each:
            (number,), (name,) = re.findall(rb"/EF <</F (\d+) 0 R>>", each), re.findall(rb"/UF \((.*?)\)", each)
            head, stream = objects[number].split(b"stream\n", 1)
            (length,) = re.findall(rb"/Length (\d+)", head)
            content = stream[: int(length)]
            assert b"/Type /EmbeddedFile" in head
            found[name.decode()] = zlib.decompress(content) if b"/FlateDecode" in head else content
    return found


def keys_of(visitor) -> str:
    """What anybody can fetch from the organisation's own host."""
    return visitor.get("/.well-known/jwks.json").content.decode()


def test_the_pdf_carries_the_signed_file_byte_by_byte(finished):
    document = finished.certificate.document
    made = as_pdf(document)
    assert made[:5] == b"%PDF-"
    assert b"/AFRelationship /Source" in made
    assert attached_to(made) == {f"certificate-{finished.certificate.pk}.json": as_file(document)}


def test_what_is_attached_to_the_pdf_is_checked_without_a_database_and_with_one_byte_changed_refused(
    finished, visitor, tmp_path
):
    ((name, attached),) = attached_to(as_pdf(finished.certificate.document)).items()
    file, keys = tmp_path / name, tmp_path / "jwks.json"
    keys.write_text(keys_of(visitor))
    place = attached.index(b'"jws": "') + 200
    changed = attached[:place] + bytes([attached[place] ^ 1]) + attached[place + 1 :]
    results = []
    for content in (attached, changed):
        file.write_bytes(content)
        results.append(verified_elsewhere(file, "--keys", keys))
    assert [result.returncode for result in results] == [0, 1]
    assert json.loads(results[0].stdout) == json.loads(attached)["certificate"]
    assert "The certificate is genuine." in results[0].stderr
    assert "is not genuine: " in results[1].stderr


def test_any_other_tool_can_check_the_signature_of_what_is_attached(finished, visitor):
    """Ed25519 over the two first parts of the JSON Web Signature, by the key that its head names; nothing of ours."""
    ((_name, attached),) = attached_to(as_pdf(finished.certificate.document)).items()
    head, body, signature = json.loads(attached)["jws"].split(".")
    named = json.loads(decoded(head))
    (key,) = [each for each in json.loads(keys_of(visitor))["keys"] if each["kid"] == named["kid"]]
    assert (named["alg"], key["crv"]) == ("Ed25519", "Ed25519")
    public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
    public.verify(decoded(signature), f"{head}.{body}".encode())
    assert json.loads(decoded(body)) == json.loads(attached)["certificate"]
    with pytest.raises(InvalidSignature):
        public.verify(decoded(signature), f"{head}.{body[:-1]}".encode())


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_given_the_pdf_the_command_says_where_the_json_is(tmp_path):
    pdf = tmp_path / "certificate.pdf"
    pdf.write_bytes(b"%PDF-1.7\n\xe2\xe3\xcf\xd3")
    with pytest.raises(CommandError, match="give the JSON file of the certificate; it is also attached to the PDF"):
        check(pdf)
