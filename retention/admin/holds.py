"""Legal holds on the officers' site. Holds of open requests come and go with their case and are only shown.

Danger: an e-mail address typed to name the person must not end up in an address bar or a list.
Rule: it is typed into a form, looked up through the keyed index, and not kept here.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import EmptyFieldListFilter
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminEmailInputWidget

from privacy.datamap.models import Dataset
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.subjects.identifiers import IdentifierKind, masked
from privacy.subjects.services import find_or_add_subject
from retention.enums import HoldKind
from retention.models import Hold
from retention.services import place_hold, release_hold


class HoldForm(ModelForm):
    """A person or a dataset, not both."""

    prefix = "hold"  # the theme takes a posted field called `dataset` for one of its own

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person"),
        required=False,
        widget=UnfoldAdminEmailInputWidget(),
        help_text=gettext_lazy("For a hold on one person. Leave it empty for a hold on a whole dataset."),
    )

    class Meta:
        model = Hold
        fields = ("matter", "dataset", "review_on")
        help_texts = {
            "matter": gettext_lazy("File number or name of the dispute. Do not name the person here."),
            "dataset": gettext_lazy("For a hold on everybody's rows in one table."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "dataset" in self.fields:
            self.fields["dataset"].queryset = Dataset.objects.select_related("source")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.instance._state.adding and bool(given.get("email")) == bool(given.get("dataset")):
            raise ValidationError(_("Name either a person or a dataset."))
        return given

    def _post_clean(self) -> None:
        """The person becomes known when the hold is placed, so the model is not asked about it here."""
        if not self.instance._state.adding:
            super()._post_clean()  # type: ignore[misc]
        elif not self.errors:
            self.instance.matter = self.cleaned_data["matter"]


class HoldAdmin(RecordedAdmin):
    form = HoldForm
    list_display = ("matter", "kind", "person", "dataset", "placed_at", "review_on", "state")
    list_filter = ("kind", ("released_at", EmptyFieldListFilter))
    search_fields = ("matter",)
    actions_detail = ("release",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hold]:
        return super().get_queryset(request).select_related("dataset").prefetch_related("subject__identifiers")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return ("matter", "email", "dataset", "review_on")
        return ("matter", "kind", "person", "dataset", "review_on", "placed_at", "released_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if not isinstance(obj, Hold):
            return ()
        fixed = ("kind", "person", "dataset", "placed_at", "released_at")
        ended = obj.released_at is not None or obj.kind != HoldKind.LEGAL
        return (*fixed, "matter", "review_on") if ended else fixed

    def save_model(self, request: HttpRequest, obj: Hold, form: forms.Form, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        given, subject = form.cleaned_data, None
        if given["email"]:
            subject = find_or_add_subject(kind=IdentifierKind.EMAIL, value=given["email"])
        placed = place_hold(
            kind=HoldKind.LEGAL,
            matter=given["matter"],
            subject=subject,
            dataset=given["dataset"],
            review_on=given["review_on"],
            actor=Actor.officer(request.user),
        )
        obj.pk = placed.pk

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """`place_hold` has written it down."""

    def has_release_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        allowed = request.user.has_perm("retention.change_hold")
        return allowed and Hold.objects.filter(pk=object_id, released_at__isnull=True).exists()

    @action(description=gettext_lazy("Release"), permissions=["release"], url_path="release")
    def release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first: what waited for the hold goes on by itself."""
        hold = get_object_or_404(Hold, pk=object_id)
        if not request.user.has_perm("retention.change_hold"):
            raise PermissionDenied
        page = reverse("officer:retention_hold_change", args=[hold.pk])
        if request.method == "POST":
            release_hold(hold=hold, actor=Actor.officer(request.user))
            messages.success(request, _("The hold is released. What waited for it goes on by itself."))
            return HttpResponseRedirect(page)
        request.current_app = self.admin_site.name
        explanation = [_("Retention and erasures that waited for this hold go on by themselves.")]
        if hold.kind == HoldKind.OPEN_REQUEST:
            explanation.append(
                _("It was placed by a case. Release it only when the person cannot take the case any further.")
            )
        context = {
            "opts": self.opts,
            "original": hold,
            "title": _("Release hold"),
            "explanation": explanation,
            "button": _("Release"),
            "back": page,
        }
        return TemplateResponse(request, "officer/confirm.html", self.admin_site.each_context(request) | context)

    @display(description=gettext_lazy("Person"))
    def person(self, hold: Hold) -> str:
        if hold.subject is None:
            return "–"
        return ", ".join(masked(each.kind, each.value) for each in hold.subject.identifiers.all()) or "–"

    @display(description=gettext_lazy("State"), ordering="released_at")
    def state(self, hold: Hold) -> SafeString:
        level, words = ("info", _("in force")) if hold.released_at is None else ("plain", _("released"))
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)
