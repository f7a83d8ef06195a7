"""Rows that cannot be changed unnoticed.

Danger: whoever can write to the database can rewrite the past.
Rule: the organisation's role may INSERT and SELECT, nothing else. Each row carries a keyed digest (HMAC-SHA256) of its
own content, with a key the database does not know, so an altered row is found at once. Rows are then sealed in
batches: a seal names its rows, hashes their digests with the seal before it, and is keyed too; so a removed, added or
swapped row is found as well. Writers never wait for each other: a seal covers all transactions numbered below the
oldest one still in flight, so a row that commits late is sealed later, never skipped.
Not seen: the owner of the tables removes the newest seals together with their rows, or rows not sealed yet. That takes
an anchor kept elsewhere (docs/decisions/0001).

`epoch` is the identifier of the PostgreSQL cluster: transaction numbers of a restored database start anew.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, ClassVar

import uuid_utils
from django.conf import settings
from django.db import models
from django.db.models import Func
from django.utils import timezone

from privacy.ledger.canonical import canonical
from privacy.tenants.context import current_organisation
from privacy.tenants.db import connection


class CurrentTransaction(Func):
    """The number of the transaction that writes the row (64 bits, never reused within a cluster)."""

    template = "(pg_current_xact_id()::text)::bigint"
    output_field = models.BigIntegerField()


def new_id() -> uuid.UUID:
    """A time-ordered identifier (UUID version 7, RFC 9562)."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


@lru_cache(maxsize=8)
def _cluster_of(host: str, port: str, database: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        return cursor.fetchone()[0]


def current_epoch() -> int:
    """Identifier of the PostgreSQL cluster we write to; read once per process."""
    where = connection.settings_dict
    return _cluster_of(str(where["HOST"]), str(where["PORT"]), where["NAME"])


def plain_value(value: Any) -> Any:
    """A value as canonical JSON can hold it; the same for what was written and what is read back."""
    if value is None or isinstance(value, str | int):
        return value  # nearly all of them
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


class SealedRow(models.Model):
    """Base of append-only rows. A subclass names the fields that are sealed; that should be all of them.

    Fields in `sealed_if_set` came later: where they are empty the digest is what it was before there were any.
    """

    append_only: ClassVar[bool] = True
    sealed_fields: ClassVar[Sequence[str]] = ()
    sealed_if_set: ClassVar[Sequence[str]] = ()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    epoch = models.BigIntegerField(editable=False)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    digest = models.BinaryField(max_length=32, editable=False)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is append-only: add a new row instead of changing this one")
        self.prepare()
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} is append-only: rows expire only in whole sealed batches")

    def prepare(self) -> None:
        """Set what the seal needs; call it before `bulk_create`."""
        self.epoch = current_epoch()
        self.digest = self.expected_digest()

    def expected_digest(self) -> bytes:
        """Keyed digest of the row's content as it stands now; 32 bytes."""
        return row_digest(type(self), vars(self), organisation_key())

    def insertion(self) -> tuple[str, list[Any]]:
        """The row's INSERT and its parameters, for callers that send several statements in one round trip.

        The row must have been prepared.
        """
        values = vars(self)
        return _insert_statement(type(self)), [
            prepare(values[name], connection=connection) if prepare else values[name]
            for name, prepare in _preparers(type(self))
        ]


def row_digest(model: type[SealedRow], row: Mapping[str, Any], key: bytes) -> bytes:
    """Keyed digest of a row that need not be an instance: thousands are written by COPY. 32 bytes.

    Args:
        row: by name, its id, time, epoch and whatever is sealed.
        key: the organisation's.
    """
    content = {name: plain_value(row[name]) for name in ("id", "recorded_at", *model.sealed_fields)}
    for name in model.sealed_if_set:
        if content[name] is None:
            del content[name]
    content["epoch"] = str(row["epoch"])  # beyond what JSON numbers hold exactly
    return _digest(key, model._meta.label_lower.encode(), canonical(content))


@lru_cache(maxsize=32)
def _written_fields(model: type[SealedRow]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if field.name != "transaction"]  # the database knows that


@lru_cache(maxsize=32)
def _preparers(model: type[SealedRow]) -> list[tuple[str, Callable[..., Any] | None]]:
    """Attribute of each written field, and what makes its parameter; None where that is the value itself."""
    return [
        (field.attname, None if type(field) in _AS_THEY_ARE else field.get_db_prep_save)
        for field in _written_fields(model)
    ]


_AS_THEY_ARE = frozenset({models.CharField, models.UUIDField, models.DateTimeField, models.BigIntegerField})


@lru_cache(maxsize=32)
def _insert_statement(model: type[SealedRow]) -> str:
    fields = _written_fields(model)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({", ".join(["%s"] * len(fields))})'  # noqa: S608


def keyed_digest(*parts: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) over length-prefixed parts, with a key of this organisation's own; 32 bytes."""
    return _digest(organisation_key(), *parts)


def _digest(key: bytes, *parts: bytes) -> bytes:
    message = b"".join([len(part).to_bytes(8, "big") + part for part in parts])
    return hmac.digest(key, message, hashlib.sha256)


def organisation_key() -> bytes:
    """The key of the current organisation's digests; 32 bytes. It leaves this house in its complete export only."""
    return _ledger_key(bytes(current_organisation().key_salt))


@lru_cache(maxsize=256)
def _ledger_key(salt: bytes) -> bytes:
    return hmac.digest(settings.LEDGER_KEY, b"ledger" + salt, hashlib.sha256)
