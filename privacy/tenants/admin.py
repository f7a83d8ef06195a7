"""Host names and operators on the operators' site."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget

from privacy.tenants.admin_base import OperatorPage
from privacy.tenants.models import Domain, Operator
from privacy.tenants.provisioning import is_host_name


class DomainForm(ModelForm):
    """A host name as browsers send it: no scheme, no port."""

    class Meta:
        model = Domain
        fields = ("domain", "tenant", "is_primary")
        labels = {
            "domain": gettext_lazy("Host name"),
            "tenant": gettext_lazy("Organisation"),
            "is_primary": gettext_lazy("The one that letters name"),
        }

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].strip().lower()
        if not is_host_name(domain):
            raise ValidationError(_("Write a host name like privacy.example.com, without https:// and without a port."))
        if domain in settings.PUBLIC_HOSTS:
            raise ValidationError(_("This is the host of the whole installation. Choose another for the portal."))
        return domain


class DomainAdmin(OperatorPage):
    form = DomainForm
    list_display = ("domain", "tenant", "is_primary")
    list_select_related = ("tenant",)
    search_fields = ("domain", "tenant__name")


class OperatorForm(ModelForm):
    """An operator; the password is set here, and an empty one keeps the present one."""

    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Empty keeps the present password. At least 12 characters."),
    )

    class Meta:
        model = Operator
        fields = ("full_name", "email", "is_active")

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        elif self.instance.pk is None:
            raise ValidationError(_("Give the new operator a password."))
        return password

    def save(self, commit: bool = True) -> Operator:
        if password := self.cleaned_data["new_password"]:
            self.instance.password = make_password(password)
        operator: Operator = super().save(commit)
        return operator


class OperatorAdmin(OperatorPage):
    form = OperatorForm
    list_display = ("full_name", "email", "is_active", "last_login")
    search_fields = ("full_name", "email")
    fields = ("full_name", "email", "is_active", "new_password")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Nobody locks themselves out."""
        return ("is_active",) if obj is not None and obj.pk == request.user.pk else ()
