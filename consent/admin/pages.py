"""Consent on the officers' site. Records are read only; new words are published, never edited."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from consent.admin.evidence_words import evidence_shown, recorded_by, words_shown
from consent.admin.recording import document_view, record_view
from consent.documents import document_of
from consent.models import ConsentRecord, CurrentConsent, Decision
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.register.finding_people import FindsPeople, PersonFilter
from privacy.subjects.identifiers import masked
from privacy.subjects.models import Subject

_LEVELS = {Decision.GIVEN: "ok", Decision.REFUSED: "plain", Decision.WITHDRAWN: "soon", Decision.EXPIRED: "soon"}


def _badge(code: str) -> SafeString:
    decision = Decision(code)
    return format_html('<span class="pd-badge pd-badge--{}">{}</span>', _LEVELS[decision], decision.label)


def _hash(digest: str) -> SafeString:
    """A long number, which breaks anywhere on a narrow screen."""
    return format_html('<span class="pd-hash">{}</span>', digest or "–")


def masked_person(subject: Subject) -> str:
    """How the person is known, as far as a list may show it."""
    return ", ".join(masked(each.kind, each.value) for each in subject.identifiers.all()) or "–"


class ConsentRecordAdmin(FindsPeople, ReadOnlyAdmin):
    list_display = ("recorded_at", "person", "purpose", "decision_badge", "method", "language")
    list_filter = ("decision", "method", "purpose", PersonFilter)
    list_select_related = ("purpose",)
    fields = (
        "person", "purpose", "decision_badge", "method", "recorded_at", "recorded_by", "occurred_at", "expires_at",
        "language", "words", "words_hash", "notice", "evidence_shown", "evidence_hash", "document", "number",
    )  # fmt: skip
    readonly_fields = (
        "person", "decision_badge", "recorded_by", "words", "words_hash", "evidence_shown", "evidence_hash", "document",
        "number",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentRecord]:
        return (
            super()
            .get_queryset(request)
            .select_related("purpose", "wording", "evidence__document")
            .defer("evidence__content")  # read on the page of one only, where it may turn out to be altered
            .prefetch_related("subject__identifiers")
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("consent.add_consentrecord")

    def get_urls(self) -> list[URLPattern]:
        opened = self.admin_site.admin_view(self.document_page)
        return [path("<uuid:pk>/document/", opened, name="consent_document"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What a person decided in another way than by themselves in the preference centre."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return record_view(request, site=self.admin_site)

    def document_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return document_view(request, pk)

    @display(description=_("Person"))
    def person(self, row: ConsentRecord) -> str:
        return masked_person(row.subject)

    @display(description=_("Decision"), ordering="decision")
    def decision_badge(self, row: ConsentRecord) -> SafeString:
        return _badge(row.decision)

    @display(description=_("Recorded by"))
    def recorded_by(self, row: ConsentRecord) -> str:
        return recorded_by(row)

    @display(description=_("Words, as they were shown"))
    def words(self, row: ConsentRecord) -> SafeString | str:
        return words_shown(row)

    @display(description=_("SHA-256 of the words"))
    def words_hash(self, row: ConsentRecord) -> SafeString:
        return _hash(row.wording_digest)

    @display(description=_("Evidence"))
    def evidence_shown(self, row: ConsentRecord) -> SafeString | str:
        return evidence_shown(row)

    @display(description=_("Digest of the evidence"))
    def evidence_hash(self, row: ConsentRecord) -> SafeString:
        return _hash(row.evidence_digest)

    @display(description=_("Number of the record"))
    def number(self, row: ConsentRecord) -> SafeString:
        return _hash(str(row.pk))

    @display(description=_("Scan of what was signed"))
    def document(self, row: ConsentRecord) -> SafeString | str:
        found = document_of(row)
        if found is None:
            return "–"
        address = reverse("officer:consent_document", args=[row.pk])
        return format_html('<a href="{}">{}</a> ({})', address, found.name or found.pk, found.get_scan_display())


class CurrentConsentAdmin(FindsPeople, ReadOnlyAdmin):
    list_display = ("person", "purpose", "decision_badge", "since", "expires_at")
    list_filter = ("decision", "purpose", PersonFilter)
    ordering = ("-since",)
    fields = ("person", "purpose", "decision_badge", "since", "expires_at", "asked_again_at", "record")
    readonly_fields = ("person", "decision_badge")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CurrentConsent]:
        return super().get_queryset(request).select_related("purpose").prefetch_related("subject__identifiers")

    @display(description=_("Person"))
    def person(self, row: CurrentConsent) -> str:
        return masked_person(row.subject)

    @display(description=_("State"), ordering="decision")
    def decision_badge(self, row: CurrentConsent) -> SafeString:
        return _badge(row.standing(timezone.now()))
