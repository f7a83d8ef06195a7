"""Documents of a case in the access package: what was released is there with its hash, what is withheld never."""

import hashlib

import pytest
from django.urls import reverse

from privacy.documents.enums import ScanResult
from privacy.ledger.models import LedgerEntry
from requests import services
from requests.case_files.errors import FileNotReleased
from requests.case_files.releasing import keep_file_back, release_file
from requests.case_files.scanning import scan_file
from requests.case_files.storage import read_content
from requests.enums import Outcome
from requests.models import CaseFile, CaseFileRole, SubjectRequest
from requests.redaction.copying import ask_for_copy
from requests.redaction.marking import add_mark, draft_of
from tests.documents import SECRET, everything_in
from tests.requests.case_files.conftest import added, clamd, clean_folder, document
from tests.requests.conftest import planned_case, run_jobs
from tests.requests.redaction.test_copy import BOX
from tests.requests.test_manual_sources import archive, members

__all__ = ["archive", "clamd", "clean_folder"]

TEXT = b"Ama Mensah called twice."


@pytest.fixture
def access(offixpro, officer):
    return planned_case(officer, kind="access")


def redacted_copy(file: CaseFile, officer) -> CaseFile:
    draft = draft_of(file=file, officer=officer)
    add_mark(redaction=draft, officer=officer, page=1, box=BOX, reason="third_party")
    ask_for_copy(redaction=draft, officer=officer)
    run_jobs("requests.make_redacted_copy")
    draft.refresh_from_db()
    return draft.copy


def packed(case, officer) -> dict[str, bytes]:
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("completed", "")
    return members(case)


def documents_in(found: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in found.items() if name.startswith("documents/")}


def everything(found: dict[str, bytes]) -> bytes:
    unpacked = (everything_in(content) for name, content in found.items() if name.endswith(".pdf"))
    return b"".join([*found.values(), *unpacked])


def test_a_document_to_be_released_is_in_the_package_and_its_index_with_its_hash(access, officer):
    added(access, officer, role=CaseFileRole.ANSWER, name="Call notes.txt", content=TEXT)
    added(access, officer, role=CaseFileRole.EVIDENCE, name="inner.txt", content=b"for us only")
    found = packed(access, officer)
    assert documents_in(found) == {"documents/01-call-notes.txt": TEXT}
    index = found["index.html"].decode()
    assert '<a href="documents/01-call-notes.txt">documents/01-call-notes.txt</a>' in index
    assert hashlib.sha256(TEXT).hexdigest() in index
    assert b"for us only" not in everything(found)


def test_of_a_redacted_document_only_the_released_copy_goes_out(access, officer):
    original = document(access, officer)
    assert SECRET.encode() in everything_in(b"".join(read_content(original)))
    copy = redacted_copy(original, officer)
    with pytest.raises(FileNotReleased, match="Release the redacted copy"):
        release_file(file=original, officer=officer)
    release_file(file=copy, officer=officer)
    plain = added(access, officer, role=CaseFileRole.ANSWER, name="plain.txt", content=TEXT)
    found = packed(access, officer)
    assert sorted(documents_in(found).values(), key=len) == [
        TEXT, b"".join(read_content(copy)),
    ]  # fmt: skip
    assert b"".join(read_content(plain)) in everything(found)
    for trace in (SECRET.encode(), b"4711", b"BOATENG"):
        assert trace not in everything(found), trace
    assert original.digest not in found["index.html"].decode()
    assert copy.digest in found["index.html"].decode()


def test_a_copy_that_nobody_released_stays_here_and_so_does_its_original(access, officer):
    redacted_copy(document(access, officer), officer)
    assert documents_in(packed(access, officer)) == {}


def test_the_officer_who_decides_reads_which_documents_stay_out(access, officer, officer_client):
    def told() -> bool:
        page = officer_client.get(f"/officer/requests/subjectrequest/{access.pk}/decide/").content.decode()
        assert ("Not in the package" in page) == (original.name in page)
        return "Not in the package" in page

    original = document(access, officer)
    assert not told()
    copy = redacted_copy(original, officer)
    assert told()
    release_file(file=copy, officer=officer)
    assert not told()


def test_a_mark_withdraws_the_release_and_a_row_that_says_otherwise_is_not_believed(access, officer):
    original = document(access, officer)
    assert original.released_at is not None
    add_mark(redaction=draft_of(file=original, officer=officer), officer=officer, page=1, box=BOX, reason="third_party")
    original.refresh_from_db()
    assert original.released_at is None
    CaseFile.objects.filter(pk=original.pk).update(released_at=original.added_at)
    assert documents_in(packed(access, officer)) == {}


def test_what_is_kept_back_stays_out_and_the_ledger_says_who_decided(access, officer):
    file = added(access, officer, role=CaseFileRole.ANSWER, name="a.txt", content=TEXT)
    keep_file_back(file=file, officer=officer)
    release_file(file=file, officer=officer)
    keep_file_back(file=file, officer=officer)
    acts = LedgerEntry.objects.filter(action__in=["subject_request.file_released", "subject_request.file_kept_back"])
    assert [entry.action.rpartition("_")[2] for entry in acts.order_by("pk")] == ["back", "released", "back"]
    assert {entry.data["file"] for entry in acts} == {str(file.pk)}
    assert documents_in(packed(access, officer)) == {}


def test_only_answers_and_copies_are_released(access, officer):
    with pytest.raises(FileNotReleased, match="Only documents to be released"):
        release_file(file=added(access, officer, role=CaseFileRole.EVIDENCE), officer=officer)


@pytest.mark.parametrize(("outcome", "goes"), [(Outcome.ANSWERED, True), (Outcome.REFUSED, False), ("", False)])
def test_files_of_an_answered_question_go_into_a_later_package_and_those_of_a_refusal_do_not(
    access, officer, outcome, goes
):
    question = planned_case(officer, kind="access")
    added(question, officer, role=CaseFileRole.ANSWER, name="answer.txt", content=TEXT)
    SubjectRequest.objects.filter(pk=question.pk).update(outcome=outcome)
    assert list(documents_in(packed(access, officer)).values()) == ([TEXT] if goes else [])


def test_the_package_waits_until_the_scanner_has_seen_every_document(access, officer, clamd):
    file = added(access, officer, role=CaseFileRole.ANSWER, name="a.txt", content=TEXT)
    services.grant(case=access, officer=officer, plan_hash=access.plan_hash)
    run_jobs("requests.build_package")
    access.refresh_from_db()
    assert (access.state, file.scan) == ("executing", ScanResult.QUARANTINED)
    scan_file(file_id=str(file.pk))
    run_jobs("requests.build_package")
    access.refresh_from_db()
    assert access.state == "completed"
    assert list(documents_in(members(access)).values()) == [TEXT]


def test_the_page_of_files_offers_the_act_that_is_possible(access, officer, officer_client):
    file = added(access, officer, role=CaseFileRole.ANSWER, name="a.txt", content=TEXT)
    visitor = officer_client
    link = reverse("officer:case_files", args=[access.pk])
    page = visitor.get(link).content.decode()
    assert ("goes with the package" in page, "Keep back" in page) == (True, True)
    visitor.post(reverse("officer:case_file_keep_back", args=[file.pk]))
    page = visitor.get(link).content.decode()
    assert ("stays out of the package" in page, ">Release<" in page) == (True, True)
    visitor.post(reverse("officer:case_file_release", args=[file.pk]))
    file.refresh_from_db()
    assert file.released_at is not None
