"""The redacted copy holds nothing of what was painted over, in whatever way one looks for it."""

import io
import resource

import pypdf
import pypdfium2
import pytest

from privacy.documents.enums import ScanResult
from privacy.documents.image_pdf import image_pdf
from privacy.documents.rendering import page_images
from privacy.ledger.models import LedgerEntry
from requests.case_files.storage import read_content
from requests.errors import NotAllowed
from requests.models import CaseFile, CaseFileRole, Redaction
from requests.redaction import copying
from requests.redaction.copying import ask_for_copy, log_lines
from requests.redaction.marking import MarkRefused, add_mark, as_pages, draft_of, remove_mark
from requests.redaction.text_pdf import text_pdf
from tests.documents import OPEN_TEXT, SECRET, everything_in, photo, text_document
from tests.memory import measured
from tests.requests.case_files.conftest import added, document
from tests.requests.conftest import confirmed, run_jobs
from tests.requests.deciding import under

# where `SECRET` is on an upright page of A4: from 92 to 116 points of 842, from 50 to 400 of 595
BOX = [50 / 595, 92 / 842, 350 / 595, 24 / 842]


def redacted(file, officer, marks, reason="third_party") -> bytes:
    """The copy with these marks: (page, box)."""
    draft = draft_of(file=file, officer=officer)
    for page, box in marks:
        add_mark(redaction=draft, officer=officer, page=page, box=box, reason=reason)
    ask_for_copy(redaction=draft, officer=officer)
    run_jobs("requests.make_redacted_copy")
    draft.refresh_from_db()
    return b"".join(read_content(draft.copy))


def pages_of(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content), strict=True).pages)


def text_of(content: bytes) -> str:
    """As two different readers find it."""
    document = pypdfium2.PdfDocument(content)
    by_pdfium = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return by_pdfium + " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def picture(content: bytes, page: int = 0):
    document = pypdfium2.PdfDocument(content)
    image = document[page].render(scale=150 / 72).to_pil().convert("L")
    document.close()
    return image


def part(image, box):
    left, top, width, height = box
    return image.crop(
        (
            round(left * image.width) + 1, round(top * image.height) + 1,
            round((left + width) * image.width) - 1, round((top + height) * image.height) - 1,
        )
    )  # fmt: skip


def test_neither_readers_nor_streams_nor_pixels_show_what_was_painted_over(case, officer):
    file = document(case, officer)
    original = b"".join(read_content(file))
    assert SECRET in text_of(original)
    assert SECRET.encode() in everything_in(original)
    assert part(picture(original), BOX).getextrema() != (0, 0)
    copy = redacted(file, officer, [(1, BOX)])
    assert text_of(copy).strip() == ""
    for trace in (SECRET.encode(), b"4711", b"KOFI", OPEN_TEXT.encode(), b"attached", b"author", b"note", b"/Font"):
        assert trace not in everything_in(copy), trace
    assert part(picture(copy), BOX).getextrema() == (0, 0)
    above = [BOX[0], 25 / 842, BOX[2], 20 / 842]
    assert part(picture(copy), above).histogram()[:100] != [0] * 100  # the open text is still to be read


