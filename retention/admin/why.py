"""“Why is this still here, and when will it go?” for any record.

Danger: the key of a record can be personal data, and an address bar, a log of addresses and a ledger remember it.
Rule: it is posted, answered on the same page, and kept nowhere; the ledger has who asked about which table.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextInputWidget

from privacy.datamap.asking import asking_kinds
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.models import Dataset
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from retention.errors import RetentionError
from retention.models import Hold
from retention.why.answers import Explanation, RuleAnswer
from retention.why.asking import explain_row
from retention.why.deciding import decide
from retention.why.words import (
    badge_words,
    day_words,
    event_words,
    ladder,
    notice_words,
    run_state_words,
    stand_words,
    verdict_words,
)
from retention.wording import in_words

LONGEST_PART = 200


class KeyForm(forms.Form):
    """The primary key of one record, a field for each of its columns."""

    prefix = "key"

    def __init__(self, dataset: Dataset, data: Any = None) -> None:
        super().__init__(data)
        labels = {each.column: each.label for each in dataset.fields.all()}
        for place, column in enumerate(dataset.primary_key):
            label = labels.get(column) or column
            self.fields[f"part_{place}"] = forms.CharField(
                label=label if label == column else f"{label} ({column})",
                max_length=LONGEST_PART,
                strip=True,
                widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
            )

    @property
    def key(self) -> tuple[str, ...]:
        """As it was typed."""
        return tuple(self.cleaned_data[name] for name in self.fields)


def why_urls(site: Any) -> list[URLPattern]:
    """The pages, for the address list of a site of officers."""

    def choose(request: HttpRequest) -> HttpResponse:
        return choose_view(request, site)

    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        return why_view(request, site, pk)

    return [
        path("retention/why/", site.admin_view(choose), name="retention_why"),
        path("retention/why/<int:pk>/", site.admin_view(answer), name="retention_why_of"),
    ]


def choose_view(request: HttpRequest, site: Any) -> HttpResponse:
    """Which table the record is in."""
    _check(request)
    tables = (
        Dataset.objects.filter(vanished_at__isnull=True)
        .exclude(source__kind__in=asking_kinds())
        .select_related("source")
    )
    return _page(request, site, "officer/retention/why_tables.html", {"datasets": tables})


def why_view(request: HttpRequest, site: Any, pk: int) -> HttpResponse:
    """One record of a table: asked for with POST, answered on the page of the answer."""
    _check(request)
    dataset = get_object_or_404(
        Dataset.objects.select_related("source").exclude(source__kind__in=asking_kinds()), pk=pk
    )
    form = KeyForm(dataset, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"dataset": dataset, "form": form}
    if form.is_valid():
        record(action="dataset.row_asked_about", actor=Actor.officer(request.user), target=dataset)
        try:
            context |= _answer(explain_row(dataset=dataset, key=form.key), request)
        except (EngineError, RetentionError) as error:
            context["problem"] = str(error)
    return _page(request, site, "officer/retention/why.html", context)


def _check(request: HttpRequest) -> None:
    if not request.user.has_perms(["retention.view_rule", "datamap.view_dataset"]):
        raise PermissionDenied


def _answer(said: Explanation, request: HttpRequest) -> dict[str, Any]:
    verdict = decide(said)
    may_see = request.user.has_perm("retention.view_hold")
    return {
        "said": said,
        "verdict": verdict,
        "words": verdict_words(said, verdict),
        "badge": badge_words(said, verdict),
        "ladder": ladder(said, verdict),
        "rules": [_rule_line(each) for each in said.rules],
        "laws": [(each, day_words(each.until) if each.until else "") for each in said.laws],
        "holds": [_hold_line(each, may_see) for each in said.held_by],
        "runs": [(each, run_state_words(each)) for each in said.runs if request.user.has_perm("retention.view_run")],
    }


def _rule_line(answer: RuleAnswer) -> dict[str, Any]:
    def shown(day: Any) -> str:
        return day_words(day) if day is not None else ""

    return {
        "rule": answer.rule,
        "sentence": in_words(answer.rule),
        "words": stand_words(answer),
        "notice": notice_words(answer.notice) if answer.notice else "",
        "counted_from": event_words(answer.counted_from),
        "due_on": shown(answer.due_on),
        "free_on": shown(answer.free_by_law) if answer.kept_by_law else "",
        "kept_by_law": answer.kept_by_law,
    }


def _hold_line(hold: Hold, may_see: bool) -> dict[str, Any]:
    """A hold; what it is about only for those who may read holds."""
    if hold.category:
        what = _("every table with “%(category)s”") % {"category": hold.get_category_display()}
    else:
        what = _("the whole table") if hold.dataset_id is not None else _("the person")
    return {"hold": hold, "what": what, "matter": str(hold.matter) if may_see else "", "may_see": may_see}


def _page(request: HttpRequest, site: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    request.current_app = site.name
    base = site.each_context(request) | {
        "title": _("Why is this still here?"),
        "back": reverse("officer:retention_why"),
    }
    return TemplateResponse(request, template, base | context)
