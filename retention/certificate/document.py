"""Certificates as files: readable JSON beside the signed form, and the check that both are genuine and the same.

Danger: somebody alters the readable part and leaves the signed part alone. Rule: the check compares both, in canonical
form (RFC 8785).
"""

import json
import re
from typing import Any

import rfc8785

from privacy.ledger.signing import SignatureInvalid, read_signed

KIND = "run-certificate"
_SIGNED = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)  # compact JWS


class CertificateInvalid(Exception):
    """The document is no genuine certificate; the message says why."""


class NoCertificate(CertificateInvalid):
    """The document is nothing that a certificate could be, genuine or not."""


def as_file(document: str) -> bytes:
    """The JSON file of a signed document: `certificate` to read, `jws` to check.

    Raises:
        CertificateInvalid: the signature is not ours.
    """
    content = _content(document, None)
    return json.dumps({"certificate": content, "jws": document}, indent=2, ensure_ascii=False).encode() + b"\n"


def check_file(text: str, *, keys: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a certificate says, after it was found genuine. Needs neither database nor network.

    Args:
        text: the JSON file, or the signed document alone.
        keys: JSON Web Key Set to trust; this installation's own when absent.

    Raises:
        NoCertificate: it is neither the JSON file of a certificate nor a signed document.
        CertificateInvalid: altered, or signed by somebody else.
    """
    if _SIGNED.fullmatch(text.strip()):
        return _content(text, keys)
    try:
        given = json.loads(text)
        shown, document = given["certificate"], given["jws"]
    except (ValueError, KeyError, TypeError):
        raise NoCertificate("it is not the JSON file of a certificate; save it again as it came") from None
    content = _content(document, keys)
    if _canonical(shown) != _canonical(content):
        raise CertificateInvalid("the readable part was altered: it is not what was signed")
    return content


def _content(document: Any, keys: dict[str, Any] | None) -> dict[str, Any]:
    if not isinstance(document, str):
        raise NoCertificate("it holds no signed document")
    try:
        return read_signed(document, kind=KIND, keys=keys)
    except SignatureInvalid as error:
        raise CertificateInvalid(str(error)) from None


def _canonical(content: Any) -> bytes:
    try:
        return rfc8785.dumps(content)
    except rfc8785.CanonicalizationError:
        return b""
