"""Withdrawals to pass on, on the officers' site: who still has to hear of them, and by when."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from consent.propagation.due import OWN_LIMIT
from consent.propagation.errors import PropagationError
from consent.propagation.forms import ToldForm
from consent.propagation.listing import as_csv
from consent.propagation.models import TaskState, WithdrawalTask
from consent.propagation.selectors import Waiting, open_tasks_of, waiting
from consent.propagation.services import mark_passed_on
from privacy.law.catalogue import jurisdiction
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.ledger.services import record
from privacy.subjects.identifiers import masked

_LIST = "officer:consent_withdrawaltask_changelist"
_NUMBER = re.compile(r"[0-9]{1,18}")
_PERMISSION_NEEDED = "consent.change_withdrawaltask"


class WithdrawalTaskAdmin(ReadOnlyAdmin):
    list_display = ("person", "purpose", "who", "state_badge", "due_on")
    list_filter = ("state", "purpose", "recipient", "source")
    ordering = (Case(When(state=TaskState.OPEN, then=0), default=1), "due_on", "id")
    fields = (
        "person", "purpose", "who", "state_badge", "due_on", "rule_words", "withdrawn_at", "closed_at", "closed_by",
        "how_told",
    )  # fmt: skip
    readonly_fields = ("person", "who", "state_badge", "rule_words", "withdrawn_at", "how_told")
    actions_list = ("pass_on",)
    actions_detail = ("told",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WithdrawalTask]:
        rows = super().get_queryset(request).select_related("purpose", "recipient", "source", "record", "closed_by")
        return rows.prefetch_related("subject__identifiers")

    def get_urls(self) -> list[URLPattern]:
        wrapped = self.admin_site.admin_view
        own = [
            path("list.csv", wrapped(self.list_file), name="consent_withdrawaltask_list"),
            path("told/", wrapped(self.told_all), name="consent_withdrawaltask_told_all"),
        ]
        return [*own, *super().get_urls()]

    def has_pass_on_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(_PERMISSION_NEEDED)

    def has_told_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_pass_on_permission(request) and self.stands(object_id, state=TaskState.OPEN)

    @action(description=gettext_lazy("Pass on"), permissions=["pass_on"], url_path="pass-on", icon="send")
    def pass_on(self, request: HttpRequest) -> HttpResponse:
        """Everybody who is still to be told: the list for each, and the way to say that it was done."""
        context = {
            "title": _("Who still has to hear of withdrawals"),
            "waiting": waiting(),
            "today": timezone.localdate(),
            "back": reverse(_LIST),
        }
        return self._page(request, "officer/consent/pass_on.html", context)

    def list_file(self, request: HttpRequest) -> HttpResponse:
        """The people for whom somebody has to stop, by name and address; that it was taken is written down."""
        who = self._who(request)
        record(
            action="consent.withdrawals_listed",
            actor=Actor.officer(request.user),
            data={"who": who.key, "tasks": who.tasks, "last": who.last_id},
        )
        content = as_csv(open_tasks_of(who.key).filter(pk__lte=who.last_id))
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="withdrawals.csv"'
        response["Cache-Control"] = "no-store"
        return response

    def told_all(self, request: HttpRequest) -> HttpResponse:
        """Somebody was told of all that was open up to a task, and of nothing that came later."""
        who, until = self._who(request), request.GET.get("until", "")
        if not _NUMBER.fullmatch(until):
            raise Http404
        form = ToldForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            tasks = open_tasks_of(who.key).filter(pk__lte=int(until)).values_list("pk", flat=True)
            return self._mark(request, list(tasks), form, reverse(_LIST))
        title = _("%(name)s was told (%(n)d open)") % {"name": who.name, "n": who.tasks}
        return self._ask(request, title, form, reverse("officer:consent_withdrawaltask_pass_on"))

    @action(description=gettext_lazy("They were told"), permissions=["told"], url_path="told")
    def told(self, request: HttpRequest, object_id: str) -> HttpResponse:
        task = get_object_or_404(self.get_queryset(request), pk=object_id)
        page = reverse("officer:consent_withdrawaltask_change", args=[task.pk])
        form = ToldForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return self._mark(request, [task.pk], form, page)
        return self._ask(request, _("%(name)s was told") % {"name": self.who(task)}, form, page)

    @display(description=gettext_lazy("Person"))
    def person(self, task: WithdrawalTask) -> str:
        return ", ".join(masked(each.kind, each.value) for each in task.subject.identifiers.all()) or "–"

    @display(description=gettext_lazy("Who has to stop"))
    def who(self, task: WithdrawalTask) -> str:
        return str(task.recipient or task.source)

    @display(description=gettext_lazy("State"), ordering="state")
    def state_badge(self, task: WithdrawalTask) -> SafeString:
        is_late = task.state == TaskState.OPEN and task.due_on < timezone.localdate()
        words = _("overdue") if is_late else task.get_state_display()
        level = (
            "overdue" if is_late else {TaskState.OPEN: "soon", TaskState.DONE: "ok"}.get(TaskState(task.state), "plain")
        )
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)

    @display(description=gettext_lazy("Last day by"))
    def rule_words(self, task: WithdrawalTask) -> str:
        if task.rule == OWN_LIMIT:
            return _("our own limit of ten business days")
        return jurisdiction(task.rule.partition(".")[0]).law_name

    @display(description=gettext_lazy("Withdrawn"))
    def withdrawn_at(self, task: WithdrawalTask) -> Any:
        return task.record.recorded_at

    @display(description=gettext_lazy("How they were told"))
    def how_told(self, task: WithdrawalTask) -> str:
        return task.how or "–"

    def _who(self, request: HttpRequest) -> Waiting:
        if not self.has_pass_on_permission(request):
            raise PermissionDenied
        key = request.GET.get("who", "")
        found = next((each for each in waiting() if each.key == key), None)
        if found is None:
            raise Http404
        return found

    def _mark(self, request: HttpRequest, tasks: list[int], form: ToldForm, page: str) -> HttpResponse:
        try:
            done = mark_passed_on(tasks=tasks, how=form.cleaned_data["how"], officer=request.user)  # type: ignore[arg-type]
            words = ngettext("One withdrawal is passed on.", "%(n)d withdrawals are passed on.", len(done))
            messages.success(request, words % {"n": len(done)})
        except PropagationError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(page)

    def _ask(self, request: HttpRequest, title: str, form: ToldForm, back: str) -> HttpResponse:
        context = {"title": title, "form": form, "submit": _("They were told"), "back": back}
        return self._page(request, "officer/form.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        shared = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, template, shared | context)
