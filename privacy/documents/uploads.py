"""What may be uploaded: the name, the size and the first bytes have to agree (ASVS 5.0, 5.2.1 and 5.2.2)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from privacy.documents.errors import FileRefused

_STARTS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
}
_TEXT = frozenset({"txt", "csv", "json", "eml", "html"})
LONGEST_NAME = 200


@dataclass(frozen=True)
class Upload:
    """A checked upload. `chunks` can be read once."""

    name: str
    kind: str
    chunks: Iterator[bytes]


def accept(kinds: Collection[str]) -> str:
    """For the attribute of a file field."""
    return ",".join(f".{kind}" for kind in kinds)


def check_upload(upload: UploadedFile, *, kinds: Collection[str]) -> Upload:
    """Name, kind and content of an uploaded file.

    Args:
        kinds: that are taken here.

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
    words = {"kind": kind, "kinds": ", ".join(kinds)}
    if kind not in kinds:
        raise FileRefused(_("This kind of file is not taken. Use one of: %(kinds)s.") % words)
    if not _is_what_it_says(kind, start):
        raise FileRefused(
            _("The name of this file ends in .%(kind)s, but its content is of another kind. Use one of: %(kinds)s.")
            % words
        )
    return Upload(_shortened(name), kind, iter(upload.chunks()))


def _is_what_it_says(kind: str, start: bytes) -> bool:
    if kind in _TEXT:
        return b"\0" not in start
    return any(start.startswith(each) for each in _STARTS.get(kind, ()))


def _shortened(name: str) -> str:
    """Its end says the kind, so the middle goes."""
    if len(name) <= LONGEST_NAME:
        return name
    suffix = PurePath(name).suffix
    return name[: LONGEST_NAME - len(suffix)] + suffix
