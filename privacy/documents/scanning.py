"""Asking ClamAV's daemon about a file (ASVS 5.0, 5.4.3), by its INSTREAM command; see clamd(8).

Danger: an answer that did not come, or says something else, is taken for "clean".
Rule: a file is clean only when the daemon says exactly so. Everything else is infected, or not known yet.
"""

import re
import socket
import struct
from collections.abc import Iterable
from contextlib import closing

from django.conf import settings

from privacy.documents.errors import ScannerAway

CHUNK_BYTES = 64 * 1024
_SECONDS = 60
_LONGEST_ANSWER = 4096
_FOUND = re.compile(rb"stream: (.{1,200}) FOUND")


def is_configured() -> bool:
    """Whether there is a scanner. Without one, files are opened unscanned, and pages say so."""
    return settings.CLAMD_ADDRESS is not None


def scan(chunks: Iterable[bytes], *, seconds: float = _SECONDS) -> str | None:
    """What the scanner calls what it found; None when the file is clean.

    Args:
        chunks: the content, read once.
        seconds: how long to wait for each step of the conversation.

    Raises:
        ScannerAway: there was no answer, or one that is neither; nothing is known about the file.
    """
    try:
        with closing(_connection(seconds)) as daemon:
            answer = _ask(daemon, chunks)
    except OSError:
        raise ScannerAway("scanner_unreachable") from None
    if answer == b"stream: OK":
        return None
    if found := _FOUND.fullmatch(answer):
        return found[1].decode("ascii", "replace")
    raise ScannerAway("scanner_too_large" if b"size limit exceeded" in answer else "scanner_refused")


def _connection(seconds: float) -> socket.socket:
    address: str | tuple[str, int] | None = settings.CLAMD_ADDRESS
    if address is None:
        raise ScannerAway("scanner_not_configured")
    if isinstance(address, tuple):
        return socket.create_connection(address, timeout=seconds)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _ask(daemon: socket.socket, chunks: Iterable[bytes]) -> bytes:
    try:
        daemon.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            for start in range(0, len(chunk), CHUNK_BYTES):
                piece = chunk[start : start + CHUNK_BYTES]
                daemon.sendall(struct.pack(">I", len(piece)) + piece)
        daemon.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it says why before it hangs up: a file over its limit
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        if not (piece := daemon.recv(_LONGEST_ANSWER)):
            raise ScannerAway("scanner_unreachable")
        answer += piece
    return answer.rstrip(b"\0")
