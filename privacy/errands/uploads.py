"""What officers may upload as proof or as a copy for the person."""

from collections.abc import Iterator
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from privacy.errands.errors import FileRefused

_STARTS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
}
_TEXT = frozenset({"txt", "csv", "json", "eml"})
KINDS = (*sorted(_STARTS), *sorted(_TEXT))
ACCEPT = ",".join(f".{kind}" for kind in KINDS)


def checked_upload(upload: UploadedFile) -> tuple[str, Iterator[bytes]]:
    """Name and content of an uploaded file.

    Raises:
        FileRefused: empty, too large, or not of a kind that is taken; a file whose content is not what its name says.
    """
    name = PurePath((upload.name or "").replace("\\", "/")).name
    kind = PurePath(name).suffix.lstrip(".").lower()
    if not upload.size:
        raise FileRefused(_("The file is empty. Choose another one."))
    if upload.size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        raise FileRefused(_("The file is too large; it may have 25 MB at most."))
    start = upload.read(1024)
    upload.seek(0)
    is_text = kind in _TEXT and b"\0" not in start
    if not is_text and not any(start.startswith(each) for each in _STARTS.get(kind, ())):
        raise FileRefused(_("This kind of file is not taken. Use one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    return name, iter(upload.chunks())
