"""Encryption of personal data in our own tables, and the index by which it is found again.

Danger: a key in the wrong place, or a reused nonce, and encryption is decoration.
Rule: keys come from the environment, never from the database. Each organisation has keys of its own, derived from the
master key and a salt in its registry row (HKDF, RFC 5869); overwriting the salt makes its data unreadable for good.
AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce for each value; the context (which field) is authenticated, so
a value moved to another field does not decrypt. A value names the master key it was made with, so keys can change.

Layout: version (1 byte) | length of key id (1 byte) | key id | nonce (12 bytes) | ciphertext and tag.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from privacy.subjects.identifiers import compared
from privacy.tenants.context import current_organisation

_VERSION = 1
_NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """The value was made with a key we do not have, was altered, or belongs to another field or organisation."""


def encrypt(plaintext: str, *, context: str) -> bytes:
    """Encrypt a text for the current organisation.

    Args:
        context: names the field (`subjects.identifier.value`); the same is needed to decrypt.
    """
    key_id = next(iter(settings.DATA_KEYS))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(data_key(key_id)).encrypt(nonce, plaintext.encode(), context.encode())
    return bytes([_VERSION, len(key_id)]) + key_id.encode() + nonce + sealed


def decrypt(value: bytes, *, context: str) -> str:
    """Undo `encrypt`.

    Raises:
        CannotDecrypt: wrong key, organisation or context, or an altered value. The message holds no data.
    """
    try:
        version, length = value[0], value[1]
        key_id = value[2 : 2 + length].decode()
        nonce, sealed = value[2 + length :][:_NONCE_BYTES], value[2 + length + _NONCE_BYTES :]
        if version != _VERSION:
            raise CannotDecrypt(f"unknown version {version} of encrypted value")
        return AESGCM(data_key(key_id)).decrypt(nonce, sealed, context.encode()).decode()
    except (IndexError, ValueError, InvalidTag):  # ValueError: cut so short that no nonce is left, or no text
        raise CannotDecrypt(f"a value of {context} cannot be decrypted: altered, or not this organisation's") from None


def data_key(key_id: str) -> bytes:
    """The current organisation's data key under a master key; 32 bytes.

    Raises:
        CannotDecrypt: the master key is not in the environment any more.
    """
    return _key_under(key_id, b"data")


def file_key(key_id: str) -> bytes:
    """Like `data_key`, for files (see `privacy.subjects.files`): one key is never used with two ciphers."""
    return _key_under(key_id, b"file")


def _key_under(key_id: str, purpose: bytes) -> bytes:
    try:
        master = settings.DATA_KEYS[key_id]
    except KeyError:
        raise CannotDecrypt(
            f"the key {key_id!r} is not in PRIVACY_DESK_KEYS; put it back behind the current one"
        ) from None
    return _derive(master, bytes(current_organisation().key_salt), purpose)


def keyed_index(kind: str, normalised: str) -> bytes:
    """Keyed fingerprint under which a value is found without decrypting any; 32 bytes (HMAC-SHA256).

    Different for each organisation, so that nobody can tell that two organisations know the same person. Identifiers
    that are written differently and are the same have the same one.
    """
    return index_as_written(kind, compared(kind, normalised))


def index_as_written(kind: str, text: str) -> bytes:
    """Like `keyed_index`, of the letters as they are: how customer numbers were indexed once."""
    key = _derive(settings.INDEX_KEY, bytes(current_organisation().key_salt), b"index")
    return hmac.digest(key, f"{kind}\0{text}".encode(), hashlib.sha256)


@lru_cache(maxsize=512)
def _derive(master: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"privacy-desk " + purpose).derive(master)
