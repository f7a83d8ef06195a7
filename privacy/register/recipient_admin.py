"""Recipients on the officers' site: who they are, under which contract, in which country, how they are reached."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Value
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.admin_fields import LinesField, say_plainly
from privacy.register.models import Recipient, RecipientKind
from privacy.register.selectors import local_date, profile


class RecipientForm(ModelForm):
    """Who gets data, which, and what for. The admin adds the field of the policy, which takes addresses for https."""

    data_categories = LinesField(
        label=gettext_lazy("Data categories"), help_text=gettext_lazy("One on each line."), required=False
    )

    language = forms.ChoiceField(
        label=gettext_lazy("Language of notices"), required=False, widget=UnfoldAdminSelectWidget()
    )

    class Meta:
        model = Recipient
        fields = (
            "name", "kind", "role", "contract_reference", "contract_from", "contract_until", "country", "safeguard",
            "safeguard_note", "notice_email", "postal_address", "language", "data_categories", "purposes",
            "inactive_since",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)
        if "language" in self.fields:
            own = _("The organisation's own (%(name)s)") % {"name": _name_of(profile().language)}
            self.fields["language"].choices = [("", own), *settings.LETTER_LANGUAGES]  # type: ignore[attr-defined]
        if "safeguard" in self.fields:
            self.fields["safeguard"].required = True

    def clean_name(self) -> str:
        """Imports and the API name recipients by their names, so each name is given once."""
        name = " ".join(self.cleaned_data["name"].split())
        if Recipient.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a recipient of this name already. Add what tells them apart."))
        return name

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].upper()
        if len(country) != 2 or not country.isalpha():
            raise ValidationError(_("Write the country with two letters, like GH or CA."))
        return country

    def clean_purposes(self) -> Any:
        purposes = self.cleaned_data["purposes"]
        if prohibited := [str(each) for each in purposes if each.is_prohibited]:
            words = _("The policy promises never to do this: %(names)s.")
            raise ValidationError(words % {"names": ", ".join(prohibited)})
        return purposes

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == RecipientKind.PROVIDER and not given.get("contract_reference"):
            self.add_error(
                "contract_reference",
                _("A provider works under a contract. Write how you find it; without it nothing may be disclosed."),
            )
        begin, end = given.get("contract_from"), given.get("contract_until")
        if begin and end and end < begin:
            self.add_error("contract_until", _("The contract ends before it begins. Correct one of the two days."))
        return given


def _name_of(language: str) -> str:
    return str(dict(settings.LETTER_LANGUAGES).get(language, language))


class RecipientAdmin(RecordedAdmin):
    form = RecipientForm
    list_display = ("name", "kind", "role", "country", "safeguard_shown", "stand")
    list_filter = ("kind", "country", "safeguard")
    search_fields = ("name", "role", "contract_reference")
    fieldsets = (
        (None, {"fields": ("name", "kind", "role", "purposes", "data_categories")}),
        (
            gettext_lazy("Contract"),
            {
                "fields": ("contract_reference", ("contract_from", "contract_until"), "inactive_since"),
                "description": gettext_lazy(
                    "Disclosures outside of the contract, or after the recipient became inactive, are refused."
                ),
            },
        ),
        (gettext_lazy("Country"), {"fields": ("country", "safeguard", "safeguard_note", "policy_url")}),
        (gettext_lazy("How they are told of corrections"), {"fields": ("notice_email", "language", "postal_address")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recipient]:
        """With the day of today where the organisation is, asked once for a whole page."""
        return super().get_queryset(request).annotate(today=Value(local_date(timezone.now())))

    @display(description=gettext_lazy("Safeguard"), ordering="safeguard")
    def safeguard_shown(self, recipient: Recipient) -> str:
        return recipient.safeguard_words or "–"

    @display(description=gettext_lazy("State"))
    def stand(self, recipient: Recipient) -> SafeString:
        """Whether anything may be disclosed to them today."""
        today: date = recipient.today  # type: ignore[attr-defined]  # annotated
        if not recipient.is_active_on(today):
            level, words = "plain", _("inactive")
        elif recipient.contract_until is not None and recipient.contract_until < today:
            level, words = "overdue", _("contract expired")
        elif recipient.kind == RecipientKind.PROVIDER and not recipient.contract_reference:
            level, words = "soon", _("no contract")
        else:
            level, words = "ok", _("active")
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)
