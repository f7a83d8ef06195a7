"""Officers and API keys on the officers' site. A password or key is shown once, on the page that answers its making,
and is in no message, no session and no log.
"""

import secrets
from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.ledger.services import record
from privacy.officers.models import ApiKey, Officer, Role, Scope
from privacy.tenants.change_list import PlainChangeList
from privacy.tenants.missing_rows import can_be_key


class OfficerForm(ModelForm):
    """Somebody who works on cases."""

    class Meta:
        model = Officer
        fields = ("full_name", "email", "role", "is_active")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if Officer.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is an officer with this e-mail address already."))
        return email

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        is_officer = given.get("role") == Role.PRIVACY_OFFICER and given.get("is_active", self.instance.is_active)
        others = Officer.objects.filter(role=Role.PRIVACY_OFFICER, is_active=True).exclude(pk=self.instance.pk)
        if self.instance.pk and not is_officer and not others.exists():
            raise ValidationError(_("This is the only active Privacy Officer. Make somebody else one first."))
        return given


class OfficerAdmin(RecordedAdmin):
    form = OfficerForm
    list_display = ("full_name", "email", "role", "active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("full_name", "email")
    actions_detail = ("new_password",)
    list_before_template = None

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        names = ("full_name", "email", "role")
        return names if obj is None else (*names, "is_active", "last_login", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("last_login", "created_at")

    def save_model(self, request: HttpRequest, obj: Officer, form: forms.Form, change: bool) -> None:
        if not change:
            obj._password_shown_once = _new_password(obj, by=request.user)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Officer, post_url_continue: str | None = None) -> HttpResponse:
        return self._shown_once(request, obj, obj._password_shown_once)  # type: ignore[attr-defined]

    def has_new_password_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("officers.change_officer") and str(object_id) != str(request.user.pk)

    @action(description=gettext_lazy("New temporary password"), permissions=["new_password"], url_path="new-password")
    def new_password(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Replaces a forgotten password; every session of the officer ends."""
        officer = get_object_or_404(Officer, pk=object_id)
        if request.method == "POST":
            password = _new_password(officer, by=request.user)
            officer.save(update_fields=["password", "password_set_by"])
            record(action="officer.password_replaced", actor=Actor.officer(request.user), target=officer)
            return self._shown_once(request, officer, password)
        context = {
            "title": _("New temporary password"),
            "explanation": [
                _("%(name)s is signed out everywhere, and the present password stops working.") % {"name": officer}
            ],
            "button": _("Replace the password"),
            "back": reverse("officer:officers_officer_change", args=[officer.pk]),
        }
        return _page(self, request, "officer/confirm.html", context)

    def _shown_once(self, request: HttpRequest, officer: Officer, password: str) -> HttpResponse:
        context = {
            "title": _("Temporary password"),
            "what": _("Password for %(email)s") % {"email": officer.email},
            "secret": password,
            "advice": _(
                "It is shown this once. Hand it over in person or by phone, and have it changed after the first "
                "sign-in under “Change password”."
            ),
            "back": reverse("officer:officers_officer_changelist"),
        }
        return _page(self, request, "officer/secret_once.html", context)

    @display(description=gettext_lazy("State"), ordering="is_active")
    def active(self, officer: Officer) -> SafeString:
        level, words = ("ok", _("active")) if officer.is_active else ("plain", _("switched off"))
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)


class ApiKeyForm(ModelForm):
    """A key of one of the organisation's own systems, with no more than it needs."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May"), choices=Scope.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "expiry_date", "revoked")


class KeyList(PlainChangeList):
    """Keys are addressed by their prefix: the primary key holds the hash, which belongs into no address bar."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pk_attname = "prefix"


class ApiKeyAdmin(RecordedAdmin):
    form = ApiKeyForm
    list_display = ("name", "prefix", "may", "state", "created", "expiry_date")
    search_fields = ("name", "prefix")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[PlainChangeList]:
        return KeyList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> ApiKey | None:
        prefix = unquote(object_id).partition(".")[0]
        return self.get_queryset(request).filter(prefix=prefix).first() if can_be_key(self.model, prefix) else None

    def _record(self, request: HttpRequest, obj: Model, what: str, fields: list[str]) -> None:
        """The ledger names a key by its prefix, as it does when the key acts."""
        assert isinstance(obj, ApiKey)
        data = {"prefix": obj.prefix} | ({"fields": fields} if fields else {})
        record(action=f"apikey.{what}", actor=Actor.officer(request.user), data=data)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        names = ("name", "scopes", "expiry_date")
        return names if obj is None else (*names, "revoked", "prefix", "created", "created_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """A key that was revoked stays revoked."""
        fixed = ("prefix", "created", "created_by")
        if isinstance(obj, ApiKey) and obj.revoked:
            return (*fixed, "name", "scopes", "expiry_date", "revoked")
        return fixed

    def save_model(self, request: HttpRequest, obj: ApiKey, form: forms.Form, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.created_by = request.user  # type: ignore[assignment]
        obj._key_shown_once = ApiKey.objects.assign_key(obj)  # type: ignore[attr-defined]
        obj.save()

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        context = {
            "title": _("API key"),
            "what": _("Key of “%(name)s”") % {"name": obj.name},
            "secret": obj._key_shown_once,  # type: ignore[attr-defined]
            "advice": _("It is shown this once. Put it into the system that needs it; if it is lost, make a new one."),
            "back": reverse("officer:officers_apikey_changelist"),
        }
        return _page(self, request, "officer/secret_once.html", context)

    @display(description=gettext_lazy("May"))
    def may(self, key: ApiKey) -> str:
        return ", ".join(str(Scope(scope).label) for scope in key.scopes)

    @display(description=gettext_lazy("State"), ordering="revoked")
    def state(self, key: ApiKey) -> SafeString:
        level, words = ("ok", _("valid"))
        if key.has_expired:
            level, words = "soon", _("expired")
        if key.revoked:
            level, words = "plain", _("revoked")
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)


def _new_password(officer: Officer, *, by: Any) -> str:
    password = secrets.token_urlsafe(12)
    officer.hand_password(password, by=by)
    return password


def _page(admin: RecordedAdmin, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    request.current_app = admin.admin_site.name
    base = admin.admin_site.each_context(request) | {"opts": admin.opts}
    return TemplateResponse(request, template, base | context)
