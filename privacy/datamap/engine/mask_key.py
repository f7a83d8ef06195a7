"""The secret behind keyed masks, and the sub-keys that travel to a source.

Danger: a source's operator can read bind parameters. Rule: the master key never leaves this process; what a source sees
is a sub-key that is good for one purpose in that source only (HMAC-SHA256 as the expansion step of RFC 5869).
"""

import hashlib
import hmac

from privacy.datamap.engine.errors import InvalidSpec

BLOCK = 64  # SHA-256 works on blocks of 64 bytes (FIPS 180-4)


class MaskKey:
    """A secret of at least 32 bytes. Raises InvalidSpec for a shorter one."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise InvalidSpec("The mask key needs at least 32 bytes of randomness.")
        self._secret = secret

    def __repr__(self) -> str:
        return "MaskKey(secret)"

    def derive(self, *purpose: str) -> bytes:
        """32 bytes for one purpose; other purposes say nothing about them."""
        label = b"privacy-desk/mask\x00" + "\x00".join(purpose).encode()
        return hmac.digest(self._secret, label, hashlib.sha256)


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer padded key of HMAC (RFC 2104): with them a database computes HMAC by two plain hashes."""
    padded = key.ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded)
