"""All that the register says about one kind of decision, and about receipts, in one round trip each.

A capture is called by machines and measured in calls a second; asked object by object, the register costs more than
the capture itself. Nothing read here is kept longer than the call.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models

from consent.keys.models import ReceiptKey
from consent.models import Wording
from privacy.register.errors import ProfileMissing
from privacy.register.models import Notice, OrganisationProfile, Purpose, Recipient
from privacy.tenants.rows import Question, ask

AnyModel = TypeVar("AnyModel", bound=models.Model)
Reader = tuple[str, Callable[[Any], Any] | None]

_TERMS = f"""
    SELECT to_jsonb(p), to_jsonb(w), to_jsonb(n) - 'body' - 'in_force', n.in_force,
           p.lawful_basis = 'consent' OR EXISTS (SELECT 1 FROM {Wording._meta.db_table} WHERE purpose_id = p.id)
      FROM (SELECT %s::text AS purpose, %s::text AS language, %s::text AS notice_version,
                   %s::int AS wording_version, coalesce(%s::timestamptz, clock_timestamp()) AS at,
                   coalesce(%s::timestamptz, clock_timestamp()) AS day_ends) AS said
      LEFT JOIN {Purpose._meta.db_table} p ON p.code = said.purpose
      LEFT JOIN LATERAL (
           SELECT * FROM {Wording._meta.db_table}
            WHERE purpose_id = p.id AND language = said.language
              AND (said.wording_version IS NULL OR version = said.wording_version)
            ORDER BY version DESC LIMIT 1) w ON true
      LEFT JOIN LATERAL (
           SELECT named.*, named.published_at <= said.day_ends AND NOT EXISTS (
                  SELECT FROM {Notice._meta.db_table} newer
                   WHERE newer.language = named.language AND newer.published_at > named.published_at
                     AND newer.published_at <= said.at) AS in_force
             FROM {Notice._meta.db_table} named
            WHERE CASE WHEN said.notice_version <> '' THEN version = said.notice_version
                       ELSE language IN (said.language, 'en') AND published_at <= said.at END
            ORDER BY (language = said.language) DESC, published_at DESC LIMIT 1) n ON true"""  # noqa: S608

_SENDER = f"""
    SELECT to_jsonb(o), (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.name, r.id)
                           FROM {Recipient._meta.db_table} r
                           JOIN {Recipient.purposes.through._meta.db_table} link ON link.recipient_id = r.id
                          WHERE link.purpose_id = {{purpose}}
                            AND (r.inactive_since IS NULL
                                 OR r.inactive_since > (clock_timestamp() AT TIME ZONE o.time_zone)::date)),
           (SELECT seed FROM {ReceiptKey._meta.db_table} WHERE is_current)
      FROM {OrganisationProfile._meta.db_table} o"""  # noqa: S608
_SENDER_BY_ID = _SENDER.format(purpose="%s")
_SENDER_BY_CODE = _SENDER.format(purpose=f"(SELECT id FROM {Purpose._meta.db_table} WHERE code = %s)")  # noqa: S608

_SEED = ReceiptKey._meta.get_field("seed").from_db_value


@dataclass(frozen=True)
class Register:
    """What was found; None where there is nothing."""

    purpose: Purpose | None
    wording: Wording | None
    notice: Notice | None
    notice_is_in_force: bool
    consent_was_asked: bool
    """Whether anybody may ever have given consent to it, whatever it rests on now."""


@dataclass(frozen=True, slots=True)
class Past:
    """When something was decided that is told on a later day.

    Args:
        at: the moment, be it by guess; the notice of then is taken where none is named.
        day_ends: the end of its day; a notice that is named was in force on that day.
    """

    at: datetime
    day_ends: datetime


def read_register(
    *, purpose: str, language: str, notice_version: str, wording_version: int | None, past: Past | None = None
) -> Register:
    """The purpose, the words and the notice that a caller names; the newest words and the notice in force by default.

    The notice comes without its text.

    Args:
        past: when it was decided, where that was before today.
    """
    return ask(
        what_register_says(
            purpose=purpose, language=language, notice_version=notice_version, wording_version=wording_version,
            past=past,
        )
    )  # fmt: skip


def what_register_says(
    *, purpose: str, language: str, notice_version: str, wording_version: int | None, past: Past | None = None
) -> Question[Register]:
    """The same, as a question to be asked together with others."""
    when = [past.at, past.day_ends] if past else [None, None]
    return Question(_TERMS, [purpose, language, notice_version, wording_version, *when], _read_terms)


def _read_terms(rows: list[tuple[Any, ...]]) -> Register:
    ((purpose_row, wording_row, notice_row, in_force, was_asked),) = rows
    found, wording = _instance(Purpose, purpose_row), _instance(Wording, wording_row)
    if wording is not None and found is not None:
        wording.purpose = found
    return Register(found, wording, _instance(Notice, notice_row), bool(in_force), bool(was_asked))


@dataclass(frozen=True)
class Sender:
    """What receipts say of the organisation.

    recipients: to whom it discloses for the purpose.
    seed: of its own key; None while the installation's signs.
    """

    organisation: OrganisationProfile
    recipients: list[Recipient]
    seed: bytes | None = field(repr=False)


def read_sender(purpose: Purpose) -> Sender:
    """Who the organisation is, to whom it discloses for a purpose, and with what it signs.

    Raises:
        ProfileMissing: nobody has said yet.
    """
    sender = find_sender(purpose)
    if sender is None:
        raise ProfileMissing
    return sender


def find_sender(purpose: Purpose) -> Sender | None:
    """The same; None when nobody has said yet."""
    return ask(Question(_SENDER_BY_ID, [purpose.pk], _read_sender))


def what_receipt_says(purpose: str) -> Question[Sender | None]:
    """The same for a purpose's code, as a question to be asked together with others; None when nobody has said yet."""
    return Question(_SENDER_BY_CODE, [purpose], _read_sender)


def _read_sender(rows: list[tuple[Any, ...]]) -> Sender | None:
    if not rows:
        return None
    ((profile, recipients, seed),) = rows
    organisation = _instance(OrganisationProfile, profile)
    if organisation is None:
        return None
    to = [Recipient(**recipient) for recipient in json.loads(recipients or "[]")]
    return Sender(organisation, to, _SEED(seed, None, None))


def _instance(model: type[AnyModel], text: str | None) -> AnyModel | None:
    """A row that came as JSON, as the model's instance; columns that did not come are deferred."""
    if text is None:
        return None
    row: dict[str, Any] = json.loads(text)
    names, readers = _shape(model, tuple(row))
    return model.from_db("default", names, [read(row[column]) if read else row[column] for column, read in readers])


@lru_cache(maxsize=16)
def _shape(model: type[models.Model], columns: tuple[str, ...]) -> tuple[list[str], list[Reader]]:
    """Attributes of the columns that came, and what makes their values; None where JSON has the value itself."""
    fields = [each for each in model._meta.concrete_fields if each.column in columns]
    readers: list[Reader] = [
        (each.column or "", None if type(each) in _AS_JSON_HAS_THEM else each.to_python) for each in fields
    ]
    return [each.attname for each in fields], readers


_AS_JSON_HAS_THEM = frozenset({models.CharField, models.TextField, models.BooleanField, models.JSONField})
