"""The register on the officers' site: who we are, why we use data, what we tell people."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget, UnfoldBooleanWidget

from privacy.law.catalogue import jurisdictions
from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.admin_fields import LinesField, say_plainly
from privacy.register.models import LawfulBasis, OrganisationProfile, Purpose
from privacy.register.restrictions.models import NOT_OBJECTED
from privacy.register.restrictions.selectors import people_who_objected_to_everything
from privacy.register.standing_consents import people_who_agreed, people_who_said_no


class ProfileForm(ModelForm):
    """Laws and time zone are chosen from what exists, so that no clock can be set to something unknown."""

    laws = forms.MultipleChoiceField(
        label=gettext_lazy("Laws that apply"), widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), widget=UnfoldAdminSelectWidget())
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy(
            "In which recipients of personal data are written to, where they have none of their own."
        ),
        widget=UnfoldAdminSelectWidget(),
    )

    class Meta:
        model = OrganisationProfile
        fields = (
            "legal_name", "trading_name", "address", "country", "language", "officer_name", "officer_title",
            "officer_email", "officer_phone", "representative", "laws", "promise_days", "promise_unit", "time_zone",
            "large_run_rows", "large_run_percent", "retention_from", "retention_until",
            "source_silence_days", "smallest_group", "cooling_off_hours", "identity_days",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)
        laws = [(each.code, f"{each.code}: {each.law_name}") for each in jurisdictions()]
        zones = [(zone, zone) for zone in sorted(available_timezones())]
        for name, choices in (("laws", laws), ("time_zone", zones), ("language", settings.LETTER_LANGUAGES)):
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].upper()
        if len(country) != 2 or not country.isalpha():
            raise ValidationError(_("Write the country with two letters, like GH or CA."))
        return country


class ProfileAdmin(RecordedAdmin):
    form = ProfileForm
    list_display = ("trading_name", "officer_name", "officer_email", "time_zone")
    fieldsets = (
        (
            gettext_lazy("Organisation"),
            {"fields": ("legal_name", "trading_name", "address", "country", "website", "language")},
        ),
        (
            gettext_lazy("Privacy Officer"),
            {"fields": ("officer_name", "officer_title", "officer_email", "officer_phone", "representative")},
        ),
        (
            gettext_lazy("Clocks"),
            {
                "fields": ("laws", "promise_days", "promise_unit", "time_zone", "identity_days"),
                "description": gettext_lazy("Cases that are open keep the clocks they were opened under."),
            },
        ),
        (gettext_lazy("Large runs"), {"fields": (("large_run_rows", "large_run_percent"),)}),
        (
            gettext_lazy("Hours of retention"),
            {
                "fields": ("retention_from", "retention_until"),
                "description": gettext_lazy(
                    "Outside of these hours, on the clock of the time zone above, runs of rules pause and go on by "
                    "themselves. Erasures on request do not wait for them."
                ),
            },
        ),
        (gettext_lazy("Erasures on request"), {"fields": ("cooling_off_hours",)}),
        (gettext_lazy("What is told under Findings"), {"fields": ("source_silence_days", "smallest_group")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one profile, so its page takes the place of a list."""
        only = OrganisationProfile.objects.first()
        if only is None or not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("officer:register_organisationprofile_change", args=[only.pk]))


