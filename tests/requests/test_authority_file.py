"""The file for an authority: complete, the same each time, and every digest in it holds."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from privacy.datamap.models import Source
from privacy.errands.models import Errand, ErrandFile, ErrandWork, FileRole
from privacy.law.enums import Cause
from privacy.law.events import WaitBegan, WaitEnded
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.register.models import OrganisationProfile
from requests.authority_file import evidence
from requests.authority_file.making import make_file
from requests.authority_file.shape import For
from requests.enums import EscalationLevel, RequestState
from requests.errors import ComplaintRefused, ConflictOfInterest, NotAllowed
from requests.letters import write_recipient_notice
from requests.models import AccessPackage, Approval, CaseFile, CategoryDecision, SubjectRequest
from requests.services.answering import answer_case
from requests.services.clock_events import add_clock_event
from requests.services.complaints import add_note, record_measure
from requests.services.escalating import escalate
from requests.services.identity import confirm_identity
from requests.services.moves import locked
from tests.requests.in_words import GIVEN, begun, person

SECRET_GROUND, SECRET_REASONS = "CA-FED.government_objection", "The police asked us to wait."


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.fixture
def handler(make_officer):
    return make_officer()


@pytest.fixture
def complaint(officer, handler) -> SubjectRequest:
    """A complaint with all that there can be, about a case that was refused on a secret ground."""
    OrganisationProfile.objects.update(laws=["CA-FED", "CA-AB"], country="CA", promise_days=None, time_zone="UTC")
    about = begun("access")
    confirm_identity(case=about, officer=handler)
    day = about.received_on
    add_clock_event(case=locked(about), event=WaitBegan(day, Cause.FEE), actor=SYSTEM, reason="They pay first.")
    add_clock_event(case=locked(about), event=WaitEnded(day + timedelta(days=3), Cause.FEE), actor=SYSTEM)
    SubjectRequest.objects.filter(pk=about.pk).update(
        state=RequestState.REFUSED, closed_at=timezone.now(), decided_at=timezone.now(), decided_by=handler,
        outcome="refused", refusal_ground=SECRET_GROUND, refusal_text=SECRET_REASONS,
    )  # fmt: skip
    Approval.objects.create(case=about, plan_hash="a" * 64, officer=handler)
    AccessPackage.objects.create(
        case=about, file_name="x.sealed", size=12, rows=3, digest="b" * 64, expires_at=timezone.now(),
        downloads_left=1,
    )  # fmt: skip
    case = begun("complaint", about=about)
    add_note(case=case, officer=officer, text="The branch had the letter for nine days.")
    measure = record_measure(case=case, officer=officer, text="A second officer stands in.")
    answer_case(case=case, officer=officer, given=replace(GIVEN["complaint"], measures=[measure.pk]))
    escalate(case=case, officer=officer, level=EscalationLevel.AUTHORITY, reasons="They asked us.", authority="OPC")
    case.refresh_from_db()
    return case


def test_the_file_names_the_day_of_the_last_request_that_was_joined(officer, complaint):
    SubjectRequest.objects.filter(pk=complaint.about_case_id).update(asked_again_on=date(2026, 11, 9))
    files = opened(make_file(case=complaint, officer=officer, reader=For.AUTHORITY).data)
    document = json.loads(files["file.json"])
    named = {part: document[part]["asked_again_on"] for part in ("about", "complaint")}
    assert named == {"about": "2026-11-09", "complaint": None}
    assert words_of(files["file.pdf"]).count("what came up to that day is meant as well") == 1


def test_every_digest_in_the_file_holds(officer, complaint):
    made = make_file(case=complaint, officer=officer, reader=For.AUTHORITY)
    files = opened(made.data)
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "SHA256SUMS"}
    document = json.loads(files["file.json"])
    letters = [letter for case in ("complaint", "about") for letter in document[case]["letters"]]
    assert len(letters) == Letter.objects.filter(case_id__in=[complaint.pk, complaint.about_case_id]).count() > 3
    for letter in letters:
        digest = hashlib.sha256(files[letter["file"]]).hexdigest()
        assert letter["sha256"] == digest == letter["sha256_on_record"]
        kept = Letter.objects.get(pdf_sha256=digest)
        assert files[letter["file"]] == kept.pdf
    assert sorted(files) == sorted(["SHA256SUMS", "file.json", "file.pdf", *(letter["file"] for letter in letters)])
    attached = PdfReader(io.BytesIO(files["file.pdf"])).attachments["file.json"][0]
    assert attached == files["file.json"]
    entry = LedgerEntry.objects.get(action="subject_request.authority_file_made")
    assert (entry.data, entry.actor_id) == ({"sha256": hashlib.sha256(made.data).hexdigest()}, str(officer.pk))


def test_the_same_case_gives_the_same_bytes_whoever_reads_it_and_how_often(officer, make_officer, complaint):
    first = make_file(case=complaint, officer=officer, reader=For.AUTHORITY).data
    assert make_file(case=complaint, officer=make_officer(), reader=For.AUTHORITY).data == first
    add_note(case=complaint, officer=officer, text="One more thing.")
    assert make_file(case=complaint, officer=officer, reader=For.AUTHORITY).data != first


def test_the_authority_gets_everything_and_secrets_are_marked(officer, handler, complaint):
    files = opened(make_file(case=complaint, officer=officer, reader=For.AUTHORITY).data)
    document = json.loads(files["file.json"])
    mine, about = document["complaint"], document["about"]
    assert [note["text"] for note in mine["notes"]] == ["The branch had the letter for nine days."]
    assert [each["text"] for each in mine["measures"]] == ["A second officer stands in."]
    assert mine["escalations"][0]["to"] == "Office of the Privacy Commissioner of Canada"
    assert mine["decision"]["answer"] == GIVEN["complaint"].text
    [ground] = about["decision"]["grounds"]
    assert (ground["secret"], ground["reasons"], ground["section"]) == (True, SECRET_REASONS, "PIPEDA s. 9(2.4)")
    assert about["decision"]["by"] == handler.full_name
    kept = SubjectRequest.objects.get(pk=complaint.about_case_id)
    assert [clock["sentences"] for clock in about["clocks"]] == [each["sentences"] for each in kept.deadlines]
    assert [(event["what"], event["cause"], event["reason"]) for event in about["clock_events"]] == [
        ("waiting began", "fee", "They pay first."), ("waiting ended", "fee", None),
    ]  # fmt: skip
    assert [piece["sha256"] for piece in about["evidence"]] == ["b" * 64]
    chronology = [line["what"] for line in about["chronology"]]
    assert chronology[:2] == ["Request sent", "Confirmed by the mailed link; data locked against retention"]
    assert "Identity confirmed" in chronology
    assert {line["entry"] for line in about["chronology"]} <= {str(e.pk) for e in LedgerEntry.objects.all()}
    on_paper = words_of(files["file.pdf"])
    for words in (
        "SECRET: the law forbids telling the person of this ground", SECRET_REASONS, "nine days",
        "30 Victoria Street", complaint.reference, kept.reference, kept.deadlines[0]["sentences"][0], "b" * 64,
        *(letter["sha256"] for letter in about["letters"]),
    ):  # fmt: skip
        assert "".join(words.split()) in "".join(on_paper.split()), words


def test_what_was_written_stands_in_the_file_whatever_its_script(officer, complaint):
    for text in ("Talked to Efe 😀", "王小明 김철수 ひらがな", "Hieroglyph \U00013000"):
        add_note(case=complaint, officer=officer, text=text)
    files = opened(make_file(case=complaint, officer=officer, reader=For.AUTHORITY).data)
    words = words_of(files["file.pdf"])
    for note in ("Talked to Efe 😀", "王小明 김철수 ひらがな", "Hieroglyph [U+13000]"):
        assert note in words, note
    assert words.count("the exact text is in the file that is attached to this PDF.") == 1
    notes = [note["text"] for note in json.loads(files["file.json"])["complaint"]["notes"]]
    assert "Hieroglyph \U00013000" in notes


def test_a_file_in_which_all_is_printed_says_nothing_of_numbers(officer, complaint):
    add_note(case=complaint, officer=officer, text="王小明 😀")
    words = words_of(opened(make_file(case=complaint, officer=officer, reader=For.AUTHORITY).data)["file.pdf"])
    assert ("王小明 😀" in words, "could not be printed" in words) == (True, False)


def test_the_persons_copy_has_no_secret_no_note_and_no_name_of_an_officer(officer, handler, complaint):
    files = opened(make_file(case=complaint, officer=officer, reader=For.PERSON).data)
    document = json.loads(files["file.json"])
    assert document["about"]["decision"]["grounds"] == []
    assert (document["complaint"]["notes"], document["complaint"]["measures"]) == ([], [])
    for hidden in (SECRET_REASONS, SECRET_GROUND, "nine days late, because", handler.full_name, officer.full_name,
                   "The branch had the letter"):  # fmt: skip
        assert hidden not in files["file.json"].decode(), hidden
        assert "".join(hidden.split()) not in "".join(words_of(files["file.pdf"]).split()), hidden
    assert document["complaint"]["decision"]["answer"] == GIVEN["complaint"].text
    assert LedgerEntry.objects.filter(action="subject_request.person_copy_made").count() == 1


def test_a_ground_that_is_no_secret_is_in_both(officer, complaint):
    SubjectRequest.objects.filter(pk=complaint.about_case_id).update(refusal_ground="GH.retention_required")
    for reader in For:
        document = json.loads(opened(make_file(case=complaint, officer=officer, reader=reader).data)["file.json"])
        [ground] = document["about"]["decision"]["grounds"]
        assert (ground["secret"], ground["reasons"]) == (False, SECRET_REASONS)


def test_grounds_of_single_parts_are_in_it_and_nothing_shows_the_person_that_one_is_secret(officer, complaint):
    about = SubjectRequest.objects.get(pk=complaint.about_case_id)
    for category, where, ground, reasons in (
        ("contact", "Letters", SECRET_GROUND, SECRET_REASONS),
        ("business", "", "CA-FED.privilege", "Our lawyer wrote it."),
    ):  # fmt: skip
        CategoryDecision.objects.create(
            case=about, category=category, where=where, decision="refuse", ground=ground, reasons=reasons,
            decided_at=timezone.now(),
        )  # fmt: skip
    for code in ("plan_narrowed", "authority_notified"):
        record(action=f"subject_request.{code}", actor=SYSTEM, target=about)  # an officer would be in conflict
    files = {reader: opened(make_file(case=complaint, officer=officer, reader=reader).data) for reader in For}
    to_authority, to_person = (json.loads(files[reader]["file.json"])["about"] for reader in For)
    assert [(each["secret"], each["reasons"]) for each in to_authority["decision"]["grounds"]] == [
        (True, SECRET_REASONS), (False, "Our lawyer wrote it."),
    ]  # fmt: skip
    assert [each["reasons"] for each in to_person["decision"]["grounds"]] == ["Our lawyer wrote it."]
    telling = {"Plan made without what was refused", "Authority told of the ground that was used"}
    assert telling <= {line["what"] for line in to_authority["chronology"]}
    assert not telling & {line["what"] for line in to_person["chronology"]}
    assert SECRET_REASONS not in words_of(files[For.PERSON]["file.pdf"])


def test_a_letter_that_is_not_the_one_on_record_is_said_to_be_another(officer, complaint):
    letter = Letter.objects.filter(case_id=complaint.pk, kind="case_complaint_outcome").get()
    Letter.objects.filter(pk=letter.pk).update(pdf_sha256="c" * 64)
    files = opened(make_file(case=complaint, officer=officer, reader=For.AUTHORITY).data)
    assert "not the one whose digest was recorded" in words_of(files["file.pdf"])


def test_files_of_tasks_are_evidence(officer, complaint):
    source = Source.objects.create(name="Cellar", kind="manual")
    errand = Errand.objects.create(
        source=source, case_id=complaint.pk, work=ErrandWork.ACCESS, subject=complaint.subject, ask_hash="c" * 64,
        instructions="Look.", due_on=complaint.due_on,
    )  # fmt: skip
    for is_kept, digest in ((True, "d" * 64), (False, "e" * 64)):
        ErrandFile.objects.create(
            errand=errand, role=FileRole.PROOF, name="proof.pdf", size=3, digest=digest, is_kept=is_kept
        )
    assert [(piece.name, piece.sha256) for piece in evidence.evidence_of(complaint)] == [("proof.pdf", "d" * 64)]


def test_files_of_the_case_are_evidence_also_when_they_are_gone(officer, complaint):
    now = timezone.now()
    for role, deleted_at, digest in (("evidence", None, "1" * 64), ("identity_document", now, "2" * 64)):
        CaseFile.objects.create(
            case=complaint, role=role, kind="pdf", size=3, digest=digest, deletion_asked_at=deleted_at,
            deleted_at=deleted_at,
        )  # fmt: skip
    CaseFile.objects.create(case=complaint, role="evidence", kind="pdf")  # never arrived
    document = json.loads(opened(make_file(case=complaint, officer=officer, reader=For.AUTHORITY).data)["file.json"])
    pieces = [(piece["what"], piece["sha256"], piece["kept"]) for piece in document["complaint"]["evidence"]]
    assert pieces == [("evidence", "1" * 64, True), ("identity document", "2" * 64, False)]


def test_the_person_gets_neither_letters_to_others_nor_what_others_put_on_file(officer, complaint):
    about = SubjectRequest.objects.get(pk=complaint.about_case_id)
    write_recipient_notice(
        case=about, name="Police", address="police@example.com", actor=SYSTEM, person=["Ama"], change="erased",
        language="en",
    )  # fmt: skip
    for number, (name, is_from_person) in enumerate((("court-order.pdf", False), ("my-proof.pdf", True))):
        CaseFile.objects.create(
            case=about, role="evidence", kind="pdf", name=name, size=3, digest=str(number) * 64,
            is_from_person=is_from_person,
        )  # fmt: skip
    files = {reader: opened(make_file(case=complaint, officer=officer, reader=reader).data) for reader in For}
    to_authority, to_person = (json.loads(files[reader]["file.json"])["about"] for reader in For)
    assert [each["name"] for each in to_authority["evidence"]] == ["", "court-order.pdf", "my-proof.pdf"]
    assert [each["name"] for each in to_person["evidence"]] == ["", "my-proof.pdf"]
    notices = {
        reader: [name for name in each if name.endswith("case_recipient_notice.pdf")] for reader, each in files.items()
    }
    assert (len(notices[For.AUTHORITY]), notices[For.PERSON]) == (1, [])
    assert len(to_authority["letters"]) == len(to_person["letters"]) + 1


def test_whoever_complains_of_another_persons_case_gets_nothing_of_it(officer, complaint):
    about = SubjectRequest.objects.get(pk=complaint.about_case_id)
    SubjectRequest.objects.filter(pk=about.pk).update(subject=person("son@example.com"))
    files = {reader: opened(make_file(case=complaint, officer=officer, reader=reader).data) for reader in For}
    to_authority, to_person = (json.loads(files[reader]["file.json"]) for reader in For)
    assert to_authority["about"]["person"]["email"] == "son@example.com"
    assert to_person["about"] is None
    assert [name for name in files[For.PERSON] if about.reference in name] == []
    assert "son@example.com" not in words_of(files[For.PERSON]["file.pdf"])


def test_nobody_makes_it_who_may_not_handle_the_complaint(officer, handler, make_officer, complaint):
    with pytest.raises(ConflictOfInterest):
        make_file(case=complaint, officer=handler, reader=For.AUTHORITY)
    for role in ("auditor", "case_handler"):
        with pytest.raises(NotAllowed):
            make_file(case=complaint, officer=make_officer(role), reader=For.AUTHORITY)
    with pytest.raises(ComplaintRefused):
        make_file(case=begun("question"), officer=officer, reader=For.AUTHORITY)
    assert not LedgerEntry.objects.filter(action="subject_request.authority_file_made").exists()
