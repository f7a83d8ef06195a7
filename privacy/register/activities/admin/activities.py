"""Processing activities on the officers' site: the list with what is to be checked, one activity, and the files."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.activities.admin.downloading import Downloads, download
from privacy.register.activities.admin.forms import ActivityForm, NextReviewForm
from privacy.register.activities.checking import remarks
from privacy.register.activities.export import FORMATS, record_of_processing
from privacy.register.activities.models import ProcessingActivity
from privacy.register.activities.reviews import review_activity
from privacy.register.selectors import local_date
from privacy.tenants.list_filters import filled_or_not


class ActivityAdmin(Downloads, RecordedAdmin):
    form = ActivityForm
    list_before_template = "officer/register/to_check.html"
    list_display = ("name", "owner", "purposes_shown", "recipients_shown", "review_badge", "stand")
    list_filter = (
        "purposes",
        "recipients",
        "is_automated",
        ("ended_on", filled_or_not(gettext_lazy("ended"), gettext_lazy("not ended"))),
    )
    search_fields = ("name", "owner")
    readonly_fields = ("bases", "transfers", "reviewed_on")
    actions_list = ("as_xlsx", "as_csv", "as_pdf", "as_jsonld")
    actions_detail = ("review",)
    fieldsets = (
        (None, {"fields": ("name", "description", "owner", "joint_controllers")}),
        (gettext_lazy("What for"), {"fields": ("purposes", "bases", "interests")}),
        (
            gettext_lazy("Data"),
            {
                "fields": (
                    "subject_groups", "data_categories", ("special_categories", "special_condition"), "sources",
                )
            },
        ),
        (gettext_lazy("Recipients"), {"fields": ("recipients", "transfers")}),
        (gettext_lazy("Erasure and security"), {"fields": ("retention", "security", "impact_assessment")}),
        (gettext_lazy("Automated decisions"), {"fields": ("is_automated", "decision_logic")}),
        (gettext_lazy("Review"), {"fields": ("review_on", "reviewed_on", "ended_on")}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcessingActivity]:
        """With the day of today where the organisation is, asked once for a whole page."""
        rows = super().get_queryset(request).annotate(today=Value(local_date(timezone.now())))
        return rows.prefetch_related("purposes", "recipients")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list comes with what is to be checked; not while a file is made."""
        found = remarks() if self.has_view_permission(request) else []
        return super().changelist_view(request, {"remarks": found, **(extra_context or {})})

    def download_as(self, request: HttpRequest, extension: str) -> HttpResponse:
        return _download(request, extension)

    @action(description=gettext_lazy("JSON-LD"), permissions=["view"], url_path="export-jsonld", icon="download")
    def as_jsonld(self, request: HttpRequest) -> HttpResponse:
        return _download(request, "jsonld")

    def has_review_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        allowed = request.user.has_perm("activities.change_processingactivity")
        return allowed and self.stands(object_id, ended_on__isnull=True)

    @action(description=gettext_lazy("Reviewed"), permissions=["review"], url_path="review")
    def review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The officer looked at it and it is right; asks for the next day."""
        activity = get_object_or_404(ProcessingActivity, pk=object_id)
        page = reverse("officer:activities_processingactivity_change", args=[activity.pk])
        form = NextReviewForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            review_activity(activity=activity, actor=Actor.officer(request.user), **form.cleaned_data)
            messages.success(request, _("The review is written down."))
            return HttpResponseRedirect(page)
        request.current_app = self.admin_site.name
        context = {
            "opts": self.opts,
            "original": activity,
            "title": _("%(name)s: everything said about it is right") % {"name": activity.name},
            "form": form,
            "submit": _("Reviewed"),
            "back": page,
        }
        return TemplateResponse(request, "officer/form.html", self.admin_site.each_context(request) | context)

    @display(description=gettext_lazy("Purposes"))
    def purposes_shown(self, activity: ProcessingActivity) -> str:
        return ", ".join(each.title for each in activity.purposes.all()) or "–"

    @display(description=gettext_lazy("Recipients"))
    def recipients_shown(self, activity: ProcessingActivity) -> str:
        return ", ".join(each.name for each in activity.recipients.all()) or "–"

    @display(description=gettext_lazy("Lawful bases"))
    def bases(self, activity: ProcessingActivity) -> str:
        if activity._state.adding:
            return "–"
        told = (f"{each.title}: {each.get_lawful_basis_display()}" for each in activity.purposes.all())
        return "; ".join(told) or "–"

    @display(description=gettext_lazy("Countries and safeguards"))
    def transfers(self, activity: ProcessingActivity) -> str:
        if activity._state.adding:
            return "–"
        rows = activity.recipients.all()
        told = (", ".join(filter(None, (each.name, each.country, each.safeguard_words))) for each in rows)
        return "; ".join(told) or "–"

    @display(description=gettext_lazy("Review on"), ordering="review_on")
    def review_badge(self, activity: ProcessingActivity) -> SafeString | str:
        today: date = activity.today  # type: ignore[attr-defined]  # annotated
        day = date_format(activity.review_on, "j M Y")
        if activity.review_on > today or not activity.is_active_on(today):
            return day
        return format_html('<span class="pd-badge pd-badge--overdue">{}</span>', _("due since %(day)s") % {"day": day})

    @display(description=gettext_lazy("State"), ordering="ended_on")
    def stand(self, activity: ProcessingActivity) -> SafeString:
        active = activity.is_active_on(activity.today)  # type: ignore[attr-defined]  # annotated
        level, words = ("ok", _("active")) if active else ("plain", _("ended"))
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)


@transaction.atomic
def _download(request: HttpRequest, name: str) -> HttpResponse:
    content = record_of_processing()
    return download(
        request,
        content,
        form=FORMATS[name],
        name="record-of-processing",
        act="record_of_processing.exported",
        rows={"activities": len(content.lines)},
    )
