"""Encrypted files of one row each: a folder for each organisation, readable by our account only.

Danger: a file full of personal data that lies on disk in the clear, or opens in another's place.
Rule: it is encrypted while it arrives, its name on disk is the row's opaque id, and it opens only in its own context.
The row is written before the file: a file without its row is never found.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from privacy.subjects.files import EncryptedWriter, decrypted


@dataclass(frozen=True)
class Kept:
    """Bytes of plaintext, and their SHA-256."""

    size: int
    digest: str


def keep_file(path: Path, *, context: str, chunks: Iterable[bytes]) -> Kept:
    """Encrypt a file; whatever the chunks raise removes what was written.

    Args:
        context: what the file is, see `privacy.subjects.files`.
        chunks: its content, read once.
    """
    digest = hashlib.sha256()
    try:
        path.touch(mode=0o600)
        with path.open("wb") as target, EncryptedWriter(target, context=context) as writer:
            for chunk in chunks:
                digest.update(chunk)
                writer.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Kept(writer.size, digest.hexdigest())


def kept_content(path: Path, *, context: str) -> Iterator[bytes]:
    """The content, piece by piece; each is authenticated before it is handed out.

    Raises:
        CannotDecrypt: altered, cut, or another row's; throw away what was read.
        FileNotFoundError: it was deleted.
    """
    with path.open("rb") as stored:
        yield from decrypted(stored, context=context)
