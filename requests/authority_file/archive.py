"""The file for an authority as one ZIP: document, JSON, letters, and their SHA-256. The same case, the same bytes."""

import hashlib
import io
import json
import zipfile

from requests.authority_file.document import as_pdf
from requests.authority_file.shape import Contents

DOCUMENT, DATA, SUMS = "file.pdf", "file.json", "SHA256SUMS"


def as_zip(contents: Contents) -> bytes:
    """The archive; nothing of it depends on when or where it is made."""
    data = json.dumps(contents.document, ensure_ascii=False, indent=1, sort_keys=True).encode()
    files = {
        DOCUMENT: as_pdf(contents.document, as_json=data, as_of=contents.as_of),
        DATA: data,
        **contents.files,
    }
    sums = "".join(f"{hashlib.sha256(each).hexdigest()}  {name}\n" for name, each in sorted(files.items()))
    return _zipped({**files, SUMS: sums.encode()}, contents)


def _zipped(files: dict[str, bytes], contents: Contents) -> bytes:
    target, moment = io.BytesIO(), contents.as_of.timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=moment)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            archive.writestr(entry, data)
    return target.getvalue()
