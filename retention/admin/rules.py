"""Retention rules on the officers' site: written, looked at before they run, run at once, switched on and off."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from privacy.datamap.admin.lines import read_as_lines
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.models import Action
from privacy.datamap.specs import datasets_of
from privacy.ledger.actors import Actor
from privacy.register.selectors import local_date
from retention.admin.counted import COUNTED_FIELDS, WAY, WHEN, CountedAdmin, CountedForm
from retention.admin.ready_made import may_add, ready_made_page
from retention.enums import RunState
from retention.errors import DueChanged, RetentionError
from retention.models import Rule, RuleVersion
from retention.preview import Preview, preview_rule
from retention.rule_plan import misfit
from retention.second_look import ApprovalReason, why_approval
from retention.seen import mark_of
from retention.services import save_rule, start_rule_run
from retention.transitions import UNDER_WAY
from retention.wording import in_words, when_in_words


class RuleForm(CountedForm):
    class Meta:
        model = Rule
        fields = (
            *COUNTED_FIELDS, "name", "action", "category", "along", "legal_reason", "in_force_from", "in_force_until",
            "turn", "is_active", "notice_days", "without_address",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("category") and given.get("action") == Action.DELETE:
            self.add_error("category", _("One kind of data can only be anonymised: the rest of the row stays."))
        if given.get("along") and given.get("action") != Action.DELETE:
            self.add_error("along", _("Only a rule that deletes takes rows of other datasets along."))
        return given

    def _post_clean(self) -> None:
        """A rule that is followed can be planned by the data map; one that is switched off may wait for it."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors or not self.instance.is_active:
            return
        everything = datasets_of(self.instance.dataset.source)
        if problem := misfit(self.instance, everything, self.cleaned_data["along"]):
            self.add_error(None, problem)


