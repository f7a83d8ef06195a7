"""Consent on the officers' site. Records are read only; new words are published, never edited."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from consent.models import ConsentRecord, CurrentConsent, Decision, Wording
from consent.services import publish_wording
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin, RecordedAdmin
from privacy.register.models import LawfulBasis, Purpose
from privacy.subjects.identifiers import masked
from privacy.subjects.models import Subject

LANGUAGE_CODE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_LEVELS = {Decision.GIVEN: "ok", Decision.REFUSED: "plain", Decision.WITHDRAWN: "soon", Decision.EXPIRED: "soon"}


def _badge(code: str) -> SafeString:
    decision = Decision(code)
    return format_html('<span class="pd-badge pd-badge--{}">{}</span>', _LEVELS[decision], decision.label)


def _masked(subject: Subject) -> str:
    """How the person is known, as far as a list may show it."""
    return ", ".join(masked(each.kind, each.value) for each in subject.identifiers.all()) or "–"


class ConsentRecordAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "person", "purpose", "decision_badge", "method", "language")
    list_filter = ("decision", "method", "purpose")
    list_select_related = ("purpose",)
    fields = (
        "id", "recorded_at", "person", "purpose", "decision_badge", "method", "language", "words", "wording_digest",
        "notice", "occurred_at", "expires_at", "evidence_digest",
    )  # fmt: skip
    readonly_fields = ("person", "decision_badge", "words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentRecord]:
        return (
            super().get_queryset(request).select_related("purpose", "wording").prefetch_related("subject__identifiers")
        )

    @display(description=_("Person"))
    def person(self, row: ConsentRecord) -> str:
        return _masked(row.subject)

    @display(description=_("Decision"), ordering="decision")
    def decision_badge(self, row: ConsentRecord) -> SafeString:
        return _badge(row.decision)

    @display(description=_("Words, as they were shown"))
    def words(self, row: ConsentRecord) -> str:
        return row.wording.text if row.wording else "–"


class CurrentConsentAdmin(ReadOnlyAdmin):
    list_display = ("person", "purpose", "decision_badge", "since", "expires_at")
    list_filter = ("decision", "purpose")
    ordering = ("-since",)
    fields = ("person", "purpose", "decision_badge", "since", "expires_at", "asked_again_at", "record")
    readonly_fields = ("person", "decision_badge")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CurrentConsent]:
        return super().get_queryset(request).select_related("purpose").prefetch_related("subject__identifiers")

    @display(description=_("Person"))
    def person(self, row: CurrentConsent) -> str:
        return _masked(row.subject)

    @display(description=_("State"), ordering="decision")
    def decision_badge(self, row: CurrentConsent) -> SafeString:
        return _badge(row.standing(timezone.now()))


class WordingForm(ModelForm):
    """New words for a purpose that rests on consent."""

    class Meta:
        model = Wording
        fields = ("purpose", "language", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = Purpose.objects.filter(lawful_basis=LawfulBasis.CONSENT, is_prohibited=False)
        if "purpose" in self.fields:
            self.fields["purpose"].queryset = purposes  # type: ignore[attr-defined]

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if not LANGUAGE_CODE.fullmatch(language):
            raise ValidationError(gettext("Give the language as a code like en or fr-CA."))
        return language


class WordingAdmin(RecordedAdmin):
    form = WordingForm
    list_display = ("purpose", "language", "version", "created_at")
    list_filter = ("purpose", "language")
    list_select_related = ("purpose",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        words = ("purpose", "language", "text")
        return words if obj is None else (*words, "version", "digest", "created_at")

    def save_model(self, request: HttpRequest, obj: Wording, form: forms.Form, change: bool) -> None:
        """The service gives the version and writes the ledger; the same words again stay the same version."""
        published = publish_wording(
            purpose=obj.purpose, language=obj.language, text=obj.text, actor=Actor.officer(request.user)
        )
        obj.pk, obj.version, obj.digest = published.pk, published.version, published.digest

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """`publish_wording` has written it down."""
