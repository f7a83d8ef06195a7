"""A ZIP file (ZIP64) written as a stream, with the SHA-256 of every member in `manifest.json`."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol, cast

from privacy.subjects.files import EncryptedWriter

MANIFEST = "manifest.json"


class Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


class HashingWriter:
    """Passes plaintext on to the encrypting writer and keeps its digest."""

    def __init__(self, target: EncryptedWriter) -> None:
        self._target = target
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._target.write(bytes(data))

    def flush(self) -> None:
        self._target.flush()


class Member:
    """An open member of the archive: takes bytes, counts them and keeps their digest."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._sink.write(data)
        self.digest.update(data)
        self.size += len(data)


class Archive:
    """Members in the order in which they are written; `close` writes the manifest and the directory."""

    def __init__(self, target: HashingWriter) -> None:
        self._zip = zipfile.ZipFile(cast(BinaryIO, target), "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._members: dict[str, dict[str, object]] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Write a member of any length. A name is used once."""
        if name in self._members or name == MANIFEST:
            raise ValueError("two files of an export have the same name")
        with self._zip.open(name, "w", force_zip64=True) as sink:
            member = Member(sink)
            yield member.write
        self._members[name] = {"sha256": member.digest.hexdigest(), "bytes": member.size}

    def add_text(self, name: str, text: str) -> None:
        with self.member(name) as write:
            write(text.encode())

    def close(self, about: dict[str, object]) -> None:
        """Write the manifest with further facts beside the files."""
        manifest = {**about, "files": self._members}
        self._zip.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False))
        self._zip.close()