class RuleAdmin(CountedAdmin):
    form = RuleForm
    list_display = ("name", "dataset", "when", "action", "state", "version")
    list_filter = ("is_active", "action")
    search_fields = ("name",)
    actions_list = ("from_template",)
    actions_detail = ("start_now",)
    fieldsets = (
        (None, {"fields": ("name", "legal_reason", ("in_force_from", "in_force_until"), "turn", "is_active")}),
        (gettext_lazy("What"), {"fields": ("dataset", "action", "category", "along")}),
        WHEN,
        (gettext_lazy("Telling the person before"), {"fields": ("notice_days", "without_address")}),
        WAY,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        rules = super().get_queryset(request).select_related("dataset", "start_dataset")
        return rules.prefetch_related("start_dataset__fields", "along")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        stood = (gettext_lazy("As it stands"), {"fields": ("sentence", "version", "problem", "history", "runs")})
        fieldsets = (*self.fieldsets, stood) if obj is not None else self.fieldsets
        if self.has_change_permission(request, obj):
            return fieldsets
        return read_as_lines(fieldsets, ("conditions", "path"))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("sentence", "version", "problem", "history", "runs")

    def save_model(self, request: HttpRequest, obj: Rule, form: forms.Form, change: bool) -> None:
        """The service gives a changed rule its next version, writes the ledger and sees to the daily look."""
        save_rule(rule=obj, actor=Actor.officer(request.user), along=form.cleaned_data["along"])

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """`save_rule` has written it down."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """`save_rule` has written it down."""

    def has_from_template_permission(self, request: HttpRequest) -> bool:
        return may_add(request)

    @action(
        description=gettext_lazy("Add from a template"), permissions=["from_template"], url_path="from-template",
        icon="library_add",
    )  # fmt: skip
    def from_template(self, request: HttpRequest) -> HttpResponse:
        """Shows what each ready-made rule would do here; adds those that are ticked, switched off."""
        return ready_made_page(self, request)

    def has_start_run_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("retention.start_run")

    @action(description=gettext_lazy("Look and start"), permissions=["start_run"], url_path="start-now")
    def start_now(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Shows what is due today, table by table; the button starts exactly that."""
        rule = get_object_or_404(Rule.objects.select_related("dataset__source", "start_dataset"), pk=object_id)
        if not self.has_start_run_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._start(request, rule)
        preview, problem = _preview(rule)
        request.current_app = self.admin_site.name
        context = self.admin_site.each_context(request) | {
            "title": _("What is due now"),
            "opts": self.opts,
            "original": rule,
            "rule": rule,
            "sentence": in_words(rule),
            "preview": preview,
            "planned": preview.planned if preview else None,
            "problem": problem,
            "waits": _why_it_waits(rule, preview),
            "seen": mark_of(rule, preview.planned) if preview else "",
            "under_way": rule.runs.filter(state__in=UNDER_WAY).first(),
            "back": reverse("officer:retention_rule_change", args=[rule.pk]),
        }
        return TemplateResponse(request, "officer/retention/start.html", context)

    def _start(self, request: HttpRequest, rule: Rule) -> HttpResponse:
        """Starts what was on the screen, or shows what is due instead. A form that brings no mark has shown nothing."""
        try:
            run = start_rule_run(rule=rule, actor=Actor.officer(request.user), seen=request.POST.get("seen", ""))
        except DueChanged as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(request.path)
        except (RetentionError, EngineError) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("officer:retention_rule_change", args=[rule.pk]))
        words = (
            _("The run waits for a second officer.") if run.state == RunState.AWAITING else _("The run has started.")
        )
        messages.success(request, words)
        return HttpResponseRedirect(reverse("officer:retention_run_change", args=[run.pk]))

    @display(description=gettext_lazy("When"))
    def when(self, rule: Rule) -> str:
        return when_in_words(rule)

    @display(description=gettext_lazy("In words"))
    def sentence(self, rule: Rule) -> str:
        return in_words(rule)

    @display(description=gettext_lazy("What it said when"))
    def history(self, rule: Rule) -> SafeString:
        versions = rule.versions.all()
        lines = ((each.number, _valid(each), each.words) for each in versions)
        return format_html("<ol class='pd-plain'>{}</ol>", format_html_join("", "<li>{}, {}: {}</li>", lines))

    @display(description=gettext_lazy("Runs"))
    def runs(self, rule: Rule) -> SafeString | str:
        """The way to everything that this rule did."""
        number = rule.runs.count()
        if not number:
            return _("none yet")
        link = f"{reverse('officer:retention_run_changelist')}?rule__id__exact={rule.pk}"
        words = ngettext("%(n)s run", "%(n)s runs", number) % {"n": f"{number:,}"}
        return format_html('<a class="pd-link" href="{}">{}</a>', link, words)

    @display(description=gettext_lazy("State"), ordering="is_active")
    def state(self, rule: Rule) -> SafeString:
        level, words = ("ok", _("active")) if rule.is_active else ("plain", _("switched off"))
        if rule.is_active and not rule.is_followed(local_date(timezone.now())):
            level, words = "plain", _("not in force")
        if rule.problem:
            level, words = "overdue", _("problem")
        return format_html('<span class="pd-badge pd-badge--{}" title="{}">{}</span>', level, rule.problem, words)


def _valid(version: RuleVersion) -> str:
    since = formats.date_format(timezone.localtime(version.valid_from), "SHORT_DATETIME_FORMAT")
    if version.valid_until is None:
        return _("since %(since)s") % {"since": since}
    until = formats.date_format(timezone.localtime(version.valid_until), "SHORT_DATETIME_FORMAT")
    return _("%(since)s to %(until)s") % {"since": since, "until": until}


def _why_it_waits(rule: Rule, preview: Preview | None) -> str:
    """Why a second officer would have to look at this run first; empty when nobody has to."""
    reason = why_approval(rule, preview.planned) if preview is not None else ""
    return str(ApprovalReason(reason).label) if reason else ""


def _preview(rule: Rule) -> tuple[Preview | None, str]:
    try:
        return preview_rule(rule), ""
    except (RetentionError, EngineError) as error:
        return None, str(error)
