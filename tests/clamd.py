"""A small clamd of our own: the INSTREAM command of clamd(8) over a real socket. It knows one signature, EICAR's."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """`received` is every stream it was sent; `answer` replaces what it says, `hangs` keeps it from saying anything."""

    def __init__(self, server: socket.socket, address: str | tuple[str, int]) -> None:
        self.address = address
        self.received: list[bytes] = []
        self.answer: bytes | None = None
        self.hangs = False
        self.limit = 25 * 1024 * 1024
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._server.close()
        self._thread.join(5)

    def _serve(self) -> None:
        self._server.settimeout(0.2)
        while not self._over.is_set():
            try:
                client, _address = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with client:
                client.settimeout(5)
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        command = _exactly(client, len(b"zINSTREAM\0"))
        if command != b"zINSTREAM\0":
            client.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack(">I", _exactly(client, 4))[0]:
            content += _exactly(client, size)
            if len(content) > self.limit:
                client.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.received.append(content)
        if self.hangs:
            self._over.wait(5)
            return
        client.sendall(self.answer or self._verdict(content))

    def _verdict(self, content: bytes) -> bytes:
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"


def _exactly(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        if not (piece := client.recv(size - len(data))):
            raise ConnectionError("the client went away")
        data += piece
    return data


@contextmanager
def over_tcp() -> Iterator[Clamd]:
    server = socket.create_server(("127.0.0.1", 0))
    daemon = Clamd(server, ("127.0.0.1", server.getsockname()[1]))
    try:
        yield daemon
    finally:
        daemon.stop()


@contextmanager
def over_unix(folder: Path) -> Iterator[Clamd]:
    path = str(folder / "clamd.ctl")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(path)
    server.listen()
    daemon = Clamd(server, path)
    try:
        yield daemon
    finally:
        daemon.stop()
