"""The one door through which files of people and officers come in.

Danger: a photo that says where somebody lives, a file that is not what its name says.
Rule: kind, size and first bytes are checked, and images lose what lies beside their pixels (ASVS 5.0, 14.2.8).
"""

from collections.abc import Collection
from dataclasses import replace

from django.core.files.uploadedfile import UploadedFile

from privacy.documents.rendering import PICTURES, without_metadata
from privacy.documents.uploads import Upload, check_upload


def take_upload(upload: UploadedFile, *, kinds: Collection[str]) -> Upload:
    """Name, kind and content of an uploaded file, as it may be kept.

    Args:
        kinds: that are taken here.

    Raises:
        FileRefused: empty, too large, or not of a kind that is taken; a file whose content is not what its name says.
        DocumentUnreadable: it is no image of its kind.
    """
    checked = check_upload(upload, kinds=kinds)
    if checked.kind not in PICTURES:
        return checked
    return replace(checked, chunks=iter([without_metadata(b"".join(checked.chunks), checked.kind)]))
