"""Signing what leaves the house (receipts, certificates), so that anybody can check it without us.

JSON Web Signature in compact form (RFC 7515) with Ed25519 (RFC 8032, RFC 9864). The keys come from the
environment, or are an organisation's own; their public halves are published as a JSON Web Key Set, named by their
thumbprints (RFC 7638).
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from privacy.ledger.canonical import canonical

ALGORITHM = "Ed25519"


_organisations_own: list[Callable[[], list[dict[str, Any]]]] = []


class SignatureInvalid(Exception):
    """The document was not signed with one of the keys, or was altered since."""


def sign(content: dict[str, Any], *, kind: str, seed: bytes | None = None) -> str:
    """Sign a document.

    Args:
        content: what JSON can hold; it is signed in canonical form (RFC 8785), so the same content gives the same
            bytes and the same signature.
        kind: goes into the protected header (`consent-receipt`), so that one document does not pass for another.
        seed: of the organisation's own key, 32 bytes; the installation's key signs when absent.
    """
    # written here and not by the library, which examines header and key anew each time, as long as signing takes
    seed = seed or settings.SIGNING_SEED
    document = _header(seed, kind) + b"." + urlsafe_b64encode(canonical(content)).rstrip(b"=")
    signature = urlsafe_b64encode(_private_half(seed).sign(document)).rstrip(b"=")
    return (document + b"." + signature).decode()


def read_signed(document: str, *, kind: str, keys: dict[str, Any] | None = None) -> dict[str, Any]:
    """The content of a signed document.

    Args:
        document: compact JWS.
        kind: what it must be.
        keys: JSON Web Key Set to trust; this installation's own when absent.

    Raises:
        SignatureInvalid: altered, signed by somebody else, or another kind of document.
    """
    try:
        trusted = KeySet.import_key_set(keys or public_keys())  # type: ignore[arg-type]
        read = jws.deserialize_compact(document.strip().encode(), trusted, algorithms=[ALGORITHM])
        content = json.loads(read.payload)
    except (JoseError, ValueError, KeyError, TypeError):
        raise SignatureInvalid("the signature does not belong to this content and these keys") from None
    if read.headers().get("typ") != kind:
        raise SignatureInvalid(f"it is signed, but it is not a {kind}")
    return content


def public_keys() -> dict[str, Any]:
    """The public keys as a JSON Web Key Set (RFC 7517): the present one first, then those that signed before it."""
    return {"keys": [public_half(seed) for seed in (settings.SIGNING_SEED, *settings.RETIRED_SIGNING_SEEDS)]}


def public_half(seed: bytes) -> dict[str, Any]:
    """The public half of a key as a JSON Web Key (RFC 7517, RFC 8037)."""
    key = _signing_key(seed)
    return key.as_dict(private=False) | {"kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}


def register_own_keys(keys: Callable[[], list[dict[str, Any]]]) -> None:
    """Register what names the public halves of the current organisation's own keys."""
    if keys not in _organisations_own:
        _organisations_own.append(keys)


def published_keys() -> dict[str, Any]:
    """Every key that verifies what the current organisation gave out: the installation's, then its own."""
    own = [key for keys in _organisations_own for key in keys()]
    return {"keys": [*public_keys()["keys"], *own]}


@lru_cache(maxsize=64)
def _header(seed: bytes, kind: str) -> bytes:
    """The protected header, as it stands in the document; the same for all that a key signs of a kind."""
    header = {"alg": ALGORITHM, "kid": _signing_key(seed).thumbprint(), "typ": kind}
    return urlsafe_b64encode(json.dumps(header, separators=(",", ":")).encode()).rstrip(b"=")


@lru_cache(maxsize=16)
def _private_half(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=16)
def _signing_key(seed: bytes) -> OKPKey:
    private = _private_half(seed).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return OKPKey.import_key(private)
