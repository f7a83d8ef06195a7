"""Documents of strangers, read by a process that may fail."""

import io

import pytest
from PIL import Image

from privacy.documents import rendering
from privacy.documents.errors import DocumentUnreadable
from privacy.documents.rendering import page_png, page_sizes, without_metadata
from tests.documents import photo, text_document


def test_pages_are_as_wide_as_they_are_seen():
    upright, turned = (page_sizes(text_document(2, rotate=angle), "pdf") for angle in (0, 90))
    assert [(round(width), round(height)) for width, height in upright] == [(595, 842)] * 2
    assert [(round(width), round(height)) for width, height in turned] == [(842, 595)] * 2


def test_a_photo_loses_what_lies_beside_its_pixels_and_stands_upright():
    given = photo()
    assert b"Ama Mensah" in given
    cleaned = without_metadata(given, "jpg")
    image = Image.open(io.BytesIO(cleaned))
    assert b"Ama" not in cleaned
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (40, 60), {})


def test_a_png_stays_one_without_its_texts():
    cleaned = without_metadata(photo("png"), "png")
    image = Image.open(io.BytesIO(cleaned))
    assert (image.format, image.size, image.info) == ("PNG", (40, 60), {})
    assert image.getpixel((5, 5)) == (200, 30, 30)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 nothing else", "pdf"),
        (b"", "pdf"),
        (b"\x89PNG\r\n\x1a\n nothing else", "png"),
        (b"GIF89a" + b"\0" * 50, "png"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_guessed(content, kind):
    with pytest.raises(DocumentUnreadable):
        page_png(content, kind, index=0)


def test_a_document_is_read_as_what_it_was_taken_for_and_as_nothing_else():
    content = text_document()
    assert page_png(content, "pdf", index=0).startswith(b"\x89PNG")
    with pytest.raises(DocumentUnreadable):
        page_png(content, "png", index=0)


def test_a_page_that_is_not_there_cannot_be_drawn():
    content = text_document()
    assert page_png(content, "pdf", index=0).startswith(b"\x89PNG")
    with pytest.raises(DocumentUnreadable):
        page_png(content, "pdf", index=1)


def test_a_picture_of_too_many_pixels_is_refused():
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    assert len(target.getvalue()) < 200_000
    with pytest.raises(DocumentUnreadable):
        without_metadata(target.getvalue(), "png")


def test_a_page_of_any_size_gives_a_picture_of_bounded_size():
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(14_400, 14_400)  # five metres
    target = io.BytesIO()
    writer.write(target)
    image = Image.open(io.BytesIO(page_png(target.getvalue(), "pdf", index=0)))
    assert 8_000_000 < image.width * image.height < 10_000_000


def test_a_reader_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(rendering, "_ONE_PAGE_SECONDS", 0)
    with pytest.raises(DocumentUnreadable):
        page_sizes(text_document(), "pdf")


def test_the_reader_knows_nothing_of_the_portals_environment(monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text(
        "import json, os, struct, sys\n"
        "sys.stdin.buffer.read()\n"
        "for head in ({'environment': sorted(os.environ), 'loaded': 'django' in sys.modules}, {'end': True}):\n"
        "    text = json.dumps(head).encode()\n"
        "    sys.stdout.buffer.write(struct.pack('>II', len(text), 0) + text)\n"
    )
    monkeypatch.setattr(rendering, "_CHILD", child)
    monkeypatch.setenv("SECRET_KEY", "x")
    head, _data = rendering._one_answer({"do": "measure"}, b"")
    assert set(head["environment"]) <= {"LC_CTYPE"}
    assert head["loaded"] is False
