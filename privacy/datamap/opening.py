"""From a row of the data map to a source the engine can talk to.

Danger: masks are keyed; whoever has the key can tie a token back to a value. Rule: each organisation has a mask key of
its own, derived from the installation's index key and the organisation's salt (HKDF, RFC 5869), never stored. It does
not change when the data keys are rotated: a mask applied again after a rotation must still change nothing.
"""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from privacy.datamap.addresses import checked_address, is_sqlite
from privacy.datamap.engine import source as engine_source
from privacy.datamap.engine.errors import SourceUnreachable
from privacy.datamap.errors import AddressRefused
from privacy.datamap.models import Source, SourceKind
from privacy.datamap.own_schema import open_own_schema
from privacy.tenants.context import current_organisation


def open_for_engine(source: Source) -> engine_source.Source:
    """The source as the engine knows it; no connection is made yet. Use it as a context manager, which closes it.

    Raises:
        AddressRefused: its stored address is not one that a source may have.
    """
    if source.kind == SourceKind.PORTAL:
        return open_own_schema(mask_key=mask_key())  # whatever stands in its row as an address
    return open_address(source.address)


def open_address(address: str) -> engine_source.Source:
    """Like `open_for_engine`, for an address that is not stored yet.

    Raises SourceUnreachable for a file that is gone, or whose directory is no longer open to the organisation.
    """
    try:
        checked = checked_address(address)
    except AddressRefused as error:
        if is_sqlite(address):
            raise SourceUnreachable(str(error)) from None
        raise
    return engine_source.open_source(checked, mask_key=mask_key())


def mask_key() -> bytes:
    """The current organisation's key behind keyed masks; 32 bytes."""
    return _derive(settings.INDEX_KEY, bytes(current_organisation().key_salt))


@lru_cache(maxsize=256)
def _derive(master: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"privacy-desk mask").derive(master)
