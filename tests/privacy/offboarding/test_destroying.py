"""The end: nothing of the organisation is left but a certificate, and no other organisation is touched."""

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from privacy.jobs.models import Job, JobState, Schedule
from privacy.jobs.runner import run_job
from privacy.jobs.services import requeue
from privacy.ledger.models import Seal
from privacy.ledger.signing import read_signed, sign
from privacy.offboarding import destroying
from privacy.offboarding.cancelling import mark_of, undo_cancellation
from privacy.offboarding.destroying import CERTIFICATE_KIND, destroy_when_due
from privacy.offboarding.errors import AlreadyCancelled, CannotUndo
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.files import folder_for
from privacy.tenants.models import DestructionCertificate, Domain, Operator, Organisation
from privacy.tenants.names import role_name_for
from privacy.tenants.provisioning import destroy_organisation
from retention.certificate.document import KIND, as_file
from tests.closing import make_operator
from tests.conftest import make_organisation
from tests.officer.everything import one_of_everything
from tests.privacy.offboarding.closing import close_now
from tests.seals import sealed_verdict

LONG_AGO = timedelta(days=40)


class Killed(BaseException):
    """Stands for a worker that dies: nothing catches it."""


@pytest.fixture
def ending(django_db_setup, django_db_blocker) -> Iterator[tuple[Organisation, Operator]]:
    """An organisation with a row of everything and two files, cancelled 40 days ago; the test runs outside of it."""
    with django_db_blocker.unblock():
        organisation, operator = make_organisation(f"end-{uuid.uuid4().hex[:8]}"), make_operator()
        with organisation_context(organisation):
            one_of_everything("ending")
            for name in ("one", "two"):
                (folder_for("access") / name).write_bytes(b"sealed")
            close_now(organisation, operator, timezone.now() - LONG_AGO)
        try:
            yield organisation, operator
        finally:
            if Organisation.objects.filter(pk=organisation.pk).exists():
                destroy_organisation(organisation=organisation)
            DestructionCertificate.objects.filter(schema_name=organisation.schema_name).delete()
            operator.delete()


def run(organisation: Organisation) -> None:
    """Have the job of the end run, wherever an earlier attempt stopped."""
    job = Job.objects.get(schema_name=organisation.schema_name, kind="offboarding.destroy")
    Job.objects.filter(pk=job.pk).update(state=JobState.PENDING, due_at=timezone.now(), lease_until=None)
    run_job(job_id=job.pk)


