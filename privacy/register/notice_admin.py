"""Privacy notices on the officers' site: written, compared with the version before, scheduled, put into force."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.admin_fields import DayField
from privacy.register.errors import NoticeIncomplete, NoticeNotDraft, NoticeScheduled
from privacy.register.models import Notice
from privacy.register.notice_changes import compare
from privacy.register.notice_text import without_marks
from privacy.register.publishing import publish_notice, schedule_notice, told_purposes, unschedule_notice
from privacy.register.selectors import current_notice, local_date, local_midnight, notice_before


class PublishForm(forms.Form):
    """Since when a notice is in force."""

    in_force_since = DayField(
        label=gettext_lazy("In force since"),
        required=False,
        help_text=gettext_lazy(
            "Leave it empty: in force from now on. Only a notice that people were given before it was entered here has "
            "an earlier day; both days are written down."
        ),
    )

    def clean_in_force_since(self) -> date | None:
        day: date | None = self.cleaned_data["in_force_since"]
        if day is not None and day > local_date(timezone.now()):
            raise ValidationError(
                _("This day is yet to come: schedule the notice. Or leave it empty, or give the day people got it.")
            )
        return day

    @property
    def since(self) -> datetime | None:
        day: date | None = self.cleaned_data["in_force_since"]
        return local_midnight(day) if day is not None else None


class ScheduleForm(forms.Form):
    """From which day on a notice is in force."""

    begins = DayField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy(
            "From the beginning of this day. Leave people time to read it, and to say no, before it counts."
        ),
    )


def _is_fixed(notice: Model | None) -> bool:
    return isinstance(notice, Notice) and not notice.is_draft


class NoticeAdmin(RecordedAdmin):
    list_display = ("title", "version", "language", "in_force", "significance")
    list_filter = ("language", "is_significant")
    fields = ("title", "version", "language", "body", "is_significant", "changes", "scheduled_for", "published_at")
    actions_detail: tuple[str, ...] = ("compare", "publish", "schedule", "unschedule")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A notice in a language of which nobody thinks would be shown to nobody."""
        if db_field.name == "language":
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name),
                choices=settings.LETTER_LANGUAGES,
                widget=UnfoldAdminSelectWidget(),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if not _is_fixed(obj):
            return self.fields
        return ("title", "version", "language", "text", "significance", "changes", "scheduled_for", "published_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """What people were told is not rewritten afterwards: a change is a new version."""
        return self.get_fields(request, obj) if _is_fixed(obj) else ("scheduled_for", "published_at")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Notice | None = None, **kwargs: Any
    ) -> Any:
        """There is nothing to save of a notice whose words stay as they are."""
        if _is_fixed(obj):
            context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @display(description=gettext_lazy("Text"))
    def text(self, notice: Notice) -> SafeString:
        return format_html('<div class="pd-letter">{}</div>', notice.body)

    @display(description=gettext_lazy("A significant change"), ordering="is_significant")
    def significance(self, notice: Notice) -> SafeString | str:
        if not notice.is_significant:
            return _("no")
        return format_html('<span class="pd-badge pd-badge--soon">{}</span>', _("significant"))

    @display(description=gettext_lazy("In force since"), ordering="published_at")
    def in_force(self, notice: Notice) -> Any:
        if notice.published_at is not None:
            return notice.published_at
        if notice.scheduled_for is None:
            return format_html('<span class="pd-badge pd-badge--soon">{}</span>', _("draft"))
        day = date_format(timezone.localtime(notice.scheduled_for), "j M Y")
        return format_html('<span class="pd-badge pd-badge--info">{}</span>', _("from %(day)s") % {"day": day})

    def has_compare_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("register.view_notice")

    def has_publish_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Not of one that is scheduled for later: people were told its day."""
        is_early = object_id is not None and self.stands(object_id, scheduled_for__gt=timezone.now())
        return not is_early and self._may_change(request, object_id, published_at__isnull=True)

    def has_schedule_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_change(request, object_id, published_at__isnull=True, scheduled_for__isnull=True)

    def has_unschedule_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_change(request, object_id, published_at__isnull=True, scheduled_for__isnull=False)

    def _may_change(self, request: HttpRequest, object_id: Any, **standing: bool) -> bool:
        allowed = request.user.has_perm("register.change_notice")
        return allowed and self.stands(object_id, **standing)

    @action(description=gettext_lazy("What changed"), permissions=["compare"], url_path="compare")
    def compare(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Word by word, beside the version that it takes the place of."""
        notice = get_object_or_404(Notice, pk=object_id)
        before = notice_before(notice)
        pieces = compare(without_marks(before.body), without_marks(notice.body)) if before is not None else []
        context = {"title": _("What changed"), "notice": notice, "before": before, "pieces": pieces}
        return self._page(request, "officer/register/compare.html", notice, context)

    @action(description=gettext_lazy("Put into force"), permissions=["publish"], url_path="publish")
    def publish(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks first: what is in force cannot be edited any more."""
        notice = get_object_or_404(Notice, pk=object_id)
        form = PublishForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._published(request, notice, form):
            return HttpResponseRedirect(self._address(notice))
        explanation = [
            _("“%(notice)s” becomes the notice that the portal shows.") % {"notice": notice},
            _("Its words cannot be changed afterwards. A change is a new version."),
        ]
        return self._ask(request, notice, form, _("Put into force"), explanation)

    def _published(self, request: HttpRequest, notice: Notice, form: PublishForm) -> bool:
        try:
            published = publish_notice(notice=notice, actor=Actor.officer(request.user), now=form.since)
        except (NoticeIncomplete, NoticeScheduled) as error:
            form.add_error(None, str(error))
            return False
        shown = current_notice(published.language)
        if shown == published:
            messages.success(request, _("The notice is in force, and the portal shows it."))
        else:
            words = _(
                "It is written down that the notice was in force. The portal goes on showing version %(version)s."
            )
            messages.success(request, words % {"version": shown.version if shown else "–"})
        return True

    @action(description=gettext_lazy("Schedule"), permissions=["schedule"], url_path="schedule")
    def schedule(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks for the day."""
        notice = get_object_or_404(Notice, pk=object_id)
        form = ScheduleForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._scheduled(request, notice, form):
            return HttpResponseRedirect(self._address(notice))
        explanation = [
            _("“%(notice)s” becomes the notice that the portal shows, by itself, on the day you give.")
            % {"notice": notice},
            _(
                "Until then it is shown beside the present one; its words and its day stay as they are, unless it is "
                "taken back."
            ),
        ]
        return self._ask(request, notice, form, _("Schedule"), explanation)

    def _scheduled(self, request: HttpRequest, notice: Notice, form: ScheduleForm) -> bool:
        begins = local_midnight(form.cleaned_data["begins"])
        try:
            schedule_notice(notice=notice, begins=begins, actor=Actor.officer(request.user))
        except (NoticeIncomplete, NoticeNotDraft) as error:
            form.add_error(None if isinstance(error, NoticeNotDraft) else "begins", str(error))
            return False
        messages.success(request, _("The notice is scheduled. Now tell people of it, under “Announcements”."))
        return True

    @action(description=gettext_lazy("Take back"), permissions=["unschedule"], url_path="unschedule")
    def unschedule(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Makes a draft of it again."""
        notice = get_object_or_404(Notice, pk=object_id)
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                unschedule_notice(notice=notice, actor=Actor.officer(request.user))
            except NoticeNotDraft as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("The notice is a draft again."))
            return HttpResponseRedirect(self._address(notice))
        explanation = [
            _("“%(notice)s” does not come into force on its day, and is a draft again.") % {"notice": notice},
            _(
                "Whoever was told of it keeps that letter, but counts as not told, and its announcement ends for good: "
                "letters that still wait are not sent. Schedule the notice again and announce it: then everybody is "
                "told what it says by that time."
            ),
            *self.what_else_ends(notice),
        ]
        return self._ask(request, notice, form, _("Take back"), explanation)

    def what_else_ends(self, notice: Notice) -> list[str]:
        """What ends beside the notice when it is taken back, in whole sentences; rooms above this one know more."""
        return []

    def _ask(
        self, request: HttpRequest, notice: Notice, form: forms.Form, act: str, explanation: list[str]
    ) -> HttpResponse:
        context = {
            "title": act,
            "explanation": explanation,
            "purposes": told_purposes() if isinstance(form, PublishForm | ScheduleForm) else None,
            "form": form,
            "submit": act,
        }
        return self._page(request, "officer/ask.html", notice, context)

    def _page(self, request: HttpRequest, template: str, notice: Notice, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        given = self.admin_site.each_context(request) | context | {"back": self._address(notice)}
        return TemplateResponse(request, template, given)

    @staticmethod
    def _address(notice: Notice) -> str:
        return reverse("officer:register_notice_change", args=[notice.pk])
