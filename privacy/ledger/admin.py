"""The ledger on the officers' site: read only, by act, actor and object."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from privacy.ledger.actors import ActorKind
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.ledger.models import LedgerEntry


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


class ActorKindFilter(SimpleListFilter):
    title, parameter_name = _("By"), "actor_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            (ActorKind.OFFICER, _("officer")),
            (ActorKind.SUBJECT, _("person")),
            (ActorKind.API_KEY, _("API key")),
            (ActorKind.SYSTEM, _("Privacy Desk")),
            (ActorKind.OPERATOR, _("operator")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return queryset.filter(actor_kind=self.value()) if self.value() else queryset


class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "action_code", "actor", "object_type", "short_id", "data")
    list_filter = ("action", ActorKindFilter, "object_type", ObjectFilter, ActorIdFilter)
    search_fields = ("action", "object_id", "actor_id")
    search_help_text = _("Act, or the id of an object or actor")
    fields = ("id", "recorded_at", "action", "actor_kind", "actor_id", "object_type", "object_id", "data")

    @display(description=_("Act"), ordering="action")
    def action_code(self, entry: LedgerEntry) -> SafeString:
        return format_html('<span class="pd-code">{}</span>', entry.action)

    @display(description=_("By"), ordering="actor_kind")
    def actor(self, entry: LedgerEntry) -> SafeString | str:
        if not entry.actor_id:
            return entry.actor_kind
        words = '{0} <a href="?actor_id={1}" title="{1}">{2}</a>'
        return format_html(words, entry.actor_kind, entry.actor_id, entry.actor_id[:13])

    @display(description=_("Id"))
    def short_id(self, entry: LedgerEntry) -> SafeString | str:
        if not entry.object_id:
            return ""
        return format_html('<a href="?object_id={0}" title="{0}">{1}</a>', entry.object_id, entry.object_id[:13])
