"""An access request from the form to the downloaded package, from a real CRM."""

import csv
import io
import json
import re
import zipfile
from hashlib import sha256

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.ledger.models import LedgerEntry
from privacy.subjects.crypto import CannotDecrypt
from privacy.subjects.links import redeem
from privacy.subjects.models import LinkPurpose
from requests import services
from requests.errors import PackageGone
from requests.fulfilment.access_package import open_package
from requests.fulfilment.downloads import take_download
from requests.fulfilment.storage import folder, path_of
from requests.models import SubjectRequest
from tests.requests.conftest import letter_kinds, letter_of, planned_case, run_jobs, token_in
from tests.requests.disclosing import disclosed
from tests.sources import change, content, rows


@pytest.fixture
def made(offixpro, officer) -> SubjectRequest:
    """Ama's access request with its package made."""
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    return case


def downloaded(case: SubjectRequest) -> zipfile.ZipFile:
    download = take_download(case=case, subject=case.subject)
    data = b"".join(download.chunks)
    assert len(data) == download.size
    return zipfile.ZipFile(io.BytesIO(data))


def table(archive: zipfile.ZipFile, ending: str) -> str:
    """The name of a data file without its number."""
    (name,) = [name for name in archive.namelist() if name.endswith(ending)]
    return name


def test_from_the_form_to_the_downloaded_package(made, crm):
    before = content(crm, "crm")
    assert (made.state, made.problem, letter_kinds(made)) == (
        "completed", "", ["confirm", "acknowledged", "package_ready"],
    )  # fmt: skip
    link = redeem(token=token_in(letter_of(made, "package_ready")), purpose=LinkPurpose.DOWNLOAD)
    assert (link.subject_id, link.target_id) == (made.subject_id, made.pk)
    with downloaded(made) as archive:
        assert archive.testzip() is None
        found = {line["table"]: line for line in made.plan["summary"]}
        logins = found["crm.login_event"]["dataset"].lower().replace(" ", "-")
        as_json = json.loads(archive.read(table(archive, f"{logins}.json")))
        as_csv = list(csv.reader(io.StringIO(archive.read(table(archive, f"{logins}.csv")).decode("utf-8-sig"))))
        assert len(as_json["rows"]) == len(as_csv) - 1 == AMA_MENSAH.logins
        assert as_csv[0] == [column["label"] for column in as_json["columns"]]
    assert content(crm, "crm") == before


def test_the_package_holds_everything_of_hers_and_nothing_of_others(made, crm):
    with downloaded(made) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
        in_package = sum(
            len(json.loads(archive.read(name))["rows"])
            for name in archive.namelist()
            if name.endswith(".json") and json.loads(archive.read(name))["source"] == "OffixPro CRM"
        )
    assert in_package == made.package.rows == sum(line["rows"] for line in made.plan["summary"])
    assert AMA_MENSAH.email in everything
    others = rows(
        crm, "SELECT email FROM crm.customer WHERE email <> %s AND operated_by = 'offixpro'", AMA_MENSAH.email
    )
    assert len(others) > 3
    assert [email for (email,) in others if email and email in everything] == []
    assert KOFI_BOATENG.email not in everything


def test_the_readable_page_says_who_we_are_why_we_hold_it_and_what_the_rights_are(made):
    with downloaded(made) as archive:
        page = archive.read("index.html").decode()
        shown = [section for section in made.plan["summary"] if section["dataset"] not in page]
        assert shown == []
    for words in (AMA_MENSAH.email, "Lawful basis: contract", "Data Protection Commission of Ghana", made.reference):
        assert words in page
    assert "(a link, which only the letter itself has)" in page  # our letters, without the secrets they carried
    assert "[[link]]" not in page
    for secret in (letter_of(made, kind).secret for kind in ("confirm", "acknowledged", "package_ready")):
        assert secret.rsplit("/", 2)[1] not in page


def test_keys_of_rows_are_in_the_files_and_not_on_the_page(made):
    with downloaded(made) as archive:
        page = archive.read("index.html").decode()
        columns = archive.read(table(archive, "customers.csv")).decode("utf-8-sig").splitlines()[0]
    headings = re.findall(r'<th scope="col">([^<]*)</th>', page)
    assert ("Customer key" in columns, "Operator of the row" in columns) == (True, True)
    assert [heading for heading in headings if heading.endswith((" key", " of the row"))] == []
    assert "E-mail" in headings


