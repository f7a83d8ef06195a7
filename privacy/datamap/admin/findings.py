"""Findings on the officers' site: what, where, why it matters, what to do, and a way straight to the place."""

import uuid
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminTextInputWidget

from privacy.datamap.enums import FindingCode
from privacy.datamap.errors import DatamapError
from privacy.datamap.finding_words import FINDING_WORDS, FindingWords
from privacy.datamap.jobs import look_at_all_sources
from privacy.datamap.models import Finding
from privacy.datamap.services import dismiss_finding, forget_dataset, reopen_finding
from privacy.datamap.services.findings import LONGEST_REASON
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin

SHOWN = ("open", "dismissed", "resolved")
MOST_SHOWN = 200
_GRAVEST_FIRST = ("overdue", "soon", "plain")


class DismissForm(forms.Form):
    """Why it is all right as it is."""

    reason = forms.CharField(
        label=gettext_lazy("Why it may stay as it is"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("It is kept with the finding and shown to auditors. Name no person."),
        widget=UnfoldAdminTextInputWidget(),
    )


@dataclass(frozen=True)
class Group:
    """Findings of one kind."""

    title: str
    words: FindingWords
    findings: list[Finding]

    @property
    def has_particulars(self) -> bool:
        """Whether any of them says more than where it is."""
        return any(each.names or each.count is not None or each.dismissed_reason for each in self.findings)


OF_GONE_TABLES = (FindingCode.VANISHED_TABLE, FindingCode.PARTITION_LISTED)


def open_findings() -> QuerySet[Finding]:
    """Findings that wait for somebody; those of a source that is switched off rest."""
    return _standing().filter(dismissed_at__isnull=True)


def _standing() -> QuerySet[Finding]:
    return Finding.objects.filter(resolved_at__isnull=True, source__is_active=True)


class FindingAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("look/", wrap(require_POST(self.look_view)), name="datamap_finding_look"),
            path("<uuid:pk>/dismiss/", wrap(require_POST(self.dismiss_view)), name="datamap_finding_dismiss"),
            path("<uuid:pk>/reopen/", wrap(require_POST(self.reopen_view)), name="datamap_finding_reopen"),
            path("<uuid:pk>/forget/", wrap(require_POST(self.forget_view)), name="datamap_finding_forget"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """All findings, the gravest kinds first; `show` chooses open, dismissed or resolved ones."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        show = request.GET.get("show", SHOWN[0])
        chosen = list(_chosen(show).select_related("source", "dataset", "dismissed_by")[:MOST_SHOWN])
        context = {
            "groups": _groups(chosen),
            "show": show if show in SHOWN else SHOWN[0],
            "counts": {name: _chosen(name).count() for name in SHOWN[:2]},
            "may_change": request.user.has_perm("datamap.change_finding"),
            "is_cut": len(chosen) == MOST_SHOWN,
        }
        return self._page(request, "officer/datamap/findings.html", _("Findings"), context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One finding; it changes nothing by itself."""
        return self._finding_page(request, self._finding(request, object_id), DismissForm())

    def look_view(self, request: HttpRequest) -> HttpResponse:
        """Look again now: at the data map at once, at the sources by their jobs."""
        self._check_may_change(request)
        look_at_all_sources(slot=f"by-hand:{timezone.now():%Y-%m-%dT%H:%M}")
        messages.success(request, _("The data map was looked at. The sources are being read; come back in a minute."))
        return HttpResponseRedirect(reverse("officer:datamap_finding_changelist"))

    def dismiss_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self._check_may_change(request)
        finding, form = self._finding(request, str(pk)), DismissForm(request.POST)
        officer: Any = request.user
        if not form.is_valid():
            return self._finding_page(request, finding, form)
        return self._act(
            request,
            lambda: dismiss_finding(finding=finding, reason=form.cleaned_data["reason"], officer=officer),
            _("Dismissed. It is told again when it grows."),
        )

    def reopen_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self._check_may_change(request)
        finding, officer = self._finding(request, str(pk)), cast(Any, request.user)
        return self._act(request, lambda: reopen_finding(finding=finding, officer=officer), _("It is open again."))

    def forget_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Take a vanished table out of the data map."""
        self._check_may_change(request)
        dataset = self._finding(request, str(pk)).dataset
        if dataset is None:
            raise Http404
        return self._act(
            request,
            lambda: forget_dataset(dataset=dataset, actor=Actor.officer(request.user)),
            _("The table is no longer in the data map."),
        )

    def _act(self, request: HttpRequest, act: Any, words: str) -> HttpResponse:
        try:
            act()
            messages.success(request, words)
        except DatamapError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("officer:datamap_finding_changelist"))

    def _check_may_change(self, request: HttpRequest) -> None:
        if not request.user.has_perm("datamap.change_finding"):
            raise Http404

    def _finding(self, request: HttpRequest, key: str) -> Finding:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            pk = uuid.UUID(key)
        except ValueError:
            raise Http404 from None
        found = Finding.objects.select_related("source", "dataset", "dismissed_by").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("datamap.view_finding")

    def _finding_page(self, request: HttpRequest, finding: Finding, form: DismissForm) -> HttpResponse:
        is_open = finding.resolved_at is None and finding.dismissed_at is None
        may_change = request.user.has_perm("datamap.change_finding")
        context = {
            "finding": finding,
            "words": FINDING_WORDS[finding.code],
            "place": place_of(request, finding),
            "form": form,
            "may_dismiss": may_change and is_open,
            "may_reopen": may_change and finding.resolved_at is None and finding.dismissed_at is not None,
            "may_forget": may_change and finding.resolved_at is None and finding.code in OF_GONE_TABLES,
            "original": finding,
        }
        return self._page(request, "officer/datamap/finding.html", str(finding), context)

    def _page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return TemplateResponse(request, template, base | context)


def place_of(request: HttpRequest, finding: Finding) -> tuple[str, str]:
    """Where to go to do something about it: words and address; empty for who may not go there."""
    can = request.user.has_perm
    if finding.code == FindingCode.ERASED_CAME_BACK and can("retention.start_run"):
        return _("Plan their erasure"), reverse("officer:datamap_source_erase_again", args=[finding.source_id])
    if finding.code == FindingCode.DONE_CAME_BACK and can("retention.view_rule"):
        return _("Look at the rules"), reverse("officer:retention_rule_changelist")
    if finding.code == FindingCode.KEPT_BY_LAW_OVER and can("retention.start_run"):
        return _("Plan their erasure"), reverse("officer:datamap_source_erase_kept", args=[finding.source_id])
    if finding.code == FindingCode.NO_RETENTION_RULE and can("retention.add_rule"):
        return _("Write a rule"), f"{reverse('officer:retention_rule_add')}?dataset={finding.dataset_id}"
    if finding.dataset_id is not None and can("datamap.view_dataset"):
        return _("Open the table"), reverse("officer:datamap_dataset_change", args=[finding.dataset_id])
    if can("datamap.view_source"):
        return _("Open the source"), reverse("officer:datamap_source_change", args=[finding.source_id])
    return "", ""


def _chosen(show: str) -> QuerySet[Finding]:
    if show == "dismissed":
        return _standing().filter(dismissed_at__isnull=False)
    if show == "resolved":
        return Finding.objects.filter(resolved_at__isnull=False).order_by("-resolved_at")
    return open_findings()


def _groups(findings: list[Finding]) -> list[Group]:
    by_code: dict[str, list[Finding]] = {code: [] for code in FindingCode.values}
    for finding in sorted(findings, key=lambda each: (each.source.name, each.place)):
        by_code[finding.code].append(finding)
    groups = [
        Group(str(FindingCode(code).label), FINDING_WORDS[code], found) for code, found in by_code.items() if found
    ]
    return sorted(groups, key=lambda group: _GRAVEST_FIRST.index(group.words.level))
