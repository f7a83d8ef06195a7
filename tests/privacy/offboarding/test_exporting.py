"""The complete export: nothing is missing, it is readable elsewhere, and it can be checked there."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.ledger.models import LedgerEntry
from privacy.offboarding.cancelling import undo_cancellation
from privacy.offboarding.errors import ExportGone, ExportUnderWay, NotAllowed, NotCancelled
from privacy.offboarding.exporting import ask_for_export, build_export, take_export
from privacy.offboarding.models import ExportState, OrganisationExport
from privacy.offboarding.storage import path_of
from privacy.offboarding.tables import LEFT_OUT, LEFT_OUT_WORDS
from privacy.officers.models import Officer, Role
from privacy.subjects.files import EncryptedWriter
from privacy.tenants.context import public_context
from privacy.tenants.files import remove_files
from privacy.tenants.schema_version import organisation_app_labels
from requests.fulfilment.storage import context_of, file_name_for
from requests.fulfilment.storage import folder as packages
from requests.models import AccessPackage
from tests.closing import make_operator
from tests.officer.everything import one_of_everything
from tests.privacy.offboarding.closing import close_now
from tests.seals import sealed_verdict

PACKAGE = b"everything about Ama Mensah" * 10_000


def add_package(case) -> AccessPackage:
    with (
        (packages() / file_name_for(case.pk)).open("wb") as target,
        EncryptedWriter(target, context=context_of(case.pk)) as writer,
    ):
        writer.write(PACKAGE)
    return AccessPackage.objects.create(
        case=case, file_name=file_name_for(case.pk), size=len(PACKAGE), rows=1, digest="0" * 64,
        expires_at=timezone.now() + timedelta(days=1), downloads_left=3,
    )  # fmt: skip


def exported(officer: Officer) -> bytes:
    """Ask for an export, have its job make it, and take it: the ZIP file."""
    export = ask_for_export(officer=officer)
    run_job(job_id=Job.objects.get(kind="offboarding.export", slot=str(export.pk)).pk)
    export.refresh_from_db()
    whole = b"".join(take_export(export=export, officer=officer).chunks)
    assert (len(whole), hashlib.sha256(whole).hexdigest()) == (export.size, export.digest)
    return whole


@pytest.fixture
def closed(committed):
    """An organisation with a row of everything and a package, cancelled, really committed."""
    made = one_of_everything("closing")
    case = next(row for model, row in made.items() if model.__name__ == "SubjectRequest")
    OrganisationExport.objects.all().delete()
    add_package(case)
    operator = make_operator()
    close_now(committed, operator)
    yield committed
    remove_files(committed.schema_name)

    with public_context():
        operator.delete()


def rows_in(archive: zipfile.ZipFile, table: str) -> list[dict]:
    return [json.loads(line) for line in archive.read(f"tables/{table}.jsonl").splitlines()]


def test_no_table_and_no_row_is_missing(closed):
    archive = zipfile.ZipFile(io.BytesIO(exported(Officer.objects.first())))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = {name for (name,) in cursor.fetchall()}
    models = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in organisation_app_labels()
    }
    assert models.keys() - tables == set()
    assert {name for name in archive.namelist() if name.startswith("tables/")} == {f"tables/{n}.jsonl" for n in tables}
    manifest = json.loads(archive.read("manifest.json"))
    grows = {"ledger_ledgerentry", "ledger_seal"}  # made and taken are acts of their own
    filled = 0
    for table in tables - grows:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            there = cursor.fetchone()[0]
        found = rows_in(archive, table)
        assert (len(found), manifest["tables"][table]) == (there, there), table
        filled += bool(found)
        if model := models.get(table):
            assert all(set(row) == {field.attname for field in model._meta.concrete_fields} for row in found)
    assert filled > 20
    entries = {row["id"] for row in rows_in(archive, "ledger_ledgerentry")}
    later = LedgerEntry.objects.exclude(pk__in=entries).values_list("action", flat=True)
    assert set(later) == {"organisation_export.made", "organisation_export.downloaded"}


def test_personal_data_and_files_are_readable_and_what_opens_doors_is_not(closed):
    whole = exported(Officer.objects.first())
    archive = zipfile.ZipFile(io.BytesIO(whole))
    assert [row["value"] for row in rows_in(archive, "subjects_identifier")] == ["closing@example.com"]
    assert rows_in(archive, "requests_subjectrequest")[0]["details"] == "Please delete everything."
    (package,) = [name for name in archive.namelist() if name.startswith("files/")]
    assert archive.read(package) == PACKAGE
    for table, names in LEFT_OUT.items():
        for row in rows_in(archive, table):
            assert {row[name] for name in names} <= {LEFT_OUT_WORDS, None}
    officer = rows_in(archive, "officers_officer")[0]
    assert (officer["password"], officer["email"]) == (LEFT_OUT_WORDS, Officer.objects.order_by("pk").first().email)
    text = b"".join(archive.read(name) for name in archive.namelist() if not name.startswith("files/"))
    assert b"secret-word" not in text
    assert b"argon2" not in text
    assert b"Ama Mensah" in text


def test_every_file_has_the_digest_that_the_manifest_names(closed):
    archive = zipfile.ZipFile(io.BytesIO(exported(Officer.objects.first())))
    files = json.loads(archive.read("manifest.json"))["files"]
    assert set(archive.namelist()) == {*files, "manifest.json"}
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in files} == {
        name: told["sha256"] for name, told in files.items()
    }
    assert archive.testzip() is None


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of the export as its reader would: a bare Python, no project, no environment."""
    return subprocess.run(
        [sys.executable, "-I", folder / "verify_export.py", folder],
        capture_output=True, text=True, timeout=60, check=False, env={},
    )  # fmt: skip