def test_the_copy_has_pages_with_one_image_each_and_nothing_else(case, officer):
    copy = redacted(document(case, officer, pages=3), officer, [(1, BOX)])
    reader = pypdf.PdfReader(io.BytesIO(copy), strict=True)
    assert len(reader.pages) == 4  # and the log
    assert (reader.metadata, reader.attachments, reader.xmp_metadata) == (None, {}, None)
    assert set(reader.trailer) == {"/Size", "/Root"}
    assert set(reader.trailer["/Root"]) == {"/Type", "/Pages"}
    for page in reader.pages:
        assert set(page) == {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"}
        assert set(page["/Resources"]) == {"/XObject"}
        assert [each["/Subtype"] for each in page["/Resources"]["/XObject"].values()] == ["/Image"]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_rotated_page_is_painted_over_where_it_is_seen(case, officer, angle):
    left, top, width, height = BOX
    seen = {
        90: [1 - top - height, left, height, width],
        180: [1 - left - width, 1 - top - height, width, height],
        270: [top, 1 - left - width, height, width],
    }[angle]
    file = document(case, officer, rotate=angle)
    original = picture(b"".join(read_content(file)))
    assert part(original, seen).getextrema()[0] < 100
    copy = picture(redacted(file, officer, [(1, seen)]))
    assert copy.size == original.size
    assert part(copy, seen).getextrema() == (0, 0)
    around = part(copy, [0.02, 0.02, 0.96, 0.96]).histogram()
    assert sum(around[200:]) > sum(around[:50])  # and only there


def test_three_boxes_on_two_pages_are_three_boxes(case, officer):
    boxes = [(1, BOX), (1, [0.1, 0.5, 0.2, 0.05]), (3, [0.0, 0.9, 1.0, 0.1])]
    copy = redacted(document(case, officer, pages=3), officer, boxes)
    for page, box in boxes:
        assert part(picture(copy, page - 1), box).getextrema() == (0, 0)
    assert part(picture(copy, 1), BOX).getextrema() != (0, 0)


def test_a_photo_and_a_text_are_redacted_as_well(case, officer):
    half = [0.0, 0.0, 1.0, 0.5]
    for name, content in (
        ("a.jpg", photo(size=(600, 400))),
        ("a.txt", f"{SECRET}\nOpen".encode()),
        ("a.html", f"<style>x</style><p>{SECRET}<script>{SECRET}</script>".encode()),
    ):
        copy = redacted(
            added(case, officer, role=CaseFileRole.ANSWER, name=name, content=content), officer, [(1, half)]
        )
        assert SECRET.encode() not in everything_in(copy)
        assert part(picture(copy), [0.01, 0.01, 0.98, 0.47]).getextrema()[1] <= 8
        assert pages_of(copy) == 2


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_text_is_shown_whatever_its_script_and_numbers_stand_for_what_no_font_has(name):
    content, kind = as_pages("Ama 王小明 😀 \U00013000 end\n".encode(), name[2:])
    assert (kind, text_of(content).count("Ama 王小明 😀 [U+13000] end")) == ("pdf", 2)  # by two readers


@pytest.mark.parametrize(
    ("text", "the_rest"),
    [
        ("Ama 王小明 😀\tend", "Every other part is as in the original."),
        (
            "Ama 王小明 \U00013000",
            "Every other part is as in the original, except for characters that we cannot print: each stands here as "
            "its number in Unicode, like [U+1F600], and the original has it.",
        ),
    ],
)
def test_the_last_page_says_when_numbers_stand_for_characters_of_the_original(
    case, officer, monkeypatch, text, the_rest
):
    logs = []
    monkeypatch.setattr(copying, "text_pdf", lambda words: logs.append(words) or text_pdf(words))
    file = added(case, officer, role=CaseFileRole.ANSWER, name="a.txt", content=text.encode())
    redacted(file, officer, [(1, [0.0, 0.5, 1.0, 0.5])])
    (log,) = logs
    assert f"The parts that are black were removed; they are not in this file. {the_rest}\n" in log


def test_the_copy_is_a_file_of_the_case_that_knows_its_original(case, officer):
    file = document(case, officer)
    redacted(file, officer, [(1, BOX)])
    redaction = Redaction.objects.get()
    copy = redaction.copy
    assert (copy.case, copy.role, copy.kind, copy.scan) == (case, CaseFileRole.REDACTED, "pdf", ScanResult.MADE_HERE)
    assert (redaction.file, redaction.copy_digest) == (file, copy.digest)
    assert copy.name == f"{case.reference}-redacted-1.pdf"
    entry = LedgerEntry.objects.get(action="subject_request.redacted")
    assert (entry.data["digest"], entry.data["original"]) == (copy.digest, str(file.pk))


def test_the_log_names_pages_and_reasons_and_keeps_a_secret_ground_secret(alpha, officer):
    under("CA-FED")
    case = confirmed()
    draft = draft_of(file=document(case, officer, pages=2), officer=officer)
    for page, reason in (
        (1, "third_party"),
        (1, "third_party"),
        (2, "CA-FED.privilege"),
        (2, "CA-FED.government_objection"),
    ):
        add_mark(redaction=draft, officer=officer, page=page, box=BOX, reason=reason)
    draft.refresh_from_db()
    assert log_lines(draft) == [
        "Page 1, 2 parts: Personal information about another person",
        "Page 2, 1 part: The information is confidential between us and our lawyers (legal privilege)."
        " (CA-FED s. 9(3)(a))",
        "Page 2, 1 part: Withheld",
    ]
    ask_for_copy(redaction=draft, officer=officer)
    run_jobs("requests.make_redacted_copy")
    assert "government" not in str(list(LedgerEntry.objects.values_list("data", flat=True)))


def test_marks_stand_still_once_a_copy_is_asked_for(case, officer):
    draft = draft_of(file=document(case, officer), officer=officer)
    with pytest.raises(MarkRefused, match="Mark what is to be withheld"):
        ask_for_copy(redaction=draft, officer=officer)
    add_mark(redaction=draft, officer=officer, page=1, box=BOX, reason="third_party")
    ask_for_copy(redaction=draft, officer=officer)
    draft.refresh_from_db()
    for act in (
        lambda: add_mark(redaction=draft, officer=officer, page=1, box=BOX, reason="third_party"),
        lambda: remove_mark(redaction=draft, officer=officer, mark=draft.marks[0]["id"]),
        lambda: ask_for_copy(redaction=draft, officer=officer),
    ):
        with pytest.raises(MarkRefused):
            act()


def test_the_job_makes_one_copy_however_often_it_runs(case, officer):
    redacted(document(case, officer), officer, [(1, BOX)])
    redaction = Redaction.objects.get()
    assert copying.make_copy(redaction_id=str(redaction.pk)) is None
    assert CaseFile.objects.filter(role=CaseFileRole.REDACTED).count() == 1


def test_two_workers_at_once_leave_one_copy(case, officer, monkeypatch):
    draft = draft_of(file=document(case, officer), officer=officer)
    add_mark(redaction=draft, officer=officer, page=1, box=BOX, reason="third_party")
    ask_for_copy(redaction=draft, officer=officer)
    real, calls = copying._finish, []

    def overtaken(redaction, copy):
        if not calls:
            calls.append(1)
            assert copying.make_copy(redaction_id=str(draft.pk)) is not None
        return real(redaction, copy)

    monkeypatch.setattr(copying, "_finish", overtaken)
    assert copying.make_copy(redaction_id=str(draft.pk)) is None
    assert CaseFile.objects.filter(role=CaseFileRole.REDACTED).count() == 1


def test_a_further_redaction_begins_with_the_marks_of_the_last(case, officer):
    file = document(case, officer)
    redacted(file, officer, [(1, BOX)])
    again = draft_of(file=file, officer=officer)
    assert [mark["page"] for mark in again.marks] == [1]
    assert (Redaction.objects.count(), again.copy) == (2, None)
    assert draft_of(file=file, officer=officer) == again


@pytest.mark.parametrize(
    ("page", "box", "reason"),
    [
        (0, BOX, "third_party"), (2, BOX, "third_party"), (1, BOX, ""), (1, BOX, "because"),
        (1, [-0.1, 0, 0.5, 0.5], "third_party"), (1, [0, 0, 0, 0.5], "third_party"),
        (1, [0, 0, float("nan"), 0.5], "third_party"), (1, [1, 0, 0.5, 0.5], "third_party"),
    ],
)  # fmt: skip
def test_a_mark_that_marks_nothing_of_the_document_is_refused(case, officer, page, box, reason):
    draft = draft_of(file=document(case, officer), officer=officer)
    with pytest.raises(MarkRefused):
        add_mark(redaction=draft, officer=officer, page=page, box=box, reason=reason)
    add_mark(redaction=draft, officer=officer, page=1, box=[0.9, 0.9, 0.5, 0.5], reason="third_party")
    draft.refresh_from_db()
    assert [(mark["left"], round(mark["width"], 4)) for mark in draft.marks] == [(0.9, 0.1)]


@pytest.mark.parametrize(
    ("name", "content", "role"),
    [
        ("broken.pdf", b"%PDF-1.7 nothing", CaseFileRole.ANSWER),
        ("table.csv", b"a,b", CaseFileRole.ANSWER),
        ("id.pdf", None, CaseFileRole.IDENTITY_DOCUMENT),
    ],
)
def test_what_cannot_or_must_not_be_redacted_is_refused(case, officer, name, content, role):
    file = added(case, officer, name=name, content=content or text_document(), role=role)
    with pytest.raises(MarkRefused):
        draft_of(file=file, officer=officer)
    assert Redaction.objects.count() == 0


def test_only_who_may_handle_the_case_redacts(case, officer, make_officer):
    draft = draft_of(file=document(case, officer), officer=officer)
    for stranger in (make_officer("auditor"), make_officer("case_handler")):
        with pytest.raises(NotAllowed):
            add_mark(redaction=draft, officer=stranger, page=1, box=BOX, reason="third_party")


def test_a_document_that_breaks_off_makes_no_copy_and_can_be_asked_for_again(case, officer, monkeypatch):
    from privacy.documents.errors import DocumentUnreadable

    draft = draft_of(file=document(case, officer), officer=officer)
    add_mark(redaction=draft, officer=officer, page=1, box=BOX, reason="third_party")
    ask_for_copy(redaction=draft, officer=officer)

    def breaks_off(*args, **more):
        yield from page_images(*args, **more)
        raise DocumentUnreadable

    with monkeypatch.context() as patch:
        patch.setattr(copying, "page_images", breaks_off)
        run_jobs("requests.make_redacted_copy")
    draft.refresh_from_db()
    assert (draft.copy, draft.copy_asked_at, draft.problem) == (None, None, "document_unreadable")
    assert CaseFile.objects.filter(role=CaseFileRole.REDACTED).count() == 0
    ask_for_copy(redaction=draft, officer=officer)
    run_jobs("requests.make_redacted_copy")
    draft.refresh_from_db()
    assert (draft.copy is not None, draft.problem) == (True, "")


def test_two_hundred_pages_cost_the_memory_of_one():
    """Of this process, and of the one that reads the document: its largest size so far is what `ru_maxrss` says."""

    def peak_of(pages: int) -> int:
        content = text_document(pages)
        with measured() as peak:
            size = sum(len(piece) for piece in image_pdf(page_images(content, "pdf", boxes={0: [BOX]})))
        assert size > pages * 1000
        return peak.bytes - len(content)

    peak_of(1)
    few, readers_few = peak_of(10), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    many, readers_many = peak_of(200), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert many < few + 1_000_000
    assert readers_many < readers_few + 60_000  # kilobytes
