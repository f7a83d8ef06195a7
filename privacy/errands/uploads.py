"""What officers may upload as proof or as a copy for the person."""

from collections.abc import Iterator

from django.core.files.uploadedfile import UploadedFile

from privacy.documents import errors, uploads
from privacy.documents.taking import take_upload
from privacy.errands.errors import FileRefused

KINDS = ("docx", "jpeg", "jpg", "pdf", "png", "xlsx", "zip", "csv", "eml", "json", "txt")
ACCEPT = uploads.accept(KINDS)


def checked_upload(upload: UploadedFile) -> tuple[str, Iterator[bytes]]:
    """Name and content of an uploaded file.

    Raises:
        FileRefused: empty, too large, or not of a kind that is taken; a file whose content is not what its name says,
            or an image that cannot be read.
    """
    try:
        checked = take_upload(upload, kinds=KINDS)
    except (errors.FileRefused, errors.DocumentUnreadable) as error:
        raise FileRefused(str(error)) from None
    return checked.name, checked.chunks
