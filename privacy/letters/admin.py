"""Letters on the officers' site: read only. The secret link of a letter is gone once it is sent, and never shown."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.letters.models import Letter, LetterState
from privacy.subjects.identifiers import IdentifierKind, masked

_LEVELS = {LetterState.QUEUED: "info", LetterState.SENT: "ok", LetterState.FAILED: "overdue"}


class LetterAdmin(ReadOnlyAdmin):
    list_display = ("heading", "to", "kind", "state_badge", "created_at", "sent_at")
    list_filter = ("state", "kind")
    search_fields = ("case_id",)
    search_help_text = _("Id of a case")
    fields = ("heading", "address", "kind", "language", "state", "created_at", "sent_at", "attempts", "text")
    readonly_fields = ("text",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return super().get_queryset(request).defer("secret")

    @display(description=_("To"))
    def to(self, letter: Letter) -> str:
        return masked(IdentifierKind.EMAIL, letter.address)

    @display(description=_("State"), ordering="state")
    def state_badge(self, letter: Letter) -> SafeString:
        level = _LEVELS.get(LetterState(letter.state), "plain")
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, letter.get_state_display())

    @display(description=_("Text"))
    def text(self, letter: Letter) -> SafeString:
        return format_html('<div class="pd-letter">{}</div>', letter.body)
