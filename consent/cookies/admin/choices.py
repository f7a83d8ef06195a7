"""Choices of visitors on the officers' site: counts and proofs, nobody's name. A proof is found by its number."""

import json
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from consent.cookies.enums import Action
from consent.cookies.models import CookieChoice
from consent.cookies.receipts import WordsAltered, receipt
from privacy.ledger.admin_base import ReadOnlyAdmin

_LEVELS = {Action.ACCEPT_ALL: "ok", Action.SAVE: "info", Action.WITHDRAW: "soon", Action.GPC: "soon"}


class CookieChoiceAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "banner_shown", "what", "accepted_shown", "refused_shown", "signal", "language")
    list_filter = ("action", "has_signal", "banner__site")
    search_fields = ("id",)
    search_help_text = gettext_lazy("Number of the proof, as the visitor sees it under “Proof of your choice”")
    fields = (
        "id", "recorded_at", "banner_shown", "banner_digest", "what", "accepted_shown", "refused_shown", "signal",
        "language", "origin", "chosen_at", "browser_digest", "receipt_shown",
    )  # fmt: skip
    readonly_fields = ("banner_shown", "what", "accepted_shown", "refused_shown", "signal", "receipt_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CookieChoice]:
        return super().get_queryset(request).select_related("banner__site")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[CookieChoice], search_term: str
    ) -> tuple[QuerySet[CookieChoice], bool]:
        """By the whole number; half of one finds nothing."""
        term = search_term.strip()
        if not term:
            return queryset, False
        try:
            return queryset.filter(pk=uuid.UUID(term)), False
        except ValueError:
            return queryset.none(), False

    @display(description=gettext_lazy("Banner"))
    def banner_shown(self, choice: CookieChoice) -> str:
        banner = choice.banner
        return _("%(site)s, version %(n)d") % {"site": banner.site.name, "n": banner.version}

    @display(description=gettext_lazy("What they did"), ordering="action")
    def what(self, choice: CookieChoice) -> SafeString:
        level = _LEVELS.get(Action(choice.action), "plain")
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, choice.get_action_display())

    @display(description=gettext_lazy("Accepted"))
    def accepted_shown(self, choice: CookieChoice) -> str:
        return ", ".join(choice.accepted) or "–"

    @display(description=gettext_lazy("Refused"))
    def refused_shown(self, choice: CookieChoice) -> str:
        return ", ".join(choice.refused) or "–"

    @display(description=gettext_lazy("Signal"), ordering="has_signal")
    def signal(self, choice: CookieChoice) -> str:
        return _("Global Privacy Control") if choice.has_signal else "–"

    @display(description=gettext_lazy("Signed receipt"))
    def receipt_shown(self, choice: CookieChoice) -> SafeString:
        try:
            made = receipt(choice)
        except WordsAltered:
            words = _("The banner's words were altered since. Check the ledger; nothing is signed about this.")
            return format_html('<span class="pd-badge pd-badge--overdue">{}</span>', words)
        text: Any = json.dumps(made.fields, indent=2, ensure_ascii=False)
        return format_html(
            '<div class="pd"><details><summary>{}</summary><pre class="pd-sql pd-snippet">{}</pre></details>'
            '<details><summary>{}</summary><p class="pd-hash">{}</p></details></div>',
            _("Show what it says"), text, _("Show it as it is signed (compact JWS)"), made.jws,
        )  # fmt: skip