def test_the_ledger_is_verified_elsewhere_and_one_altered_digit_is_found(closed, tmp_path):
    assert sealed_verdict().unsealed == 0
    zipfile.ZipFile(io.BytesIO(exported(Officer.objects.first()))).extractall(tmp_path)
    genuine = check(tmp_path)
    assert (genuine.returncode, genuine.stderr) == (0, "")
    assert "0 problems" in genuine.stdout
    rows = tmp_path / "tables" / "ledger_ledgerentry.jsonl"
    text = rows.read_text()
    assert len(text.splitlines()) > 3
    rows.write_text(text.replace('"organisation.cancelled"', '"organisation.cancelleD"', 1))
    altered = check(tmp_path)
    assert altered.returncode == 1
    assert "tables/ledger_ledgerentry.jsonl was altered" in altered.stderr
    assert "ledger.ledgerentry: row" in altered.stderr
    rows.write_text("".join(text.splitlines(keepends=True)[1:]))
    assert "rows under seal" in check(tmp_path).stderr


def test_on_disk_it_is_encrypted_and_bound_to_its_organisation(closed):
    whole = exported(Officer.objects.first())
    stored = path_of(OrganisationExport.objects.get().pk)
    assert stored.stat().st_mode & 0o077 == 0
    assert whole[:4] == b"PK\x03\x04"
    assert b"PK\x03\x04" not in stored.read_bytes()
    assert [path.suffix for path in stored.parent.iterdir()] == [".sealed"]


def test_memory_stays_flat_however_many_rows_there_are(closed):
    import tracemalloc

    def peak() -> int:
        export = ask_for_export(officer=Officer.objects.first())
        tracemalloc.start()
        build_export(export_id=str(export.pk), keep_alive=lambda: None)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    small = peak()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO auth_group (name) SELECT repeat('x', 60) || i FROM generate_series(1, 60000) i")
    assert peak() < small + 3_000_000


def test_only_officers_with_the_permission_make_and_take_it(alpha, cancelled, make_officer, sign_in):
    for role in (Role.AUDITOR, Role.CASE_HANDLER):
        with pytest.raises(NotAllowed):
            ask_for_export(officer=make_officer(role))
    officer = make_officer()
    export = ask_for_export(officer=officer)
    with pytest.raises(ExportUnderWay):
        ask_for_export(officer=officer)
    with pytest.raises(ExportGone):
        take_export(export=export, officer=officer)
    with pytest.raises(NotAllowed):
        take_export(export=export, officer=make_officer(Role.AUDITOR))


def test_an_active_organisation_has_no_export(alpha, officer):
    with pytest.raises(NotCancelled):
        ask_for_export(officer=officer)
    assert not OrganisationExport.objects.exists()


def test_undoing_the_cancellation_removes_exports(alpha, cancelled, operator, officer):
    export = ask_for_export(officer=officer)
    build_export(export_id=str(export.pk), keep_alive=lambda: None)
    stored = path_of(export.pk)
    assert stored.exists()
    undo_cancellation(organisation=cancelled, operator=operator)
    assert not stored.exists()
    assert not OrganisationExport.objects.exists()


def test_a_value_that_cannot_be_decrypted_fails_the_export_and_leaves_no_file(alpha, cancelled, officer):
    from privacy.subjects.crypto import CannotDecrypt
    from privacy.subjects.services import find_or_add_subject

    find_or_add_subject(kind="email", value="ama@example.com")
    export = ask_for_export(officer=officer)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE subjects_identifier SET value = '\\x00'::bytea")
    job = Job.objects.get(kind="offboarding.export")
    with pytest.raises(CannotDecrypt):
        run_job(job_id=job.pk)
    export.refresh_from_db()
    assert (export.state, Job.objects.get(pk=job.pk).state) == (ExportState.FAILED, JobState.FAILED)
    assert list(path_of(export.pk).parent.glob(f"{export.pk}*")) == []
    assert ask_for_export(officer=officer).state == ExportState.QUEUED


def test_an_officer_makes_and_downloads_it_on_the_page(alpha, cancelled, officer, sign_in):
    client, page = sign_in(officer), "/officer/offboarding/organisationexport/"
    assert "Make a complete export" in client.get(page).content.decode()
    assert client.post(f"{page}make/").status_code == 302
    export = OrganisationExport.objects.get()
    build_export(export_id=str(export.pk), keep_alive=lambda: None)
    assert "Download" in client.get(page).content.decode()
    response = client.post(f"{page}{export.pk}/download/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert "README.txt" in archive.namelist()
    assert LedgerEntry.objects.filter(action="organisation_export.downloaded").count() == 1


def test_another_officer_role_sees_the_page_without_the_buttons(alpha, cancelled, make_officer, sign_in):
    page = "/officer/offboarding/organisationexport/"
    content = sign_in(make_officer(Role.AUDITOR)).get(page).content.decode()
    assert "The last day is" in content
    assert "Make a complete export" not in content
    assert sign_in(make_officer(Role.CASE_HANDLER)).get(page).status_code == 403
