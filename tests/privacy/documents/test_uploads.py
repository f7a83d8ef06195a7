"""What is taken: name, size and first bytes agree."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from privacy.documents.errors import FileRefused
from privacy.documents.uploads import check_upload
from tests.documents import photo

KINDS = ("pdf", "jpg", "txt")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ"), ("a.exe", b"MZ"), ("a.pdf", b""), ("a.txt", b"a\0b"), ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("pdf", b"%PDF-"), ("a.jpg", b"%PDF-1.4"), ("a.pdf.exe", b"%PDF-1.4"),
    ],
)  # fmt: skip
def test_what_is_not_what_it_says_or_not_taken_here_is_refused(name, content):
    with pytest.raises(FileRefused):
        check_upload(SimpleUploadedFile(name, content), kinds=KINDS)


def test_what_is_taken_keeps_its_last_name_and_all_of_its_content():
    for name, content in (("../../etc/a.PDF", b"%PDF-1.4"), ("C:\\x\\b.txt", b"hello"), ("c.jpg", photo())):
        upload = SimpleUploadedFile("x", content)
        upload._name = name
        checked = check_upload(upload, kinds=KINDS)
        assert checked.name == name.replace("\\", "/").rpartition("/")[2]
        assert b"".join(checked.chunks) == content


def test_a_long_name_is_shortened_and_still_says_its_kind():
    checked = check_upload(SimpleUploadedFile("x" * 300 + ".pdf", b"%PDF-1.4"), kinds=KINDS)
    assert len(checked.name) <= 200
    assert checked.name.endswith(".pdf")


def test_a_file_over_the_limit_is_refused(settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    with pytest.raises(FileRefused, match="too large"):
        check_upload(SimpleUploadedFile("a.txt", b"x" * 11), kinds=KINDS)
    assert check_upload(SimpleUploadedFile("a.txt", b"x" * 10), kinds=KINDS).kind == "txt"
