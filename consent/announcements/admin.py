"""Announcements on the officers' site: begun with a form, followed, stopped, gone on with."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
)

from consent.admin.overtaken import tell_overtaken
from consent.announcements.errors import CannotAnnounce
from consent.announcements.models import AnnouncementState, NoticeAnnouncement
from consent.announcements.reading import announceable
from consent.announcements.selectors import (
    acceptances_of,
    delivery_of,
    is_announced,
    notices_that_say_no_change,
    notices_to_announce,
)
from consent.announcements.services import begin_announcement, go_on_with_announcement, stop_announcement
from consent.announcements.versions import translations_of
from consent.announcements.words import told_of
from privacy.datamap.models import Dataset
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.register.admin_fields import say_plainly
from privacy.register.models import Notice

NAMED_AS_MISSING = 5
_PAGE = "officer:announcements_noticeannouncement_change"
_OFFERED = {AnnouncementState.RUNNING: "stop", AnnouncementState.STOPPED: "go-on"}
_LEVELS = {
    AnnouncementState.RUNNING: "info",
    AnnouncementState.STOPPED: "soon",
    AnnouncementState.DONE: "ok",
    AnnouncementState.TAKEN_BACK: "soon",
}


class DatasetsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        rows = _("about %(rows)s rows") % {"rows": number_format(obj.row_estimate)} if obj.row_estimate else ""
        return f"{obj.source.name}: {obj}" + (f" ({rows})" if rows else "")


class NoticeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        standing = _("in force") if obj.published_at is not None else _("scheduled")
        others = [f"{each.version} ({each.language})" for each in translations_of(obj) if not is_announced(each)]
        together = "; " + _("together with %(versions)s") % {"versions": ", ".join(others)} if others else ""
        return f"{obj} – {standing}{together}"


class AnnouncementForm(forms.Form):
    """Which notice, how fast, and whom beside the people who dealt with the portal."""

    notice = NoticeField(
        label=gettext_lazy("Notice"),
        queryset=Notice.objects.none(),
        empty_label=gettext_lazy("Choose a notice"),
        help_text=gettext_lazy(
            "One that is scheduled or in force, says what changes, and was not announced yet. Versions in other "
            "languages of the same day go along: each person is told in their language where it is known, and "
            "otherwise in that of the notice you choose."
        ),
        widget=UnfoldAdminSelectWidget(),
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("Letters a minute"),
        initial=300,
        min_value=1,
        max_value=6000,
        help_text=gettext_lazy("As many as your mail server takes without being taken for a sender of spam."),
        widget=UnfoldAdminIntegerFieldWidget(),
    )
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

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["notice"].queryset = notices_to_announce()  # type: ignore[attr-defined]
        if missing := _missing():
            self.fields["notice"].help_text = f"{self.fields['notice'].help_text} {missing}"
        tables = announceable()
        if tables.exists():
            self.fields["datasets"].queryset = tables  # type: ignore[attr-defined]
        else:
            del self.fields["datasets"]
        say_plainly(self.fields)


def _missing() -> str:
    """Which notices an officer may look for in vain: the newest few that do not say what changes."""
    silent = [str(each) for each in notices_that_say_no_change()[: NAMED_AS_MISSING + 1]]
    if not silent:
        return ""
    names = ", ".join(silent[:NAMED_AS_MISSING]) + (", …" if len(silent) > NAMED_AS_MISSING else "")
    return _("Not offered, because people would not learn what changes: %(notices)s.") % {"notices": names}


class NoticeAnnouncementAdmin(ReadOnlyAdmin):
    list_display = ("notice", "state_shown", "written", "no_address", "begun_at", "ended_at")
    list_select_related = ("notice",)
    fields = (
        "notice", "other_languages", "state_shown", "pace", "written", "unreachable", "left_out", "in_sources",
        "delivered", "accepted", "begun_by", "begun_at", "ended_at",
    )  # fmt: skip
    readonly_fields = ("other_languages", "state_shown", "pace", "in_sources", "delivered", "accepted")
    actions_detail = ("stop", "go_on")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("announcements.add_noticeannouncement")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Begins at once, so the button says so."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AnnouncementForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and (begun := self._begun(request, form)) is not None:
            messages.success(request, _("The letters are being written. This page says how far they are."))
            return HttpResponseRedirect(reverse(_PAGE, args=[begun.pk]))
        request.current_app = self.admin_site.name
        context = {
            "opts": self.opts,
            "title": _("Begin an announcement"),
            "form": form,
            "submit": _("Write to everybody"),
            "back": reverse("officer:announcements_noticeannouncement_changelist"),
        }
        return TemplateResponse(request, "officer/form.html", self.admin_site.each_context(request) | context)

    def _begun(self, request: HttpRequest, form: AnnouncementForm) -> NoticeAnnouncement | None:
        given = form.cleaned_data
        try:
            return begin_announcement(
                notice=given["notice"], per_minute=given["per_minute"], officer=request.user,  # type: ignore[arg-type]
                datasets=list(given.get("datasets", ())),
            )  # fmt: skip
        except CannotAnnounce as error:
            form.add_error(None, str(error))
            return None

    @display(description=gettext_lazy("Without address"), ordering="unreachable")
    def no_address(self, announcement: NoticeAnnouncement) -> int:
        return announcement.unreachable

    @display(description=gettext_lazy("Versions in other languages"))
    def other_languages(self, announcement: NoticeAnnouncement) -> str:
        _chosen, *others = announcement.notices()
        return ", ".join(f"{each} ({each.language})" for each in others) or "–"

    @display(description=gettext_lazy("Pace"))
    def pace(self, announcement: NoticeAnnouncement) -> str:
        return _("%(n)s letters a minute at most") % {"n": number_format(announcement.per_minute)}

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
        waiting = _("%(n)d on their way")
        if announcement.state == AnnouncementState.TAKEN_BACK:
            waiting = _("%(n)d waiting, which will not be sent: the notice was taken back")
        parts = [
            _("%(n)d sent") % {"n": found.sent},
            waiting % {"n": found.waiting},
            _("%(n)d could not be sent") % {"n": found.failed},
            _("%(n)d not kept any more") % {"n": found.gone},
        ]
        if found.withheld:
            parts.insert(2, _("%(n)d not sent, for the notice was taken back") % {"n": found.withheld})
        return ", ".join(parts)

    @display(description=gettext_lazy("Accepted"))
    def accepted(self, announcement: NoticeAnnouncement) -> SafeString:
        """Each number leads to the people behind it."""
        page = reverse("officer:announcements_noticeacceptance_changelist")
        notices = announcement.notices()
        links = (
            (
                f"{page}?notice__id__exact={each.pk}&how__exact={how.value}",
                f"{each.version}, {how.label}" if len(notices) > 1 else how.label,
                number,
            )
            for each in notices
            for how, number in acceptances_of(each).items()
        )
        return format_html_join("; ", '<a class="pd-link" href="{}">{}: {}</a>', links)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What fits the state is offered."""
        state = NoticeAnnouncement.objects.filter(pk=object_id).values_list("state", flat=True).first()
        found = super().get_actions_detail(request, object_id)
        return [each for each in found if each.path == _OFFERED.get(AnnouncementState(state))] if state else []

    def has_steer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Of the officer alone: who comes too late is told so, not refused."""
        return self.has_add_permission(request)

    @action(description=gettext_lazy("Stop"), permissions=["steer"], url_path="stop")
    def stop(self, request: HttpRequest, object_id: int) -> HttpResponse:
        explanation = _("No more letters are written. Those in the outbox still go.")
        return self._act(request, object_id, stop_announcement, "stop", _("Stop"), explanation, _("Stopped."))

    @action(description=gettext_lazy("Go on"), permissions=["steer"], url_path="go-on")
    def go_on(self, request: HttpRequest, object_id: int) -> HttpResponse:
        explanation = _("Letters are written again, to the people who got none yet.")
        act = go_on_with_announcement
        return self._act(request, object_id, act, "go-on", _("Go on"), explanation, _("It goes on."))

    def _act(
        self,
        request: HttpRequest,
        object_id: int,
        act: Callable[..., Any],
        path: str,
        title: str,
        explanation: str,
        done: str,
    ) -> HttpResponse:
        """Asks first; does it when the form is sent, unless it has moved on."""
        announcement = get_object_or_404(NoticeAnnouncement, pk=object_id)
        back = reverse(_PAGE, args=[announcement.pk])
        if not _fits(announcement, path):
            tell_overtaken(request, AnnouncementState(announcement.state).label)
            return HttpResponseRedirect(back)
        if request.method != "POST":
            request.current_app = self.admin_site.name
            context = {"title": title, "explanation": [explanation], "submit": title, "back": back, "purposes": None}
            return TemplateResponse(request, "officer/ask.html", self.admin_site.each_context(request) | context)
        try:
            act(announcement=announcement, officer=request.user)
        except CannotAnnounce as error:
            announcement.refresh_from_db(fields=["state"])
            if _fits(announcement, path):
                messages.error(request, str(error))
            else:
                tell_overtaken(request, AnnouncementState(announcement.state).label)
        else:
            messages.success(request, done)
        return HttpResponseRedirect(back)


def _fits(announcement: NoticeAnnouncement, path: str) -> bool:
    return _OFFERED.get(AnnouncementState(announcement.state)) == path
