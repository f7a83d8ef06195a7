"""The signature under what a processor says (OpenDSR, sections 4.2 and 8.3).

Danger: whoever can answer in the processor's name can say "deleted".
Rule: the raw body is verified before it is read, with the key that an officer entered, never with one that came along.
Without a signature, with another domain than the one we called, or under a certificate that is over: refused.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.utils.translation import gettext as _

from privacy.errands.errors import ProcessorNotUsable, ProcessorProblem

NAMES = ("OpenDSR", "OpenGDPR")
"""The specification's name and its former one, which everybody still has to honour (section 10.1)."""

LEAST_RSA_BITS = 2048
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


def checked_key(pem: str) -> str:
    """A PEM certificate or public key that signatures can be verified with.

    Raises:
        ProcessorNotUsable: it cannot be read, is neither RSA nor elliptic curve, is too short, or is over.
    """
    try:
        _key(pem)
    except ProcessorProblem:
        raise ProcessorNotUsable(
            _("The certificate is not valid now. Ask the processor for the present one.")
        ) from None
    except ValueError:
        message = _("Paste the processor's certificate or public key in PEM form: RSA of 2048 bits or more, or EC.")
        raise ProcessorNotUsable(message) from None
    return pem.strip() + "\n"


def verify(*, body: bytes, headers: Mapping[str, str], key_pem: str, domain: str) -> None:
    """See that a processor said exactly this.

    Args:
        body: as it came, not parsed.
        domain: the host under which we know the processor.

    Raises:
        ProcessorProblem: it did not, or nobody can tell.
    """
    said, signature = _header(headers, "Processor-Domain"), _header(headers, "Signature")
    if said.lower() != domain.lower() or not signature:
        raise ProcessorProblem("processor_signature")
    try:
        key = _key(key_pem)
        raw = base64.b64decode("".join(signature.split()), validate=True)
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(raw, body, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(raw, body, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise ProcessorProblem("processor_signature") from None


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((found for each in NAMES if (found := headers.get(f"X-{each}-{name}"))), "")


def _key(pem: str) -> PublicKey:
    """Raises ValueError when it is none, ProcessorProblem when its certificate is not valid now."""
    data = pem.strip().encode()
    if b"BEGIN CERTIFICATE" in data:
        certificate = x509.load_pem_x509_certificate(data)
        if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
            raise ProcessorProblem("processor_key_over")
        key: object = certificate.public_key()
    else:
        key = serialization.load_pem_public_key(data)
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return key
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key
    raise ValueError("neither RSA of a fair size nor elliptic curve")
