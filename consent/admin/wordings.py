"""The words people are asked with. New ones are published, none is edited."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext

from consent.models import Wording
from consent.services import publish_wording
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.admin_fields import say_plainly
from privacy.register.models import LawfulBasis, Purpose

LANGUAGE_CODE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


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
        say_plainly(self.fields)
        if "language" in self.fields:
            code = gettext("Give the language as a code like en or fr-CA.")
            self.fields["language"].error_messages |= {"required": code, "max_length": code}

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
