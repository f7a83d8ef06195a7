"""The evidence of a consent for officers to read, and who recorded it; exactly as it was stated, nothing left out."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.evidence import NEEDED
from consent.models import ConsentRecord, Evidence
from consent.records import evidence_digest
from privacy.ledger.actors import ActorKind
from privacy.ledger.words import actor_words
from privacy.officers.models import ApiKey
from privacy.subjects.crypto import CannotDecrypt

_TITLES = {
    "page": gettext_lazy("page of the portal"),
    "control": gettext_lazy("what was pressed"),
    "shown_at": gettext_lazy("when the words were shown"),
    "campaign": gettext_lazy("number of the opt-out campaign"),
    "age": gettext_lazy("how the age is known"),
}
_AGE_KNOWN_BY = {
    "guardian": gettext_lazy("a guardian agreed; the purpose asks for %(age)d years"),
    "birth_date": gettext_lazy("by the date of birth, which is not kept; the purpose asks for %(age)d years"),
    "declaration": gettext_lazy("it was declared; the purpose asks for %(age)d years"),
}


def evidence_shown(record: ConsentRecord) -> SafeString | str:
    """The evidence of a record line by line, or why there is none to show."""
    if not record.evidence_digest:
        return "–"
    try:
        content = record.evidence.content
    except Evidence.DoesNotExist:
        return _("It is not kept any more: it went by its retention rule, or with an erasure.")
    except CannotDecrypt:
        return _altered()
    if evidence_digest(content) != record.evidence_digest:
        return _altered()
    lines = evidence_lines(record.method, content)
    return format_html('<dl class="pd-list">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", lines))


def evidence_lines(method: str, content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What each piece is called and what it says: those that the method needs first, then whatever else was sent."""
    needed = {piece.name: piece for piece in NEEDED[method]}
    for name, piece in needed.items():
        if name in content:
            yield capfirst(str(piece.title)), _said(content[name], is_day=piece.form == "day")
    for name, value in content.items():
        if name == "age" and isinstance(value, dict) and value.get("known_by") in _AGE_KNOWN_BY:
            yield capfirst(str(_TITLES["age"])), _AGE_KNOWN_BY[value["known_by"]] % {"age": value["minimum"]}
        elif name not in needed:
            yield capfirst(str(_TITLES.get(name, name))), _said(value)


def recorded_by(record: ConsentRecord) -> str:
    """Who stated the decision: an officer by name, a system by its key."""
    if record.actor_kind == ActorKind.OFFICER and record.actor_id.isdigit():
        officer = get_user_model()._default_manager.filter(pk=int(record.actor_id)).first()
        return str(officer) if officer else _("a former officer")
    words = capfirst(actor_words(record.actor_kind))
    if record.actor_kind != ActorKind.API_KEY:
        return words
    name = ApiKey.objects.filter(prefix=record.actor_id).values_list("name", flat=True).first()
    return f"{words}: {name or record.actor_id}"


def words_shown(record: ConsentRecord) -> SafeString | str:
    """The words of a record, unless they are not those that it holds the digest of."""
    if record.wording is None:
        return "–"
    return record.wording.text if record.words_stand else _altered()


def _said(value: Any, *, is_day: bool = False) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case str() if is_day:
            return _day(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "j M Y")
    except ValueError:
        return text


def _altered() -> SafeString:
    words = _("It was altered since it was recorded: it does not match the digest in the record. Verify the ledger.")
    return format_html('<span class="pd-badge pd-badge--overdue">{}</span>', words)
