"""The days that officers add to calendars of holidays, on the officers' site."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from privacy.law.calendars import holidays_of
from privacy.law.catalogue import calendars_of, jurisdiction
from privacy.law.errors import CalendarError
from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.admin_fields import say_plainly
from privacy.register.errors import HolidayInvalid
from privacy.register.holidays import add_holiday, change_holiday, check_holiday, remove_holiday
from privacy.register.models import HolidayOverlay
from privacy.register.selectors import local_date, profile


class HolidayForm(ModelForm):
    """Calendars are chosen from those by which the organisation's laws and promises count."""

    calendar = forms.ChoiceField(label=gettext_lazy("Calendar"), widget=UnfoldAdminSelectWidget())

    class Meta:
        model = HolidayOverlay
        fields = ("calendar", "date", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)
        if "calendar" in self.fields:
            self.fields["calendar"].choices = calendars()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        calendar = given.get("calendar") or self.instance.calendar
        if calendar and given.get("date") and given.get("name"):
            existing = self.instance if self.instance.pk else None
            try:
                check_holiday(calendar=calendar, day=given["date"], name=given["name"], instead_of=existing)
            except HolidayInvalid as error:
                self.add_error("date", str(error))
        return given


def calendars() -> list[tuple[str, str]]:
    """Calendars that count for this organisation, with the laws that count by them.

    That of its country comes last where no law counts by it, and says so: a day added to it moves no last day.
    """
    organisation = profile()
    found = {
        code: [jurisdiction(law).law_name for law in organisation.laws if code in calendars_of([law])]
        for code in calendars_of(organisation.laws)
    }
    offered = [(code, f"{code} ({', '.join(laws)})") for code, laws in sorted(found.items())]
    country = organisation.country
    if country not in found and _exists(country):
        offered.append((country, _("%(code)s (moves no last day: none of your laws counts by it)") % {"code": country}))
    return offered


def _exists(country: str) -> bool:
    try:
        return bool(holidays_of(country, local_date(timezone.now()).year))
    except CalendarError:
        return False


class HolidayAdmin(RecordedAdmin):
    form = HolidayForm
    list_display = ("date", "name", "calendar", "added_by")
    list_filter = ("calendar",)
    search_fields = ("name",)
    actions_detail = ("remove",)
    fieldsets = (
        (
            None,
            {
                "fields": ("calendar", "date", "name"),
                "description": gettext_lazy(
                    "Holidays are known by country and province. Add a day that they lack and that the law leaves out "
                    "when it counts, for example a day of mourning that was proclaimed. A day too many makes deadlines "
                    "later than the law allows."
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("calendar",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: HolidayOverlay, form: Any, change: bool) -> None:
        """By the services, which write to the ledger."""
        officer: Any = request.user
        if change:
            change_holiday(holiday=obj, day=obj.date, name=obj.name, officer=officer)
        else:
            obj.pk = add_holiday(calendar=obj.calendar, day=obj.date, name=obj.name, officer=officer).pk

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """The service has written it down."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """The service has written it down."""

    def has_remove_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("register.change_holidayoverlay")

    @action(description=gettext_lazy("Remove this day"), permissions=["remove"], url_path="remove")
    def remove(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks first, because deadlines are counted differently afterwards."""
        holiday = get_object_or_404(HolidayOverlay, pk=object_id)
        if request.method == "POST":
            officer: Any = request.user
            remove_holiday(holiday=holiday, officer=officer)
            messages.success(request, _("The day is removed; it counts again."))
            return HttpResponseRedirect(reverse("officer:register_holidayoverlay_changelist"))
        request.current_app = self.admin_site.name
        day = {"name": holiday.name, "day": date_format(holiday.date, "j F Y"), "calendar": holiday.calendar}
        context = {
            "title": _("Remove this day"),
            "explanation": [
                _("“%(name)s” on %(day)s counts again wherever days are counted by the calendar %(calendar)s.") % day
            ],
            "button": _("Remove this day"),
            "back": reverse("officer:register_holidayoverlay_change", args=[holiday.pk]),
        }
        return TemplateResponse(request, "officer/confirm.html", self.admin_site.each_context(request) | context)
