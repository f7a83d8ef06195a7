"""Tasks on the officers' site: the list of one's own, and the page on which what came of one is declared.

Danger: a task says who it is about. Rule: lists and addresses hold opaque ids only; the person is shown on the page of
an open task to whoever may handle its case, and that it was opened is written down.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from privacy.errands.errors import ErrandClosed, ErrandError
from privacy.errands.files import read_file
from privacy.errands.models import Errand, ErrandFile, ErrandState, ErrandWork
from privacy.errands.services import can_be_reopened
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.ledger.services import record
from privacy.officers.access import may
from privacy.register.selectors import local_date
from privacy.tenants.not_done import not_done_page
from requests.admin.presenting import badge
from requests.admin.task_form import TaskForm
from requests.admin.task_rows import LEVELS, is_by_processor, owner_words, task_row, visible_tasks
from requests.admin.viewing import note_view
from requests.errors import CaseError, NotAllowed, TaskHeld
from requests.models import SubjectRequest
from requests.services.tasks import case_of, declare_task, is_held, reopen_task, take_task_over


class TaskFilter(SimpleListFilter):
    """Which tasks to show; open ones first."""

    title = gettext_lazy("Show")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("mine", gettext_lazy("My tasks")),
            ("overdue", gettext_lazy("Overdue")),
            ("closed", gettext_lazy("Closed")),
            ("all", gettext_lazy("All")),
        ]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name]):
                choice["display"] = _("Open")
            yield choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Errand]) -> QuerySet[Errand]:
        code = self.value() or "open"
        if code == "all":
            return queryset
        if code == "closed":
            return queryset.exclude(state=ErrandState.OPEN)
        tasks = queryset.filter(state=ErrandState.OPEN)
        if code == "mine":
            return tasks.filter(owner_id=request.user.pk)
        return tasks.filter(due_on__lt=local_date(timezone.now())) if code == "overdue" else tasks


class TaskAdmin(ReadOnlyAdmin):
    list_display = ("title", "work_word", "case", "owner_name", "due", "state_badge")
    list_filter = (TaskFilter, "work", "source")
    list_fullwidth = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("requests.view_subjectrequest")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("requests.view_subjectrequest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Errand]:
        return visible_tasks(request.user).select_related("source__processor", "owner", "closed_by")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = _("My tasks") if request.GET.get("show") == "mine" else _("Tasks")
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/take-over/", wrap(require_POST(self.take_over_view)), name="errands_errand_take_over"),
            path("<uuid:pk>/reopen/", wrap(require_POST(self.reopen_view)), name="errands_errand_reopen"),
            path("files/<uuid:pk>/", wrap(self.file_view), name="errands_errand_file"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of a task; what is posted here declares what came of it."""
        task = self._task(request, object_id)
        if request.method == "POST":
            return self._declare(request, task)
        return self._show(request, task, TaskForm(task=task))

    def _declare(self, request: HttpRequest, task: Errand) -> HttpResponse:
        form = TaskForm(request.POST, request.FILES, task=task)
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            form.add_error("files", _("The files are too large; they may have 25 MB together at most."))
        if not form.is_valid():
            return self._not_declared(request, task, form)
        given = form.cleaned_data
        try:
            declare_task(
                errand=task,
                officer=request.user,  # type: ignore[arg-type]
                state=ErrandState(given["state"]),
                comment=given["comment"],
                uploads=given["files"],
            )
        except CaseError as error:
            form.add_error(None, str(error))
            return self._not_declared(request, task, form, error)
        messages.success(request, _("Declared. The case goes on by itself."))
        return HttpResponseRedirect(reverse("officer:requests_subjectrequest_change", args=[task.case_id]))

    def _not_declared(self, request: HttpRequest, task: Errand, form: TaskForm, reason: object = None) -> HttpResponse:
        """The form with what is wrong; where nothing can be declared any more, what was written, to copy."""
        task.refresh_from_db()
        if _can_be_declared(task, request):
            return self._show(request, task, form)
        if _declared_so(task, request, form):
            messages.info(request, _("You had sent this page already. It was done once, and not again."))
            return HttpResponseRedirect(reverse("officer:requests_subjectrequest_change", args=[task.case_id]))
        request.current_app = self.admin_site.name
        return not_done_page(
            request, reason or _why_not(task), go_on=_("Go to the task"),
            back=reverse("officer:errands_errand_change", args=[task.pk]), level=messages.ERROR,
            context=self.admin_site.each_context(request) | {"opts": self.opts, "original": task},
        )  # fmt: skip

    def take_over_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        task = self._task(request, pk)
        return self._act(request, task, take_task_over, _("The task is yours now."))

    def reopen_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        task = self._task(request, pk)
        return self._act(request, task, reopen_task, _("The task is open again."))

    def file_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse | FileResponse:
        """A file of a task, for whoever may handle its case."""
        file = ErrandFile.objects.filter(pk=pk, is_kept=True, deleted_at__isnull=True).first()
        task = visible_tasks(request.user).filter(pk=file.errand_id).first() if file else None
        if file is None or task is None or not _may_handle(request, case_of(task)):
            raise Http404
        try:
            content = read_file(file)
        except ErrandError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("officer:errands_errand_change", args=[task.pk]))
        record(action="errand.file_read", actor=Actor.officer(request.user), target=task, data={"file": str(file.pk)})
        response = FileResponse(content, as_attachment=True, filename=file.name)
        response["Content-Type"] = "application/octet-stream"
        return response

    def _act(self, request: HttpRequest, task: Errand, act: Any, done: str) -> HttpResponse:
        try:
            act(errand=task, officer=request.user)
        except CaseError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(reverse("officer:errands_errand_change", args=[task.pk]))

    def _show(self, request: HttpRequest, task: Errand, form: TaskForm) -> HttpResponse:
        case = case_of(task)
        may_handle = _may_handle(request, case)
        shows_person = _is_shown_whole(task, request)
        if shows_person:
            note_view(case=case, officer=request.user)  # type: ignore[arg-type]
        context = {
            "task": task,
            "row": task_row(task, local_date(timezone.now())),
            "case": case,
            "form": form,
            "person": list(task.subject.identifiers.order_by("pk")) if shows_person else None,
            "may_handle": may_handle,
            "may_declare": shows_person,
            "is_processor": is_by_processor(task),
            "is_mine": task.owner_id == request.user.pk,
            "is_held": _waits_for_a_hold(task),
            "can_reopen": may_handle and can_be_reopened(task),
        }
        request.current_app = self.admin_site.name
        title = f"{task.source.name}: {task.get_work_display()}"
        base = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "original": task}
        return TemplateResponse(request, "officer/requests/task.html", base | context)

    def _task(self, request: HttpRequest, key: str | uuid.UUID) -> Errand:
        try:
            pk = uuid.UUID(str(key))
        except ValueError:
            raise Http404 from None
        task = self.get_queryset(request).select_related("subject").filter(pk=pk).first()
        if task is None or not self.has_view_permission(request, task):
            raise Http404
        return task

    @display(description=gettext_lazy("Place"), ordering="source__name")
    def title(self, task: Errand) -> str:
        return task.source.name

    @display(description=gettext_lazy("Work"), ordering="work")
    def work_word(self, task: Errand) -> str:
        return str(task.get_work_display())

    @display(description=gettext_lazy("Case"))
    def case(self, task: Errand) -> SafeString:
        link = reverse("officer:requests_subjectrequest_change", args=[task.case_id])
        return format_html('<a class="pd-reference" href="{}">{}</a>', link, task.reference)  # type: ignore[attr-defined]

    @display(description=gettext_lazy("Done by"), ordering="owner__full_name")
    def owner_name(self, task: Errand) -> str:
        return owner_words(task)

    @display(description=gettext_lazy("Due"), ordering="due_on")
    def due(self, task: Errand) -> SafeString:
        row = task_row(task, local_date(timezone.now()))
        words = row.due_on.strftime("%-d %b %Y")
        return badge(f"{words}, {_('overdue')}" if row.is_overdue else words, "overdue" if row.is_overdue else "plain")

    @display(description=gettext_lazy("State"), ordering="state")
    def state_badge(self, task: Errand) -> SafeString:
        return badge(task.get_state_display(), LEVELS[task.state])