def everything_of(schema: str) -> dict[str, tuple]:
    """Every row of every table of a schema, with what the public tables hold for it."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM \"{schema}\".\"{table}\" t"
            )
            found[table] = cursor.fetchone()
    found["jobs"] = tuple(Job.objects.filter(schema_name=schema).order_by("pk").values_list())
    found["schedules"] = tuple(Schedule.objects.filter(schema_name=schema).order_by("pk").values_list())
    found["organisation"] = tuple(Organisation.objects.filter(schema_name=schema).values_list("state", "key_salt"))
    found["domains"] = tuple(Domain.objects.filter(tenant__schema_name=schema).values_list("domain"))
    return found


def assert_gone(organisation: Organisation) -> DestructionCertificate:
    schema = organisation.schema_name
    database = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [schema])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role_name_for(database, schema)])
        assert cursor.fetchone() == (0,)
    assert not Job.objects.filter(schema_name=schema).exists()
    assert not Schedule.objects.filter(schema_name=schema).exists()
    assert not Domain.objects.filter(domain=f"{organisation.slug}.localhost").exists()
    assert not Organisation.objects.filter(pk=organisation.pk).exists()
    assert list(Path(default_storage.path("")).glob(f"*/{schema}")) == []
    return DestructionCertificate.objects.get(schema_name=schema)


def test_nothing_is_left_but_the_certificate_and_others_are_byte_equal(transactional_beta, ending):
    organisation, _operator = ending
    before = everything_of("beta")
    with organisation_context(organisation):
        sealed_verdict()
        seals = Seal.objects.count()
    schedules = Schedule.objects.filter(schema_name=organisation.schema_name).count()
    assert min(seals, schedules) > 0
    run(organisation)
    certificate = assert_gone(organisation)
    assert everything_of("beta") == before
    content = read_signed(certificate.signed, kind=CERTIFICATE_KIND)
    assert content == certificate.content
    assert content["tables"]["officers_officer"] == 1
    assert content["tables"]["requests_subjectrequest"] == 1
    assert content["tables"]["ledger_seal"] >= seals
    assert content["files"] == {"count": 2, "bytes": 12}
    assert content["public_rows"]["jobs_schedule"] == schedules
    assert set(content["last_seals"]) >= {"ledger.ledgerentry"}
    assert "@" not in json.dumps(content)
    assert "Ama" not in json.dumps(content)


@pytest.fixture
def transactional_beta(_organisations) -> Organisation:
    return _organisations["beta"]


def _killing(original):
    def killed(*args, **kwargs):
        if original is not None:
            original(*args, **kwargs)
        raise Killed

    return killed


SEAMS = {
    "before anything": ("_begin", False),
    "after the point of no return": ("remove_files", False),
    "after the files": ("remove_files", True),
    "before the schema goes": ("destroy_organisation", False),
    "after the schema went, before the signature": ("destroy_organisation", True),
    "while it is signed": ("sign", False),
}


@pytest.mark.parametrize("seam", SEAMS)
def test_killed_at_any_seam_it_is_finished_by_the_next_run(ending, monkeypatch, seam):
    organisation, _operator = ending
    name, after = SEAMS[seam]
    with monkeypatch.context() as patched:
        patched.setattr(destroying, name, _killing(getattr(destroying, name) if after else None))
        with pytest.raises(Killed):
            run(organisation)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [organisation.schema_name])
        assert cursor.fetchone() == (1,)
    run(organisation)
    certificate = assert_gone(organisation)
    content = read_signed(certificate.signed, kind=CERTIFICATE_KIND)
    assert content["files"] == {"count": 2, "bytes": 12}
    assert content["tables"]["officers_officer"] == 1


def test_after_the_point_of_no_return_nothing_is_readable_and_nothing_can_be_undone(ending, monkeypatch):
    organisation, operator = ending
    with organisation_context(organisation):
        from privacy.subjects.models import Identifier

        assert Identifier.objects.get().value == "ending@example.com"
    with monkeypatch.context() as patched:
        patched.setattr(destroying, "remove_files", _killing(None))
        with pytest.raises(Killed):
            run(organisation)
    stored = Organisation.objects.get(pk=organisation.pk)
    assert (stored.state, stored.cancel_reason) == ("destroying", "")
    with pytest.raises(CannotUndo):
        undo_cancellation(organisation=stored, operator=operator, now=stored.cancelled_at)
    from privacy.subjects.crypto import CannotDecrypt

    with organisation_context(stored), pytest.raises(CannotDecrypt):
        Identifier.objects.get()


def test_before_the_last_day_is_over_nothing_is_destroyed(alpha, cancelled):
    end = cancelled.destroy_at
    assert destroy_when_due(mark=mark_of(cancelled), now=end - timedelta(seconds=1)) is None
    assert destroy_when_due(mark="another cancellation", now=end) is None
    with public_context():
        assert not DestructionCertificate.objects.exists()
        assert Organisation.objects.get(pk=alpha.pk).state == "cancelled"


def test_the_job_of_a_cancellation_that_was_undone_destroys_nothing(alpha, cancelled, operator):
    job = Job.objects.get(kind="offboarding.destroy")
    undo_cancellation(organisation=cancelled, operator=operator)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    run_job(job_id=job.pk)
    requeue(kind="offboarding.destroy", slot=job.slot)
    run_job(job_id=job.pk)
    with public_context():
        assert Organisation.objects.get(pk=alpha.pk).state == "active"
        assert not DestructionCertificate.objects.exists()


def test_a_second_cancellation_counts_from_its_own_day(alpha, operator, cancelled):
    first = mark_of(cancelled)
    undo_cancellation(organisation=cancelled, operator=operator)
    close_now(alpha, operator)
    assert mark_of(alpha) != first
    assert destroy_when_due(mark=first, now=alpha.destroy_at + timedelta(days=1)) is None
    assert Job.objects.filter(kind="offboarding.destroy").count() == 2


def test_the_slug_is_free_for_another_organisation_afterwards(ending):
    organisation, _operator = ending
    run(organisation)
    again = make_organisation(organisation.slug)
    try:
        assert again.pk != organisation.pk
        with organisation_context(again):
            assert list(folder_for("access").iterdir()) == []
    finally:
        destroy_organisation(organisation=again)
        for path in Path(default_storage.path("")).glob(f"*/{again.schema_name}"):
            path.rmdir()


def test_the_certificate_is_verified_offline_and_one_altered_letter_is_found(ending, tmp_path, capsys):
    organisation, _operator = ending
    run(organisation)
    certificate = DestructionCertificate.objects.get(schema_name=organisation.schema_name)
    document, keys = tmp_path / "destruction.jws", tmp_path / "jwks.json"
    document.write_text(certificate.signed + "\n")
    keys.write_bytes(Client(headers={"host": settings.PUBLIC_HOSTS[0]}).get("/.well-known/jwks.json").content)
    call_command("verify_destruction", str(document), "--keys", str(keys))
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == organisation.schema_name
    assert told["keys"] == f"{settings.PUBLIC_BASE_URL}/.well-known/jwks.json"
    head, payload, signature = certificate.signed.split(".")
    document.write_text(".".join((head, payload[:-1] + ("A" if payload[-1] != "A" else "B"), signature)))
    with pytest.raises(CommandError, match="is not genuine"):
        call_command("verify_destruction", str(document))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_destruction", str(tmp_path / "nothing"))


def test_a_certificate_of_a_run_that_was_taken_along_is_verified_by_the_keys_of_the_public_host(
    ending, tmp_path, capsys
):
    organisation, _operator = ending
    taken, keys = tmp_path / "certificate.json", tmp_path / "jwks.json"
    taken.write_bytes(as_file(sign({"rows": 3}, kind=KIND)))
    own = Client(headers={"host": Domain.objects.get(tenant=organisation).domain})
    assert own.get("/.well-known/jwks.json").status_code == 200
    run(organisation)
    assert own.get("/.well-known/jwks.json").status_code == 404
    answer = Client(headers={"host": settings.PUBLIC_HOSTS[0]}).get("/.well-known/jwks.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/jwk-set+json")
    keys.write_bytes(answer.content)
    call_command("verify_certificate", str(taken), "--keys", str(keys))
    assert json.loads(capsys.readouterr().out) == {"rows": 3}
    taken.write_bytes(taken.read_bytes().replace(b'"rows": 3', b'"rows": 4'))
    with pytest.raises(CommandError, match="not genuine"):
        call_command("verify_certificate", str(taken), "--keys", str(keys))


def test_what_an_operator_wrote_stays_in_the_form_when_cancelling_is_refused(alpha, operator_client, monkeypatch):
    def quicker(**_given):
        raise AlreadyCancelled

    monkeypatch.setattr("privacy.offboarding.operator_admin.cancel_organisation", quicker)
    given = {"reason": "contract ended", "slug": "alpha"}
    shown = operator_client.post(f"/platform/tenants/organisation/{alpha.pk}/cancel/", given).content.decode()
    assert ("The organisation is cancelled already." in shown, "contract ended" in shown) == (True, True)


def test_operators_cancel_undo_and_see_certificates(alpha, operator_client):
    page = "/platform/tenants/organisation/"
    given = {"reason": "contract ended", "slug": "beta"}
    refused = operator_client.post(f"{page}{alpha.pk}/cancel/", given)
    assert "This is not the short name" in refused.content.decode()
    with public_context():
        assert Organisation.objects.get(pk=alpha.pk).state == "active"
    done = operator_client.post(f"{page}{alpha.pk}/cancel/", given | {"slug": "alpha"}, follow=True)
    assert "contract ended" in done.content.decode()
    with public_context():
        assert Organisation.objects.get(pk=alpha.pk).state == "cancelled"
    again = operator_client.post(f"{page}{alpha.pk}/cancel/", {"reason": "asked by letter", "slug": "alpha"})
    assert "“Cancel the organisation” cannot be done as it stands now" in again.content.decode()
    assert "asked by letter" in again.content.decode()
    operator_client.post(f"{page}{alpha.pk}/undo/")
    again = operator_client.post(f"{page}{alpha.pk}/undo/", follow=True)
    assert "“Undo the cancellation” cannot be done as it stands now" in again.content.decode()
    with public_context():
        assert Organisation.objects.get(pk=alpha.pk).state == "active"
        facts = {"tables": {"a": 3}, "files": {"count": 1, "bytes": 2}, "last_seals": {}}
        certificate = DestructionCertificate.objects.create(
            schema_name="gone", name="Gone Ltd", content=facts, signed="a.b.c", began_at=timezone.now(),
            completed_at=timezone.now(),
        )  # fmt: skip
    listed = "/platform/tenants/destructioncertificate/"
    assert "Gone Ltd" in operator_client.get(listed).content.decode()
    assert "3 rows in 1 tables, 1 files" in operator_client.get(f"{listed}{certificate.pk}/change/").content.decode()
    assert operator_client.get(f"{listed}{certificate.pk}/signed/").content == b"a.b.c\n"
