"""Sources on the officers' site: connect, test, discover.

Danger: the address of a source holds a password. Rule: it is typed once into a password field, goes to the service, and
is never shown again, not even to whoever typed it.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from privacy.datamap.admin.connecting import AddressForm, ConnectForm, shown_fields, too_much
from privacy.datamap.admin.problems import failed_look_sentence, problem_sentence
from privacy.datamap.admin.reports import report_lines
from privacy.datamap.errors import DatamapError
from privacy.datamap.models import Source
from privacy.datamap.services import change_address, check_source, connect_source, discover
from privacy.datamap.services.looking import reconcile_map
from privacy.datamap.services.readdressing import has_address
from privacy.datamap.services.trying import Trial, try_address
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.ledger.services import record


def _connected(source: Source) -> SafeString:
    """What comes next stands in the message: on a telephone the button is hidden behind three dots."""
    discover_at = reverse("officer:datamap_source_discover_tables", args=[source.pk])
    words = _("Connected. Read its tables next:")
    return format_html('{} <a class="pd-link" href="{}">{}</a>', words, discover_at, _("Discover tables"))


class SourceAdmin(RecordedAdmin):
    list_display = ("name", "kind", "state", "number_of_datasets", "server_version", "last_seen_at")
    search_fields = ("name",)
    actions_detail = ("test_connection", "discover_tables", "another_address")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).defer("address").annotate(dataset_count=Count("datasets"))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        failed = ["failed_look"] if getattr(obj, "look_failed_at", None) else []
        return ("name", "is_active", "kind", "server_version", "last_seen_at", "problem_words", *failed)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("kind", "server_version", "last_seen_at", "problem_words", "failed_look")

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        off = _("While it is off nobody is looked for in it: no erasure, no copy and no rule reaches it.")
        return super().get_form(request, obj, change, help_texts={"is_active": off}, **kwargs)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """What came meanwhile is told as soon as a source is switched on again."""
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data:
            reconcile_map(obj)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The database is tried before it is stored; reaching it happens outside of any transaction."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        words = {"title": _("Connect a source"), "button": _("Test and connect")}
        words["back"] = reverse("officer:datamap_source_changelist")

        def store(given: dict[str, Any]) -> Source:
            source = connect_source(name=given["name"], address=given["address"], actor=Actor.officer(request.user))
            messages.success(request, _connected(source))
            return source

        return self._tried(request, ConnectForm(request.POST or None), words, store)

    def has_readdress_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        source = Source.objects.filter(pk=object_id).first() if object_id else None
        return source is not None and has_address(source) and request.user.has_perm("datamap.add_source")

    @action(description=gettext_lazy("Change address"), permissions=["readdress"], url_path="address")
    def another_address(self, request: HttpRequest, object_id: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=object_id)
        title = _("Change the address of “%(source)s”") % {"source": source.name}
        words = {"title": title, "button": _("Test and change"), "source": source}
        words["back"] = reverse("officer:datamap_source_change", args=[source.pk])

        def store(given: dict[str, Any]) -> Source:
            changed = change_address(source=source, address=given["address"], actor=Actor.officer(request.user))
            messages.success(request, _("The address was changed. What waited for the source goes on by itself."))
            return changed

        return self._tried(request, AddressForm(request.POST or None), words, store)

    def _tried(
        self, request: HttpRequest, form: AddressForm, words: dict[str, Any], store: Callable[[dict[str, Any]], Source]
    ) -> HttpResponse:
        """The page of an address: it is tried, and stored when its rights fit or the officer accepts them as shown."""
        trial = None
        if form.is_valid():
            try:
                trial = try_address(address=form.cleaned_data["address"])
                if trial.fits or (trial.readable and form.accepts(trial)):
                    return self._stored(request, store(form.cleaned_data), trial)
                form = form.after(trial)
            except DatamapError as error:
                trial = None  # what stands in the way is none of its rights, so there is nothing to accept
                form.add_error(None, str(error))
        context = {"form": form, "trial": trial, "fields": shown_fields(form, trial), "too_much": too_much(trial)}
        return self._page(request, "officer/datamap/connect.html", context | words)

    def _stored(self, request: HttpRequest, source: Source, trial: Trial) -> HttpResponse:
        if not trial.fits:
            data = {"lacking_on": len(trial.missing), "beyond": len(trial.excessive)}
            record(action="source.rights_accepted", actor=Actor.officer(request.user), target=source, data=data)
        return HttpResponseRedirect(reverse("officer:datamap_source_change", args=[source.pk]))

    def has_ask_source_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("datamap.change_source")

    @action(description=gettext_lazy("Test connection"), permissions=["ask_source"], url_path="test")
    def test_connection(self, request: HttpRequest, object_id: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=object_id)
        if request.method != "POST":
            words = [
                _("The source is reached, its version read, and the rights of our login looked at. Nothing is changed.")
            ]
            return self._confirm(request, source, _("Test connection"), words)
        report = check_source(source=source)
        if report.problem:
            messages.error(request, problem_sentence(report.problem))
        else:
            messages.success(
                request, _("Reached: %(version)s, %(n)d tables.") % {"version": report.version, "n": report.tables}
            )
        return self._report(request, source, report.findings, {})

    @action(description=gettext_lazy("Discover tables"), permissions=["ask_source"], url_path="discover")
    def discover_tables(self, request: HttpRequest, object_id: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=object_id)
        if request.method != "POST":
            words = [
                _("Tables, columns and keys are read, and a small sample to suggest what each column holds."),
                _("What you have confirmed stays as it is. Sample values are neither stored nor logged."),
            ]
            return self._confirm(request, source, _("Discover tables"), words)
        try:
            found = discover(source=source, actor=Actor.officer(request.user))
        except DatamapError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("officer:datamap_source_change", args=[source.pk]))
        lists = {
            _("New tables"): found.new_datasets,
            _("New columns"): found.new_fields,
            _("Not there any more"): found.vanished,
            _("Views: they keep no rows; what is erased in their tables is gone from them"): found.views,
        }
        if found.new_datasets or found.new_fields:
            messages.success(request, _("Read. Confirm what is new next."))
        elif not found.vanished:
            messages.success(request, _("Read. Nothing new is there."))
        return self._report(request, source, found.problems, lists, is_something_gone=bool(found.vanished))

    def _confirm(self, request: HttpRequest, source: Source, title: str, explanation: list[str]) -> HttpResponse:
        back = reverse("officer:datamap_source_change", args=[source.pk])
        heading = f"{source.name}: {title}"
        context = {"title": heading, "explanation": explanation, "button": title, "back": back}
        return self._page(request, "officer/confirm.html", context)

    def _report(
        self, request: HttpRequest, source: Source, findings: Any, lists: dict[str, list[str]],
        *, is_something_gone: bool = False,
    ) -> HttpResponse:  # fmt: skip
        datasets = reverse("officer:datamap_dataset_changelist")
        context = {
            "title": source.name,
            "source": source,
            "findings": report_lines(findings),
            "lists": lists,
            "is_something_gone": is_something_gone,
            "findings_url": reverse("officer:datamap_finding_changelist"),
            "datasets_url": f"{datasets}?source__id__exact={source.pk}",
            "back": reverse("officer:datamap_source_change", args=[source.pk]),
        }
        return self._page(request, "officer/datamap/report.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, template, base | context)

    @display(description=gettext_lazy("State"), ordering="is_active")
    def state(self, source: Source) -> SafeString:
        level, words = ("ok", _("reached")) if source.is_active else ("plain", _("switched off"))
        if source.is_active and (source.problem or source.look_failed_at):
            level, words = "overdue", _("problem")
        title = problem_sentence(source.problem) or failed_look_sentence(source.look_failed_at)
        return format_html('<span class="pd-badge pd-badge--{}" title="{}">{}</span>', level, title, words)

    @display(description=gettext_lazy("Datasets"), ordering="dataset_count")
    def number_of_datasets(self, source: Source) -> int:
        return source.dataset_count  # type: ignore[attr-defined]

    @display(description=gettext_lazy("Problem"))
    def problem_words(self, source: Source) -> str:
        return problem_sentence(source.problem) or "–"

    @display(description=gettext_lazy("Last look"))
    def failed_look(self, source: Source) -> str:
        return failed_look_sentence(source.look_failed_at)
