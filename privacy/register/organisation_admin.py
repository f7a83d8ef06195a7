"""Organisations on the operators' site. Making one makes its schema, its role and its first Privacy Officer."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.law.catalogue import jurisdictions
from privacy.register.furnishing import furnish
from privacy.tenants.admin_base import OperatorPage
from privacy.tenants.errors import OrganisationInvalid
from privacy.tenants.models import Organisation
from privacy.tenants.provisioning import create_organisation
from privacy.tenants.schema_version import expected_version


class NewOrganisationForm(forms.Form):
    """Everything a new organisation starts with."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=UnfoldAdminTextInputWidget())
    slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=30,
        help_text=gettext_lazy("Letters, digits and hyphens. Names the schema and cannot be changed later."),
        widget=UnfoldAdminTextInputWidget(),
    )
    domain = forms.CharField(
        label=gettext_lazy("Host name of its portal"),
        help_text=gettext_lazy("Like privacy.example.com, without https://."),
        widget=UnfoldAdminTextInputWidget(),
    )
    country = forms.RegexField(
        r"\A[A-Za-z]{2}\Z",
        label=gettext_lazy("Country"),
        help_text=gettext_lazy("Two letters, for example GH or CA."),
        error_messages={"invalid": gettext_lazy("Write the country with two letters, like GH or CA.")},
        widget=UnfoldAdminTextInputWidget(),
    )
    laws = forms.MultipleChoiceField(
        label=gettext_lazy("Laws that apply"), widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    officer_email = forms.EmailField(
        label=gettext_lazy("E-mail of the first Privacy Officer"), widget=UnfoldAdminEmailInputWidget()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.code, f"{each.code}: {each.law_name}") for each in jurisdictions()]
        self.fields["laws"].choices = choices  # type: ignore[attr-defined]


class OrganisationAdmin(OperatorPage):
    list_display = ("name", "slug", "state_badge", "served", "created_at")
    list_filter = ("state",)
    search_fields = ("name", "slug")
    fields: Any = ("name", "slug", "state", "shard", "schema_name", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("slug", "state", "schema_name", "shard", "created_at")

    @display(description=gettext_lazy("State"), ordering="state")
    def state_badge(self, organisation: Organisation) -> SafeString:
        level = "ok" if organisation.is_active else "soon"
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, organisation.get_state_display())

    @display(description=gettext_lazy("Tables"))
    def served(self, organisation: Organisation) -> str:
        if organisation.schema_version == expected_version():
            return _("up to date")
        return _("lag behind: run migrate_organisations")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Makes the organisation, then shows the first officer's password this once."""
        form = NewOrganisationForm(request.POST or None)
        if form.is_valid():
            password = secrets.token_urlsafe(12)
            try:
                with transaction.atomic():
                    organisation = _create(form.cleaned_data, password)
            except OrganisationInvalid as error:
                form.add_error(None, str(error))
            else:
                return self._shown_once(request, organisation, form.cleaned_data["officer_email"], password)
        context = {"form": form, "title": _("New organisation"), "submit": _("Create organisation")}
        return self._page(request, "officer/form.html", context)

    def _shown_once(self, request: HttpRequest, organisation: Organisation, email: str, password: str) -> HttpResponse:
        messages.success(request, _("%(name)s is ready.") % {"name": organisation.name})
        context = {
            "title": _("First sign-in of the Privacy Officer"),
            "what": _("Password for %(email)s") % {"email": email},
            "secret": password,
            "advice": _("It is shown this once. Hand it over in person, and have it changed at the first sign-in."),
            "back": reverse("operator:tenants_organisation_changelist"),
        }
        return self._page(request, "officer/secret_once.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        if not self.has_add_permission(request):
            return HttpResponseRedirect(reverse("operator:index"))
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, template, base | context)


def _create(given: dict[str, Any], password: str) -> Organisation:
    return create_organisation(
        name=given["name"],
        slug=given["slug"],
        domain=given["domain"],
        furnish=lambda organisation: furnish(
            organisation=organisation,
            laws=tuple(given["laws"]),
            country=given["country"].upper(),
            officer_email=given["officer_email"],
            officer_password=password,
        ),
    )