def _may_handle(request: HttpRequest, case: SubjectRequest) -> bool:
    return may(request.user, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest")


def _is_shown_whole(task: Errand, request: HttpRequest) -> bool:
    """Whether the page says whom the task is about: to who does it, while there is something to do."""
    return task.state == ErrandState.OPEN and not is_by_processor(task) and _may_handle(request, case_of(task))


def _waits_for_a_hold(task: Errand) -> bool:
    return task.state == ErrandState.OPEN and task.work == ErrandWork.ERASURE and is_held(task)


def _why_not(task: Errand) -> Exception:
    """Why a task cannot be declared."""
    if task.state != ErrandState.OPEN:
        return ErrandClosed()
    return TaskHeld() if _waits_for_a_hold(task) else NotAllowed()


def _declared_so(task: Errand, request: HttpRequest, form: TaskForm) -> bool:
    """Whether this officer declared the same already: a second press, and nobody was faster."""
    given, kept = form.cleaned_data, ErrandFile.objects.filter(errand=task, is_kept=True, deleted_at__isnull=True)
    return (
        task.closed_by_id == request.user.pk
        and (task.state, task.comment or "") == (given.get("state"), given.get("comment"))
        and sorted(each.name for each in kept) == sorted(each.name for each in given.get("files", ()))
    )


def _can_be_declared(task: Errand, request: HttpRequest) -> bool:
    return _is_shown_whole(task, request) and not _waits_for_a_hold(task)