def test_what_people_write_cannot_run_in_the_readable_page(offixpro, officer):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email, details="<script>alert(1)</script>")
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    with downloaded(case) as archive:
        page = archive.read("index.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_credentials_are_left_out(offixpro, crm, officer):
    hers = "WHERE customer_id IN (SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro')"
    assert change(crm, f"UPDATE crm.crm_user SET password_hash = 'argon2id-of-hers' {hers}", AMA_MENSAH.email) == 1
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    with downloaded(case) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "argon2id-of-hers" not in everything
    assert everything.count("(left out: it protects your account)") == 3  # CSV, JSON and the readable page


def test_the_file_at_rest_shows_nothing_and_belongs_to_its_case(made):
    stored = path_of(made.package).read_bytes()
    assert AMA_MENSAH.email.encode() not in stored
    assert b"PK\x03\x04" not in stored[:200]
    assert [path.name for path in folder().glob(f"{made.pk}*")] == [f"{made.pk}.sealed"]
    clear = b"".join(open_package(made.package))
    assert sha256(clear).hexdigest() == made.package.digest
    made.package.case_id = made.subject_id
    with pytest.raises(CannotDecrypt):
        list(open_package(made.package))


def test_downloads_are_counted_written_down_and_end(made):
    made.package.downloads_left = 2
    made.package.save()
    for left in (1, 0):
        take_download(case=made, subject=made.subject)
        made.package.refresh_from_db()
        assert made.package.downloads_left == left
    with pytest.raises(PackageGone):
        take_download(case=made, subject=made.subject)
    assert LedgerEntry.objects.filter(action="access_package.downloaded", object_id=str(made.pk)).count() == 2


def test_nobody_else_can_download_it(made, officer):
    stranger = services.submit_request(kind="access", email="kofi@example.com", name="Kofi", details="").subject
    with pytest.raises(PackageGone):
        take_download(case=made, subject=stranger)
    made.package.refresh_from_db()
    assert made.package.downloads_left == 20


def test_a_package_is_deleted_when_its_time_is_over_and_not_before(made):
    run_jobs("requests.expire_packages")
    made.package.refresh_from_db()
    assert (made.package.deleted_at, path_of(made.package).exists()) == (None, True)
    made.package.expires_at = timezone.now()
    made.package.save()
    with pytest.raises(PackageGone):
        take_download(case=made, subject=made.subject)
    from requests.fulfilment.deleting import expire_package

    for _again in range(2):
        expire_package(package_id=str(made.package.pk))
    made.package.refresh_from_db()
    assert made.package.deleted_at is not None
    assert path_of(made.package).exists() is False
    assert redeem(token=token_in(letter_of(made, "package_ready")), purpose=LinkPurpose.DOWNLOAD) is None


def test_a_package_asked_for_twice_is_made_once(offixpro, officer):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.rebuild_package(case=case, officer=officer)
    assert run_jobs("requests.build_package") == 2
    case.refresh_from_db()
    assert (case.state, letter_kinds(case).count("package_ready")) == ("completed", 1)
    assert LedgerEntry.objects.filter(action="subject_request.package_made").count() == 1


def test_an_unreachable_source_leaves_no_half_package(offixpro, officer):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    address = offixpro.address
    offixpro.address = address.replace("/src_", "/gone_src_")
    offixpro.save(update_fields=["address"])
    run_jobs("requests.build_package")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("executing", "source_unreachable")
    assert list(folder().glob(f"{case.pk}*")) == []
    offixpro.address = address
    offixpro.save(update_fields=["address"])
    run_jobs("requests.build_package")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("completed", "")


def test_an_officer_can_have_a_failed_package_made_again_from_the_case_page(offixpro, officer, officer_client):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    SubjectRequest.objects.filter(pk=case.pk).update(problem="package_failed")
    page = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/", follow=True).content.decode()
    address = f"/officer/requests/subjectrequest/{case.pk}/rebuild-package/"
    assert address in page
    assert officer_client.post(address).status_code == 302
    run_jobs("requests.build_package")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("completed", "")


def test_who_asked_in_french_reads_french_headings_and_programs_find_the_same_names(offixpro, officer):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    SubjectRequest.objects.filter(pk=case.pk).update(language="fr")
    case.refresh_from_db()
    disclosed(case.subject)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    with downloaded(case) as archive:
        page = archive.read("index.html").decode()
        headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
        ours = {name: content for name in archive.namelist() if (content := _of_the_portal(archive, name))}
    assert headings == [
        "Vos données", "À quoi nous utilisons vos données", "À qui nous les avons communiquées",
        "Qui peut les recevoir", "Qui nous sommes et quels sont vos droits",
    ]  # fmt: skip
    assert "Types de données\u00a0: " in page
    heads = [content.splitlines()[0].lstrip("\ufeff") for name, content in ours.items() if name.endswith(".csv")]
    assert heads == [
        "type,valeur",
        "référence,type,reçu le,étape,votre nom,ce que vous avez écrit",
        "écrit le,objet,texte",
        "jour,à qui,ce qu’ils font pour nous,pays,garantie,types de données,à quelle fin,sur quel fondement,comment,"
        "leur politique de confidentialité",
    ]
    names = [list(json.loads(content)["rows"][0]) for name, content in ours.items() if name.endswith(".json")]
    assert names[0] == ["kind", "value"]
    assert names[2] == ["written", "subject line", "text"]
    assert "data/09-comment-nous-vous-connaissons.csv" in ours


def _of_the_portal(archive: zipfile.ZipFile, name: str) -> str:
    """A data file of the portal's own tables, which come last; else nothing."""
    is_ours = name.startswith("data/") and int(name[5:7]) > 8
    return archive.read(name).decode() if is_ours else ""
