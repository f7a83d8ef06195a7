"""Letters on the officers' site: read only, but for drafts and for letters that could not be sent.

The secret link of a letter is gone once it is sent, and never shown.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.letters.admin.breach_views import BreachViews
from privacy.letters.admin.letter_views import LetterViews
from privacy.letters.kinds import kind_title
from privacy.letters.models import Letter, LetterState
from privacy.subjects.identifiers import IdentifierKind, masked

LEVELS = {
    LetterState.DRAFT: "soon",
    LetterState.QUEUED: "info",
    LetterState.SENT: "ok",
    LetterState.FAILED: "overdue",
    LetterState.BY_POST: "soon",
    LetterState.WITHHELD: "plain",
}


class LetterAdmin(BreachViews, LetterViews, ReadOnlyAdmin):
    list_before_template = "officer/letters/letters_acts.html"
    list_display = ("heading", "to", "what", "state_badge", "written", "went", "further")
    list_filter = ("state", "kind")
    search_fields = ("^reference",)
    search_help_text = _("Reference of a case, for example PR-7F3K-92QD")
    fields: Any = (
        "heading", "address", "what", "language", "state_badge", "created_at", "sent_at", "attempts", "on_paper",
        "further", "text",
    )  # fmt: skip
    readonly_fields = ("text", "what", "state_badge", "on_paper", "further")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return super().get_queryset(request).defer("secret", "pdf")

    @display(description=_("To"))
    def to(self, letter: Letter) -> SafeString | str:
        if not letter.address:
            return gettext("by post")
        local, at, domain = masked(IdentifierKind.EMAIL, letter.address).rpartition("@")
        whole = '<span class="pd-nowrap">{}</span><wbr><span class="pd-nowrap">{}</span>'
        return format_html(whole, local, at + domain)  # it breaks where that means something, and nowhere else

    @display(description=_("Written"), ordering="created_at")
    def written(self, letter: Letter) -> SafeString | str:
        return _in_one_line(letter.created_at)

    @display(description=_("Sent"), ordering="sent_at")
    def went(self, letter: Letter) -> SafeString | str:
        return _in_one_line(letter.sent_at)

    @display(description=_("Kind"), ordering="kind")
    def what(self, letter: Letter) -> str:
        return kind_title(letter.kind)

    @display(description=_("State"), ordering="state")
    def state_badge(self, letter: Letter) -> SafeString:
        level = LEVELS.get(LetterState(letter.state), "plain")
        badge = format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, letter.get_state_display())
        if not letter.failure:
            return badge
        return format_html('{} <span class="pd-why">{}</span>', badge, letter.get_failure_display())

    @display(description=_("On paper"))
    def on_paper(self, letter: Letter) -> SafeString | str:
        if not letter.pdf_sha256:
            return "–"
        address = reverse("officer:letters_letter_pdf", args=[letter.pk])
        words = _("Open the PDF")
        return format_html(
            '<a class="pd-link" href="{}" target="_blank" rel="noopener">{}</a> '
            '<span class="pd-hash">SHA-256 {}</span>',
            address, words, letter.pdf_sha256,
        )  # fmt: skip

    @display(description=_("To be done"))
    def further(self, letter: Letter) -> SafeString | str:
        words = {LetterState.DRAFT: _("Edit and send"), LetterState.FAILED: _("Send again")}.get(
            LetterState(letter.state)
        )
        if words is None:
            return "–"
        address = reverse("officer:letters_letter_draft", args=[letter.pk])
        return format_html('<a class="pd-link" href="{}">{}</a>', address, words)

    @display(description=_("Text"))
    def text(self, letter: Letter) -> SafeString:
        return format_html('<div class="pd-letter">{}</div>', letter.body)


def _in_one_line(moment: datetime | None) -> SafeString | str:
    if moment is None:
        return "–"
    return format_html('<span class="pd-nowrap">{}</span>', date_format(localtime(moment), "j M Y, H:i"))
