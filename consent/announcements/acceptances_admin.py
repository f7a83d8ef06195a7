"""Who accepted a notice, and how, on the officers' site; read only."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from consent.admin.pages import masked_person
from consent.announcements.models import AcceptedHow, NoticeAcceptance
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.ledger.words import actor_words
from privacy.register.finding_people import FindsPeople, PersonFilter

_LEVELS = {AcceptedHow.STATED: "ok", AcceptedHow.CONTINUED_USE: "info"}


class NoticeAcceptanceAdmin(FindsPeople, ReadOnlyAdmin):
    """The newest first. What the person did to accept is on the page of the row, and on no list."""

    list_display = ("recorded_at", "person", "notice", "how_badge")
    list_filter = ("how", "notice", PersonFilter)
    ordering = ("-recorded_at",)
    fields = ("person", "notice", "how_badge", "activity", "recorded_at", "occurred_at", "told_by", "number")
    readonly_fields = ("person", "how_badge", "told_by", "number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[NoticeAcceptance]:
        return super().get_queryset(request).select_related("notice").prefetch_related("subject__identifiers")

    @display(description=_("Person"))
    def person(self, row: NoticeAcceptance) -> str:
        return masked_person(row.subject)

    @display(description=_("How"), ordering="how")
    def how_badge(self, row: NoticeAcceptance) -> SafeString:
        how = AcceptedHow(row.how)
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', _LEVELS[how], how.label)

    @display(description=_("Told by"))
    def told_by(self, row: NoticeAcceptance) -> str:
        return actor_words(row.actor_kind)

    @display(description=_("Number of the record"))
    def number(self, row: NoticeAcceptance) -> SafeString:
        return format_html('<span class="pd-hash">{}</span>', row.pk)
