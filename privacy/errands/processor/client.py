"""One call to a processor.

Danger: a server that answers for ever, sends us elsewhere, or more than fits.
Rule: no redirect is followed; every call has a time limit as a whole, and every answer a limit in bytes. Neither
address nor body of a call is logged or put into an error.
"""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from privacy.errands.errors import ProcessorProblem
from privacy.errands.models import Processor
from privacy.errands.processor.addresses import public_address

ANSWER_BYTES = 256 * 1024
RESULT_BYTES = 512 * 1024 * 1024
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_ANSWER_SECONDS = 60.0
_RESULT_SECONDS = 1800.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes


def host_of(processor: Processor) -> str:
    """The host under which we know the processor."""
    return urlsplit(processor.base_url).hostname or ""


def call(processor: Processor, method: str, path: str, body: bytes | None = None) -> Answer:
    """Ask and read the whole answer.

    Args:
        path: after the base address; opaque ids only.

    Raises:
        ProcessorProblem: not reached, too slow, too long, or it sends us elsewhere.
    """
    with _answer(processor, method, f"{processor.base_url}{path}", body) as response:
        return Answer(
            response.status_code, response.headers, b"".join(_limited(response, ANSWER_BYTES, _ANSWER_SECONDS))
        )


@contextmanager
def download(processor: Processor, url: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Content type and content of results, as a stream; they lie where the processor itself is, and nowhere else.

    Raises:
        ProcessorProblem: as `call`, and when the address is another host's.
    """
    there, known = urlsplit(url), urlsplit(processor.base_url)
    if (there.scheme, there.hostname, there.port) != ("https", known.hostname, known.port) or there.username:
        raise ProcessorProblem("processor_elsewhere")
    with _answer(processor, "GET", url, None) as response:
        if response.status_code != httpx.codes.OK:
            raise ProcessorProblem("processor_error", passing=response.status_code >= 500)
        yield response.headers.get("content-type", ""), _limited(response, RESULT_BYTES, _RESULT_SECONDS)


@contextmanager
def _answer(processor: Processor, method: str, url: str, body: bytes | None) -> Iterator[httpx.Response]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = public_address(host, parts.port or 443)
    headers = {"Host": parts.netloc, "Accept": "application/json", "Authorization": f"Bearer {processor.secret}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    target = httpx.URL(url).copy_with(host=address)
    try:
        with (
            httpx.Client(verify=_tls(), timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(method, target, headers=headers, content=body, extensions={"sni_hostname": host}) as response,
        ):
            if response.is_redirect:
                raise ProcessorProblem("processor_elsewhere")
            yield response
    except (httpx.TransportError, httpx.StreamError):
        raise ProcessorProblem("processor_unreachable", passing=True) from None


def _limited(response: httpx.Response, most: int, seconds: float) -> Iterator[bytes]:
    until, size = time.monotonic() + seconds, 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > most:
            raise ProcessorProblem("processor_too_long")
        if time.monotonic() > until:
            raise ProcessorProblem("processor_unreachable", passing=True)
        yield chunk


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=getattr(settings, "PROCESSOR_CA_FILE", None))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