class PurposeForm(ModelForm):
    """A purpose that rests on consent says what withdrawing means; that it stops to do so is confirmed."""

    is_confirmed = forms.BooleanField(
        label=gettext_lazy("I know whom it concerns, and change it all the same"),
        required=False,
        widget=UnfoldBooleanWidget(),
    )

    data_categories = LinesField(
        label=gettext_lazy("Data categories"), help_text=gettext_lazy("One on each line."), required=False
    )
    special_categories = LinesField(
        label=gettext_lazy("Special categories"),
        help_text=gettext_lazy("Sensitive kinds of data that this purpose needs, one on each line; usually none."),
        required=False,
    )

    class Meta:
        model = Purpose
        fields = (
            "title", "code", "description", "order", "lawful_basis", "is_prohibited", "withdrawal_consequences",
            "no_withdrawal_reason", "valid_days", "minimum_age", "data_categories", "special_categories", "retention",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        by_consent = given.get("lawful_basis") == LawfulBasis.CONSENT and not given.get("is_prohibited")
        if by_consent and not given.get("withdrawal_consequences"):
            self.add_error(
                "withdrawal_consequences",
                _("Say what happens when a person withdraws consent; they are shown it first."),
            )
        self._refuse_to_bind(given)
        self._warn_of_people(given)
        return given

    def _refuse_to_bind(self, given: dict[str, Any]) -> None:
        """Who agreed to what can be withdrawn has a receipt that says so; no change of the register takes that away."""
        if self.instance._state.adding or not given.get("no_withdrawal_reason"):
            return
        before = Purpose.objects.get(pk=self.instance.pk)
        if not before.no_withdrawal_reason and (people := people_who_agreed(before)):
            self.add_error("no_withdrawal_reason", _binding(people))

    def _warn_of_people(self, given: dict[str, Any]) -> None:
        """Where people agreed or objected, say how many before the ground goes that they were told."""
        if self.instance._state.adding or given.get("is_confirmed"):
            return
        reason = given.get("no_withdrawal_reason", "")
        basis, is_prohibited = given.get("lawful_basis", ""), bool(given.get("is_prohibited"))
        if words := _to_confirm(self.instance.pk, basis, reason, is_prohibited=is_prohibited):
            self.add_error("is_confirmed", words)


def _to_confirm(pk: int, basis: str, reason: str, *, is_prohibited: bool) -> list[str]:
    """Whom it concerns and how, where people agreed, said no or objected to the purpose as it is; empty where nobody
    did."""
    before = Purpose.objects.get(pk=pk)
    words = _to_those_who_agreed(before, basis, reason, is_prohibited=is_prohibited)
    needed_consent = before.lawful_basis == LawfulBasis.CONSENT or before.is_prohibited
    goes_on = basis != LawfulBasis.CONSENT and not is_prohibited
    if needed_consent and goes_on and (people := people_who_said_no(before)):
        words.append(_overriding(people))
    escapes = before.lawful_basis not in NOT_OBJECTED and basis in NOT_OBJECTED and not is_prohibited
    if escapes and (objectors := people_who_objected_to_everything()):
        words.append(_escaping(objectors))
    return words


def _to_those_who_agreed(before: Purpose, basis: str, reason: str, *, is_prohibited: bool) -> list[str]:
    leaves_consent = before.lawful_basis == LawfulBasis.CONSENT and basis != LawfulBasis.CONSENT
    becomes_prohibited = is_prohibited and not before.is_prohibited
    counted = before.lawful_basis == LawfulBasis.CONSENT and not before.is_prohibited
    counts_again = basis == LawfulBasis.CONSENT and not is_prohibited and not counted
    # what they were told counts, also while the purpose is prohibited and nobody is bound
    is_reworded = bool(before.no_withdrawal_reason and reason) and before.no_withdrawal_reason != reason
    if not (leaves_consent or becomes_prohibited or counts_again or is_reworded):
        return []
    people, words = people_who_agreed(before), []
    if people and (becomes_prohibited or leaves_consent):
        words.append(_prohibiting(people) if is_prohibited else _leaving_consent(people))
    if people and counts_again:
        words.append(_allowing(people))
    if people and is_reworded:
        words.append(_binding_anew(people))
    return words


def _overriding(people: int) -> str:
    return ngettext(
        "%(n)d person said no to this, or withdrew. On another ground their data would be used for it all the same. "
        "Confirm here only if it is the true ground, and tell them. Marketing still does not go to them.",
        "%(n)d people said no to this, or withdrew. On another ground their data would be used for it all the same. "
        "Confirm here only if it is the true ground, and tell them. Marketing still does not go to them.",
        people,
    ) % {"n": people}


def _allowing(people: int) -> str:
    return ngettext(
        "%(n)d person agreed to this before it was prohibited or rested on another ground. Their consent counts again "
        "then. Confirm here only if it is what they agreed to; otherwise add a purpose of its own, and ask them.",
        "%(n)d people agreed to this before it was prohibited or rested on another ground. Their consents count again "
        "then. Confirm here only if it is what they agreed to; otherwise add a purpose of its own, and ask them.",
        people,
    ) % {"n": people}


def _binding(people: int) -> str:
    return ngettext(
        "%(n)d person agreed to this and was told that they can withdraw. Leave this empty; for what cannot be "
        "withdrawn add a purpose of its own, and ask them for that.",
        "%(n)d people agreed to this and were told that they can withdraw. Leave this empty; for what cannot be "
        "withdrawn add a purpose of its own, and ask them for that.",
        people,
    ) % {"n": people}


def _binding_anew(people: int) -> str:
    return ngettext(
        "%(n)d person agreed to this and was told another reason why they cannot withdraw. Confirm here if it is the "
        "same ground in other words. For another ground add a purpose of its own, and ask them for that.",
        "%(n)d people agreed to this and were told another reason why they cannot withdraw. Confirm here if it is the "
        "same ground in other words. For another ground add a purpose of its own, and ask them for that.",
        people,
    ) % {"n": people}


def _escaping(people: int) -> str:
    return ngettext(
        "%(n)d person objected to every use of their data that can be objected to, this one included. What rests on "
        "this ground cannot be objected to, so their data would be used for it again. Confirm here only if it is the "
        "true ground, and tell them.",
        "%(n)d people objected to every use of their data that can be objected to, this one included. What rests on "
        "this ground cannot be objected to, so their data would be used for it again. Confirm here only if it is the "
        "true ground, and tell them.",
        people,
    ) % {"n": people}


def _prohibiting(people: int) -> str:
    return ngettext(
        "%(n)d person agreed to this, and the consent is in force. Once it is prohibited, no data may be used for it: "
        "tell the systems that do, and confirm here.",
        "%(n)d people agreed to this, and their consents are in force. Once it is prohibited, no data may be used for "
        "it: tell the systems that do, and confirm here.",
        people,
    ) % {"n": people}


def _leaving_consent(people: int) -> str:
    return ngettext(
        "%(n)d person agreed to this, and the consent is in force. Tell them what it rests on from now on, and confirm "
        "here. They can withdraw all the same.",
        "%(n)d people agreed to this, and their consents are in force. Tell them what it rests on from now on, and "
        "confirm here. They can withdraw all the same.",
        people,
    ) % {"n": people}


class PurposeAdmin(RecordedAdmin):
    form = PurposeForm
    list_display = ("title", "code", "lawful_basis", "prohibited", "retention", "order")
    list_filter = ("lawful_basis", "is_prohibited")
    search_fields = ("title", "code")
    fieldsets = (
        (None, {"fields": ("title", "code", "description", "order")}),
        (gettext_lazy("Ground"), {"fields": ("lawful_basis", "is_prohibited")}),
        (
            gettext_lazy("Consent"),
            {"fields": ("withdrawal_consequences", "no_withdrawal_reason", ("valid_days", "minimum_age"))},
        ),
        (gettext_lazy("Data"), {"fields": ("data_categories", "special_categories", "retention")}),
        (gettext_lazy("Where it is used"), {"fields": ("who_gets_data", "activities_shown")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With a box to confirm, once what was sent has to be."""
        basis, is_prohibited = request.POST.get("lawful_basis", ""), bool(request.POST.get("is_prohibited"))
        reason = request.POST.get("no_withdrawal_reason", "").strip()
        if obj is None or not basis or not _to_confirm(obj.pk, basis, reason, is_prohibited=is_prohibited):
            return self.fieldsets
        names, ground, *others = self.fieldsets
        return [names, (ground[0], {"fields": (*ground[1]["fields"], "is_confirmed")}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Records, receipts and API calls name a purpose by its code, so it stays."""
        shown = ("who_gets_data", "activities_shown")
        return ("code", *shown) if obj is not None else shown

    @display(description=gettext_lazy("Recipients"))
    def who_gets_data(self, purpose: Purpose) -> str:
        """They name their purposes themselves, on their own pages."""
        if purpose._state.adding:
            return "–"
        return ", ".join(f"{each.name} ({each.country})" for each in purpose.recipients.all()) or "–"

    @display(description=gettext_lazy("Processing activities"))
    def activities_shown(self, purpose: Purpose) -> str:
        if purpose._state.adding:
            return "–"
        return ", ".join(str(each) for each in purpose.activities.all()) or "–"

    @display(description=gettext_lazy("Allowed"), ordering="is_prohibited")
    def prohibited(self, purpose: Purpose) -> SafeString:
        level, words = ("overdue", _("prohibited")) if purpose.is_prohibited else ("ok", _("allowed"))
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)
