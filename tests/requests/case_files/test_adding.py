"""Files of cases: taken, encrypted, limited."""

import io

import pytest
from PIL import Image

from privacy.ledger.models import LedgerEntry
from privacy.offboarding.files import all_files
from privacy.officers.models import Role
from privacy.subjects.crypto import CannotDecrypt
from requests.case_files import adding
from requests.case_files.errors import FileNotTaken
from requests.case_files.storage import folder, path_of, read_content
from requests.errors import NotAllowed
from requests.models import CaseFile, CaseFileRole
from requests.services import assign
from tests.documents import photo
from tests.requests.case_files.conftest import PDF, added, upload
from tests.requests.conftest import confirmed


def test_a_file_is_kept_encrypted_with_its_hash_and_who_added_it(case, officer):
    file = added(case, officer, name="Kofi's letter.pdf", comment="By post")
    file.refresh_from_db()
    assert (file.kind, file.name, file.comment, file.officer) == ("pdf", "Kofi's letter.pdf", "By post", officer)
    assert b"".join(read_content(file)) == PDF
    assert [path.name for path in folder().iterdir()] == [f"{file.pk}.sealed"]
    assert PDF[:8] not in path_of(file).read_bytes()
    entry = LedgerEntry.objects.get(action="subject_request.file_added")
    assert (entry.object_id, entry.data["digest"]) == (str(case.pk), file.digest)
    assert "Kofi" not in str(entry.data)


def test_a_file_in_anothers_place_does_not_open(case, officer):
    first, second = added(case, officer), added(case, officer)
    path_of(first).replace(path_of(second))
    with pytest.raises(CannotDecrypt):
        b"".join(read_content(second))


def test_a_photo_is_kept_without_the_place_where_it_was_taken(case, officer):
    file = added(case, officer, name="id.jpg", content=photo(), role=CaseFileRole.IDENTITY_DOCUMENT)
    content = b"".join(read_content(file))
    assert b"Ama Mensah" in photo()
    assert b"Ama Mensah" not in content
    assert dict(Image.open(io.BytesIO(content)).getexif()) == {}


@pytest.mark.parametrize(
    ("name", "content", "role"),
    [
        ("a.exe", b"MZ", CaseFileRole.EVIDENCE),
        ("a.pdf", b"MZ", CaseFileRole.EVIDENCE),
        ("a.jpg", b"\xff\xd8\xff broken", CaseFileRole.EVIDENCE),
        ("a.txt", b"I am Ama", CaseFileRole.IDENTITY_DOCUMENT),
        ("a.pdf", PDF, CaseFileRole.REDACTED),
    ],
)
def test_what_is_not_taken_leaves_nothing_behind(case, officer, name, content, role):
    with pytest.raises(FileNotTaken):
        added(case, officer, name=name, content=content, role=role)
    assert (CaseFile.objects.count(), list(folder().iterdir())) == (0, [])
    assert added(case, officer).digest


def test_only_who_may_handle_the_case_adds_files(case, officer, make_officer):
    handler, auditor = make_officer(Role.CASE_HANDLER), make_officer(Role.AUDITOR)
    for other in (handler, auditor):
        with pytest.raises(NotAllowed):
            added(case, other)
    assign(case=case, officer=officer, assignee=handler)
    assert added(case, handler).officer == handler


def test_a_case_takes_a_limited_number_of_files(case, officer, monkeypatch):
    monkeypatch.setattr(adding, "MOST_FILES", 2)
    added(case, officer)
    added(case, officer)
    with pytest.raises(FileNotTaken, match="as many files"):
        added(case, officer)
    assert added(confirmed(email="kofi@example.com"), officer).digest


def test_a_closed_case_takes_letters_and_no_identity_documents(case, officer):
    from django.utils import timezone

    type(case).objects.filter(pk=case.pk).update(state="withdrawn", closed_at=timezone.now())
    case.refresh_from_db()
    assert added(case, officer, role=CaseFileRole.INCOMING).digest
    with pytest.raises(FileNotTaken, match="closed"):
        added(case, officer, role=CaseFileRole.IDENTITY_DOCUMENT)


def test_a_write_that_fails_leaves_no_row_and_no_file(case, officer, monkeypatch):
    def fail(*_args, **_more):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(adding, "write_content", fail)
        with pytest.raises(OSError, match="disk full"):
            added(case, officer)
    assert (CaseFile.objects.count(), list(folder().iterdir())) == (0, [])


def test_files_of_cases_are_in_the_complete_export(case, officer):
    file = added(case, officer)
    exported = {each.name: b"".join(each.content) for each in all_files() if each.name.startswith("cases/")}
    assert exported == {f"cases/{case.reference}/evidence-{file.pk}.pdf": PDF}


def test_the_name_of_an_upload_leads_nowhere(case, officer):
    file = added(case, officer)
    sent = upload()
    sent._name = "../../secret.pdf"
    other = adding.add_file(case=case, officer=officer, role=CaseFileRole.EVIDENCE, upload=sent)
    assert (other.name, sorted(path.name for path in folder().iterdir())) == (
        "secret.pdf", sorted(f"{each.pk}.sealed" for each in (file, other)),
    )  # fmt: skip
