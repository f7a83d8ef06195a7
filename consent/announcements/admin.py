"""Announcements on the officers' site: begun with a form, followed, stopped, gone on with."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from consent.announcements.errors import CannotAnnounce
from consent.announcements.models import AnnouncementState, NoticeAnnouncement
from consent.announcements.reading import announceable
from consent.announcements.selectors import acceptances_of, delivery_of
from consent.announcements.services import begin_announcement, go_on_with_announcement, stop_announcement
from consent.announcements.words import told_of
from privacy.datamap.models import Dataset
from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.models import Notice

_LEVELS = {
    AnnouncementState.RUNNING: "info",
    AnnouncementState.STOPPED: "soon",
    AnnouncementState.DONE: "ok",
}


class DatasetsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        rows = _("about %(rows)s rows") % {"rows": number_format(obj.row_estimate)} if obj.row_estimate else ""
        return f"{obj.source.name}: {obj}" + (f" ({rows})" if rows else "")


class AnnouncementForm(forms.ModelForm):
    """Which notice, how fast, and whom beside the people who dealt with the portal.

    What the service refuses stands above the form.
    """

    datasets = DatasetsField(
        label=gettext_lazy("Also people in these tables"),
        queryset=Dataset.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=gettext_lazy(
            "Who has dealt with this portal is written to anyway. Nobody gets a second letter; who was erased, or has "
            "their data restricted, gets none. Only tables with a column of mail addresses are listed."
        ),
    )

    class Meta:
        model = NoticeAnnouncement
        fields = ("notice", "per_minute")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "notice" in self.fields:
            told = NoticeAnnouncement.objects.values("notice")
            waiting = Notice.objects.exclude(published_at=None, scheduled_for=None).exclude(pk__in=told)
            self.fields["notice"].queryset = waiting.order_by("-pk")  # type: ignore[attr-defined]
        if "datasets" in self.fields:
            self.fields["datasets"].queryset = announceable()  # type: ignore[attr-defined]


class NoticeAnnouncementAdmin(RecordedAdmin):
    form = AnnouncementForm
    list_display = ("notice", "state_shown", "written", "unreachable", "begun_at", "ended_at")
    list_select_related = ("notice",)
    fields = ("notice", "per_minute")
    readonly_fields = (
        "state_shown",
        "written",
        "unreachable",
        "in_sources",
        "delivered",
        "accepted",
        "begun_by",
        "begun_at",
        "ended_at",
    )
    actions_detail = ("stop", "go_on")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is not None:
            return ("notice", "per_minute", *self.readonly_fields)
        return (*self.fields, "datasets") if announceable().exists() else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """The service makes the row; the form's own is never stored."""
        given = form.cleaned_data
        made = begin_announcement(
            notice=given["notice"], per_minute=given["per_minute"], officer=request.user,  # type: ignore[arg-type]
            datasets=list(given.get("datasets", ())),
        )  # fmt: skip
        obj.pk, obj._state.adding = made.pk, False

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """The service has written it to the ledger."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().add_view(request, form_url, extra_context)
        except CannotAnnounce as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("officer:announcements_noticeannouncement_add"))

    @display(description=gettext_lazy("State"), ordering="state")
    def state_shown(self, announcement: NoticeAnnouncement) -> SafeString:
        state = AnnouncementState(announcement.state)
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', _LEVELS[state], state.label)

    @display(description=gettext_lazy("People in sources"))
    def in_sources(self, announcement: NoticeAnnouncement) -> SafeString | str:
        found = list(announcement.datasets.all())
        if not found:
            return _("none were asked for")
        return format_html_join("", "<p><strong>{}</strong><br>{}</p>", ((each.name, told_of(each)) for each in found))

    @display(description=gettext_lazy("Letters"))
    def delivered(self, announcement: NoticeAnnouncement) -> str:
        found = delivery_of(announcement)
        words = _("%(sent)d sent, %(waiting)d on their way, %(failed)d could not be sent, %(gone)d not kept any more")
        return words % {
            "sent": found.sent, "waiting": found.waiting, "failed": found.failed, "gone": found.gone,
        }  # fmt: skip

    @display(description=gettext_lazy("Accepted"))
    def accepted(self, announcement: NoticeAnnouncement) -> str:
        found = acceptances_of(announcement)
        return "; ".join(f"{how.label}: {number}" for how, number in found.items())

    def has_stop_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may(request, object_id, AnnouncementState.RUNNING)

    def has_go_on_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may(request, object_id, AnnouncementState.STOPPED)

    def _may(self, request: HttpRequest, object_id: Any, state: AnnouncementState) -> bool:
        allowed = request.user.has_perm("announcements.add_noticeannouncement")
        return allowed and NoticeAnnouncement.objects.filter(pk=object_id, state=state).exists()

    @action(description=gettext_lazy("Stop"), permissions=["stop"], url_path="stop")
    def stop(self, request: HttpRequest, object_id: int) -> HttpResponse:
        explanation = _("No more letters are written. Those in the outbox still go.")
        return self._act(request, object_id, stop_announcement, _("Stop"), explanation, _("Stopped."))

    @action(description=gettext_lazy("Go on"), permissions=["go_on"], url_path="go-on")
    def go_on(self, request: HttpRequest, object_id: int) -> HttpResponse:
        explanation = _("Letters are written again, to the people who got none yet.")
        return self._act(request, object_id, go_on_with_announcement, _("Go on"), explanation, _("It goes on."))

    def _act(
        self, request: HttpRequest, object_id: int, act: Callable[..., Any], title: str, explanation: str, done: str
    ) -> HttpResponse:
        """Asks first; does it when the form is sent."""
        announcement = get_object_or_404(NoticeAnnouncement, pk=object_id)
        back = reverse("officer:announcements_noticeannouncement_change", args=[object_id])
        if request.method != "POST":
            request.current_app = self.admin_site.name
            context = {"title": title, "explanation": [explanation], "submit": title, "back": back, "purposes": None}
            return TemplateResponse(request, "officer/ask.html", self.admin_site.each_context(request) | context)
        try:
            act(announcement=announcement, officer=request.user)
        except CannotAnnounce as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(back)
