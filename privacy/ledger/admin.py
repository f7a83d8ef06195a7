"""The ledger on the officers' site: read only, in words, by act, actor and object."""

import re
from operator import itemgetter
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from privacy.ledger.actors import ActorKind
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.ledger.models import LedgerEntry
from privacy.ledger.words import ACTORS, act_words, actor_words, object_words, particulars

_HASH = re.compile(r"\b([0-9a-f]{13})[0-9a-f]{19,}\b")


class _ValueFilter(SimpleListFilter):
    """Narrows the list to one value of a column, given by a link; offers no choices of its own."""

    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(self.value(), self.value())] if self.value() else []

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class ObjectFilter(_ValueFilter):
    title, parameter_name, column = _("Id"), "object_id", "object_id"


class ActorIdFilter(_ValueFilter):
    title, parameter_name, column = _("Id of actor"), "actor_id", "actor_id"


class ActFilter(SimpleListFilter):
    title, parameter_name = _("Act"), "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """The acts that happened, by their words."""
        codes = LedgerEntry.objects.order_by("action").values_list("action", flat=True).distinct()
        return sorted(((code, act_words(code)) for code in codes), key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class ObjectTypeFilter(SimpleListFilter):
    title, parameter_name = _("What"), "object_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """What acts were about, by its words."""
        found = LedgerEntry.objects.exclude(object_type="").order_by("object_type")
        labels = found.values_list("object_type", flat=True).distinct()
        return sorted(((label, object_words(label)) for label in labels), key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class ActorKindFilter(SimpleListFilter):
    title, parameter_name = _("By"), "actor_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(ACTORS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return queryset.filter(actor_kind=self.value()) if self.value() else queryset


class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "act", "actor", "what", "short_id", "short_facts")
    list_filter = (ActFilter, ActorKindFilter, ObjectTypeFilter, ObjectFilter, ActorIdFilter)
    search_fields = ("action", "object_id", "actor_id")
    search_help_text = _("Code of an act, or the id of an object or actor")
    fields = ("id", "recorded_at", "act", "code", "actor", "actor_id", "what", "id_of_what", "facts")
    readonly_fields = ("act", "code", "actor", "what", "id_of_what", "facts")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Names of officers for a whole page in one query."""
        changes = super().get_changelist_instance(request)
        changes.result_list = list(changes.result_list)
        _name_officers(changes.result_list)
        return changes

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> LedgerEntry | None:
        entry = super().get_object(request, object_id, from_field)
        _name_officers([entry] if entry else [])
        return entry

    @display(description=_("Act"), ordering="action")
    def act(self, entry: LedgerEntry) -> SafeString:
        return format_html('<span title="{}">{}</span>', entry.action, act_words(entry.action))

    @display(description=_("Code of the act"))
    def code(self, entry: LedgerEntry) -> str:
        return entry.action

    @display(description=_("Id of what"))
    def id_of_what(self, entry: LedgerEntry) -> str:
        return entry.object_id

    @display(description=_("By"), ordering="actor_kind")
    def actor(self, entry: LedgerEntry) -> SafeString | str:
        words = actor_words(entry.actor_kind, getattr(entry, "officer_name", ""))
        if not entry.actor_id:
            return words
        link = '<a href="{0}?actor_id={1}" title="{1}">{2}</a>'
        return format_html(link, reverse("officer:ledger_ledgerentry_changelist"), entry.actor_id, words)

    @display(description=_("What"), ordering="object_type")
    def what(self, entry: LedgerEntry) -> str:
        return object_words(entry.object_type) if entry.object_type else ""

    @display(description=_("Id"))
    def short_id(self, entry: LedgerEntry) -> SafeString | str:
        if not entry.object_id:
            return ""
        return format_html('<a href="?object_id={0}" title="{0}">{1}</a>', entry.object_id, entry.object_id[:13])

    @display(description=_("Particulars"))
    def facts(self, entry: LedgerEntry) -> SafeString:
        return format_html_join(SafeString("<br>"), "{}: {}", particulars(entry.data))

    @display(description=_("Particulars"))
    def short_facts(self, entry: LedgerEntry) -> SafeString:
        """Hashes by their beginning: they are compared on the page of the entry."""
        pairs = [(name, _HASH.sub(r"\1…", said)) for name, said in particulars(entry.data)]
        return format_html_join(SafeString("<br>"), "{}: {}", pairs)


def _name_officers(entries: list[LedgerEntry]) -> None:
    acting = [entry for entry in entries if entry.actor_kind == ActorKind.OFFICER and entry.actor_id.isdigit()]
    known = get_user_model()._default_manager.in_bulk({int(entry.actor_id) for entry in acting})
    for entry in acting:
        name = known.get(int(entry.actor_id))
        entry.officer_name = str(name) if name else gettext("a former officer")  # type: ignore[attr-defined]
