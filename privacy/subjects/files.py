"""Encrypted files of any length, written and read as streams so that memory stays flat.

Danger: a file that was cut, reordered or swapped and still opens; a key or plaintext that reaches the disk.
Rule: libsodium's secretstream (XChaCha20-Poly1305) authenticates every chunk, its place, and the end: nothing is handed
out before it is authenticated, and a file without its last chunk is an error, however it was cut. The context (what
the file is) goes into every chunk, so a file put in another's place does not open. Keys: as in `crypto`.

Layout: version (1 byte) | length of key id (1 byte) | key id | header (24 bytes) | chunks of 64 KiB plus 17 bytes.
"""

from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

import nacl.bindings as sodium
from django.conf import settings
from nacl.exceptions import RuntimeError as SodiumRefused

from privacy.subjects.crypto import CannotDecrypt, file_key

CHUNK_BYTES = 64 * 1024
_VERSION = 1
_OVERHEAD = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER_BYTES = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class EncryptedWriter:
    """Encrypts what is written to it for the current organisation. Write-only, not seekable.

    Use it as a context manager: only leaving it without an exception writes the end, so that a file whose writer failed
    can never be read as complete. `size` counts the bytes of plaintext.
    """

    def __init__(self, target: BinaryIO, *, context: str) -> None:
        self._target = target
        self._context = context.encode()
        self._waiting = bytearray()
        self.size = 0
        key_id = next(iter(settings.DATA_KEYS))
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        header = sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, file_key(key_id))
        target.write(bytes([_VERSION, len(key_id)]) + key_id.encode() + header)

    def write(self, data: bytes) -> int:
        """Add plaintext; returns its length in bytes."""
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) > CHUNK_BYTES:  # the last chunk is kept back: it is marked as the last
            self._push(bytes(self._waiting[:CHUNK_BYTES]), _MORE)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def flush(self) -> None:
        """Nothing leaves before a chunk is full; present because writers of archives ask for it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._push(bytes(self._waiting), _LAST)
        self._waiting.clear()

    def _push(self, chunk: bytes, tag: int) -> None:
        sealed = sodium.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, self._context, tag)
        self._target.write(sealed)


def decrypted(source: BinaryIO, *, context: str) -> Iterator[bytes]:
    """Read an encrypted file chunk by chunk; each chunk is authenticated before it is handed out.

    Args:
        context: the same as it was written with.

    Raises:
        CannotDecrypt: altered, cut, another file's or another organisation's. It may come after some chunks: throw away
            what was read. The message holds no data.
    """
    state = _opened(source, context)
    tag = _MORE
    while sealed := source.read(CHUNK_BYTES + _OVERHEAD):
        if tag == _LAST:
            raise CannotDecrypt(f"a file of {context} goes on after its end")
        try:
            chunk, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, context.encode())
        except (SodiumRefused, ValueError):
            raise CannotDecrypt(f"a file of {context} was altered, or is not this organisation's") from None
        if chunk:
            yield chunk
    if tag != _LAST:
        raise CannotDecrypt(f"a file of {context} ends before its end")


def _opened(source: BinaryIO, context: str) -> sodium.crypto_secretstream_xchacha20poly1305_state:
    start = source.read(2)
    if len(start) != 2 or start[0] != _VERSION:
        raise CannotDecrypt(f"a file of {context} is not an encrypted file of a known version")
    key_id, header = source.read(start[1]), source.read(_HEADER_BYTES)
    if len(header) != _HEADER_BYTES:
        raise CannotDecrypt(f"a file of {context} ends before its end")
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, file_key(key_id.decode("ascii", "replace")))
    return state
