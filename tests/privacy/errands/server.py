"""A small processor of our own: OpenDSR over TLS, with real signatures, that can be told to misbehave."""

import base64
import datetime as dt
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

TOKEN = "our-bearer-token"
CONTROLLER = "controller-7"


def make_key(kind: str = "rsa") -> Any:
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


def public_pem(key: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def certificate(key: Any, *, days: int = 30) -> x509.Certificate:
    """Self-signed for localhost; `days` may be negative."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def certificate_pem(key: Any, **options: Any) -> str:
    return certificate(key, **options).public_bytes(serialization.Encoding.PEM).decode()


def signature(key: Any, body: bytes) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        raw = key.sign(body, padding.PKCS1v15(), hashes.SHA256())
    else:
        raw = key.sign(body, ec.ECDSA(hashes.SHA256()))
    return base64.b64encode(raw).decode()


class Processor:
    """What it knows and how it behaves.

    asked: bodies of questions it took, by id. posts: how many came. lose_answer: takes the question and hangs up.
    fail: status codes for the next answers. status: what it says of every question.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self.key = make_key(kind)
        self.signs_with = self.key
        self.asked: dict[str, dict[str, Any]] = {}
        self.posts = 0
        self.gets = 0
        self.paths: list[str] = []
        self.fail: list[int] = []
        self.lose_answer = False
        self.status = "pending"
        self.expected = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
        self.results: bytes | None = None
        self.results_url = ""
        self.redirect_to = ""
        self.sleep = 0.0
        self.domain = "localhost"
        self.takes: list[str] = ["access", "erasure"]
        self.knows: list[dict[str, str]] = [
            {"identity_type": name, "identity_format": form} for name in ("email",) for form in ("raw", "sha256")
        ]
        self.change_body: Callable[[dict[str, Any]], dict[str, Any]] = lambda body: body
        tls = make_key("ec")
        self.ca_file = folder / "ca.pem"
        pem = serialization.Encoding.PEM
        form = serialization.PrivateFormat.PKCS8
        key_bytes = tls.private_bytes(pem, form, serialization.NoEncryption())
        shown = certificate(tls).public_bytes(pem)
        (folder / "tls.pem").write_bytes(key_bytes + shown)
        self.ca_file.write_bytes(shown)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "tls.pem")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    @property
    def base_url(self) -> str:
        return f"https://localhost:{self._server.server_port}/opendsr/v1"

    @property
    def callback_url(self) -> str:
        """Where it was told to call."""
        return next(iter(self.asked.values()))["status_callback_urls"][0]

    def status_body(self, key: str) -> bytes:
        body = {
            "controller_id": CONTROLLER,
            "expected_completion_time": self.expected.isoformat(),
            "subject_request_id": key,
            "request_status": self.status,
            "api_version": "2.0",
        }
        if self.results_url:
            body["results_url"] = self.results_url
        if self.results is not None:
            body["results_count"] = len(self.results)
        return json.dumps(self.change_body(body)).encode()

    def discovery(self) -> bytes:
        body = {
            "api_version": "2.0",
            "supported_identities": self.knows,
            "supported_subject_request_types": self.takes,
            "processor_certificate": f"https://localhost:{self._server.server_port}/certificate.pem",
        }
        return json.dumps(self.change_body(body)).encode()

    @contextmanager
    def running(self) -> Iterator["Processor"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _handler(processor) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                processor.posts += 1
                if not self._begin():
                    return
                asked = json.loads(body)
                processor.asked[asked["subject_request_id"]] = asked
                if processor.lose_answer:
                    processor.lose_answer = False
                    self.close_connection = True
                    return
                answer = {
                    "controller_id": CONTROLLER,
                    "expected_completion_time": processor.expected.isoformat(),
                    "received_time": dt.datetime.now(dt.UTC).isoformat(),
                    "encoded_request": base64.b64encode(body).decode(),
                    "subject_request_id": asked["subject_request_id"],
                }
                self._say(201, json.dumps(processor.change_body(answer)).encode())

            def do_GET(self) -> None:
                if self.path.endswith("/discovery"):
                    if self._begin():
                        self._say(200, processor.discovery())
                    return
                processor.gets += 1
                if not self._begin():
                    return
                key = self.path.rpartition("/")[2]
                if self.path.endswith("/results"):
                    self._say(200, processor.results or b"", "application/json")
                elif key in processor.asked:
                    self._say(200, processor.status_body(key))
                else:
                    self._say(404, b"{}")

            def _begin(self) -> bool:
                processor.paths.append(self.path)
                time.sleep(processor.sleep)
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    self._say(401, b"{}")
                    return False
                if processor.redirect_to:
                    self.send_response(302)
                    self.send_header("Location", processor.redirect_to)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return False
                if processor.fail:
                    self._say(processor.fail.pop(0), b"{}")
                    return False
                return True

            def _say(self, status: int, body: bytes, kind: str = "application/json") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("X-OpenDSR-Processor-Domain", processor.domain)
                if processor.signs_with is not None:
                    self.send_header("X-OpenDSR-Signature", signature(processor.signs_with, body))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        return Handler
