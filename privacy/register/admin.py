"""The register on the officers' site: who we are, why we use data, what we tell people."""

from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from privacy.law.catalogue import jurisdictions
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.admin_fields import DayInput, LinesField
from privacy.register.models import LawfulBasis, Notice, OrganisationProfile, Purpose
from privacy.register.publishing import publish_notice, told_purposes
from privacy.register.selectors import local_date, local_midnight


class ProfileForm(ModelForm):
    """Laws and time zone are chosen from what exists, so that no clock can be set to something unknown."""

    laws = forms.MultipleChoiceField(
        label=gettext_lazy("Laws that apply"), widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), widget=UnfoldAdminSelectWidget())

    class Meta:
        model = OrganisationProfile
        fields = (
            "legal_name", "trading_name", "address", "country", "officer_name", "officer_title",
            "officer_email", "officer_phone", "representative", "laws", "promise_days", "promise_unit", "time_zone",
            "large_run_rows", "large_run_percent", "retention_from", "retention_until",
            "source_silence_days", "smallest_group", "cooling_off_hours", "identity_days",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        laws = [(each.code, f"{each.code}: {each.law_name}") for each in jurisdictions()]
        for name, choices in (("laws", laws), ("time_zone", [(zone, zone) for zone in sorted(available_timezones())])):
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        begin, end = given.get("retention_from"), given.get("retention_until")
        if (begin is None) != (end is None) or (begin is not None and begin == end):
            raise ValidationError(_("Give two different times between which retention works, or none."))
        return given

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].upper()
        if len(country) != 2 or not country.isalpha():
            raise ValidationError(_("Write the country with two letters, like GH or CA."))
        return country


class ProfileAdmin(RecordedAdmin):
    form = ProfileForm
    list_display = ("trading_name", "officer_name", "officer_email", "time_zone")
    fieldsets = (
        (gettext_lazy("Organisation"), {"fields": ("legal_name", "trading_name", "address", "country", "website")}),
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
    """A purpose that rests on consent says what withdrawing means."""

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

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        by_consent = given.get("lawful_basis") == LawfulBasis.CONSENT and not given.get("is_prohibited")
        if by_consent and not given.get("withdrawal_consequences"):
            self.add_error(
                "withdrawal_consequences",
                _("Say what happens when a person withdraws consent; they are shown it first."),
            )
        return given


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


class PublishForm(forms.Form):
    """Since when a notice is in force."""

    in_force_since = forms.DateField(
        label=gettext_lazy("In force since"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy(
            "Leave it empty: in force from now on. Only a notice that people were given before it was entered here has "
            "an earlier day; both days are written down."
        ),
    )

    def clean_in_force_since(self) -> date | None:
        day: date | None = self.cleaned_data["in_force_since"]
        if day is not None and day > local_date(timezone.now()):
            raise ValidationError(_("This day is yet to come. Leave it empty, or give the day people got the notice."))
        return day

    @property
    def since(self) -> datetime | None:
        day: date | None = self.cleaned_data["in_force_since"]
        return local_midnight(day) if day is not None else None


class NoticeAdmin(RecordedAdmin):
    list_display = ("title", "version", "language", "in_force")
    list_filter = ("language",)
    fields = ("title", "version", "language", "body", "published_at")
    actions_detail = ("publish",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """What people were told is not rewritten afterwards: a change is a new version."""
        if isinstance(obj, Notice) and obj.published_at is not None:
            return self.fields
        return ("published_at",)

    @display(description=gettext_lazy("In force since"), ordering="published_at")
    def in_force(self, notice: Notice) -> Any:
        return notice.published_at or format_html('<span class="pd-badge pd-badge--soon">{}</span>', _("draft"))

    def has_publish_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        allowed = request.user.has_perm("register.change_notice")
        return allowed and Notice.objects.filter(pk=object_id, published_at__isnull=True).exists()

    @action(description=gettext_lazy("Put into force"), permissions=["publish"], url_path="publish")
    def publish(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks first: what is in force cannot be edited any more."""
        notice = get_object_or_404(Notice, pk=object_id)
        page = reverse("officer:register_notice_change", args=[notice.pk])
        form = PublishForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            publish_notice(notice=notice, actor=Actor.officer(request.user), now=form.since)
            messages.success(request, _("The notice is in force, and the portal shows it."))
            return HttpResponseRedirect(page)
        request.current_app = self.admin_site.name
        context = {
            "title": _("Put into force"),
            "explanation": [
                _("“%(notice)s” becomes the notice that the portal shows.") % {"notice": notice},
                _("Its words cannot be changed afterwards. A change is a new version."),
            ],
            "purposes": told_purposes(),
            "form": form,
            "submit": _("Put into force"),
            "back": page,
        }
        template = "officer/register/publish.html"
        return TemplateResponse(request, template, self.admin_site.each_context(request) | context)
