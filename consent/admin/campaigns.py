"""Opt-out campaigns on the officers' site: begun here, looked at, and stopped."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanWidget,
)

from consent.admin.overtaken import tell_overtaken
from consent.admin.recording_form import WordingField
from consent.errors import ConsentRefused
from consent.models import CampaignState, OptOutCampaign, OptOutOutcome, Wording
from consent.services.campaigns import LEAST_DAYS, MOST_DAYS, begin_campaign, stop_campaign
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.register.admin_fields import say_plainly
from privacy.register.models import LawfulBasis
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise

MOST_ADDRESSES = 20_000
MOST_LINES_NAMED = 20
_LIST = "officer:consent_optoutcampaign_changelist"
_OVER = (CampaignState.DONE, CampaignState.STOPPED)
_LEVELS = {
    CampaignState.TELLING: "info",
    CampaignState.WAITING: "info",
    CampaignState.RECORDING: "info",
    CampaignState.DONE: "ok",
    CampaignState.STOPPED: "soon",
}


class CampaignForm(forms.Form):
    """What people are told of, how long they have, and who is told."""

    wording = WordingField(
        label=gettext_lazy("Words that people would agree to"),
        queryset=Wording.objects.none(),
        empty_label=gettext_lazy("Choose the words"),
        help_text=gettext_lazy("They stand in the letter, which is written in their language."),
        widget=UnfoldAdminSelectWidget(),
    )
    period_days = forms.IntegerField(
        label=gettext_lazy("Days to object"),
        initial=30,
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses of those who are told"),
        required=False,
        help_text=gettext_lazy("One in each line, or a column of a CSV file pasted here. Empty: see the box below."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, "autocomplete": "off"}),
    )
    everybody = forms.BooleanField(
        label=gettext_lazy("Everybody who is known with an e-mail address and has not decided about the purpose"),
        required=False,
        widget=UnfoldBooleanWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = Wording.objects.filter(purpose__lawful_basis=LawfulBasis.CONSENT, purpose__is_prohibited=False)
        self.fields["wording"].queryset = words.select_related("purpose")  # type: ignore[attr-defined]
        say_plainly(self.fields)

    def clean_emails(self) -> list[str]:
        lines = [line.strip(' \t\r\n;,"') for line in self.cleaned_data["emails"].splitlines()]
        found = [each for each in lines if each]
        if len(found) > MOST_ADDRESSES:
            raise forms.ValidationError(
                _("Give %d addresses at most; begin another campaign for more.") % MOST_ADDRESSES
            )
        wrong = [str(number) for number, each in enumerate(lines, start=1) if each and not _is_address(each)]
        if wrong:
            words = ngettext(
                "Line %(lines)s is no e-mail address. Write it like name@example.com.",
                "Lines %(lines)s are no e-mail addresses. Write each like name@example.com.",
                len(wrong),
            )
            more = ", …" if len(wrong) > MOST_LINES_NAMED else ""
            raise forms.ValidationError(words % {"lines": ", ".join(wrong[:MOST_LINES_NAMED]) + more})
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "emails" in given and bool(given["emails"]) == bool(given.get("everybody")):
            self.add_error("emails", _("Give the addresses of those who are told, or tick the box, one of the two."))
        return given


class OptOutCampaignAdmin(ReadOnlyAdmin):
    list_display = ("purpose", "state_shown", "closes_on", "people", "objections", "recorded", "created_at")
    list_filter = ("state", "purpose")
    fields = (
        "purpose", "words", "period_days", "state_shown", "stopped_because", "closes_on", "people", "told",
        "objections", "recorded", "left_out", "created_at",
    )  # fmt: skip
    readonly_fields = (
        "words",
        "state_shown",
        "stopped_because",
        "people",
        "told",
        "objections",
        "recorded",
        "left_out",
    )
    actions_detail = ("stop",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OptOutCampaign]:
        counted = {f"n_{each.value}": Count("notices", filter=Q(notices__outcome=each)) for each in OptOutOutcome}
        rows = super().get_queryset(request).select_related("purpose", "wording")
        return rows.annotate(
            n_people=Count("notices"), n_told=Count("notices", filter=Q(notices__told_at__isnull=False)), **counted
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("consent.add_optoutcampaign")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CampaignForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._begin(request, form):
            return HttpResponseRedirect(reverse(_LIST))
        request.current_app = self.admin_site.name
        context = {
            "opts": self.opts,
            "title": _("Begin an opt-out campaign"),
            "form": form,
            "submit": _("Write to them"),
            "back": reverse(_LIST),
        }
        return TemplateResponse(request, "officer/form.html", self.admin_site.each_context(request) | context)

    def _begin(self, request: HttpRequest, form: CampaignForm) -> bool:
        given = form.cleaned_data
        try:
            begin_campaign(
                wording=given["wording"],
                period_days=given["period_days"],
                emails=given["emails"] or None,
                actor=Actor.officer(request.user),
            )
        except ConsentRefused as refusal:
            form.add_error("wording", refusal.message)
            return False
        messages.success(request, _("The letters are being written. Everybody can object by one click."))
        return True

    @display(description=gettext_lazy("State"), ordering="state")
    def state_shown(self, campaign: OptOutCampaign) -> SafeString:
        state = CampaignState(campaign.state)
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', _LEVELS[state], state.label)

    @display(description=gettext_lazy("Stopped because"))
    def stopped_because(self, campaign: OptOutCampaign) -> str:
        if campaign.state != CampaignState.STOPPED:
            return "–"
        return campaign.get_why_stopped_display() or _("An officer wanted it so.")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What is over is not offered to be stopped."""
        is_open = OptOutCampaign.objects.filter(pk=object_id).exclude(state__in=_OVER).exists()
        return list(super().get_actions_detail(request, object_id)) if is_open else []

    def has_stop_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Of the officer alone: who comes too late is told so, not refused."""
        return self.has_add_permission(request)

    @action(description=gettext_lazy("Stop"), permissions=["stop"], url_path="stop")
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first."""
        campaign = get_object_or_404(OptOutCampaign, pk=object_id)
        page = reverse("officer:consent_optoutcampaign_change", args=[campaign.pk])
        if campaign.state in _OVER or (request.method == "POST" and not self._stopped(request, campaign)):
            campaign.refresh_from_db(fields=["state"])
            tell_overtaken(request, CampaignState(campaign.state).label)
            return HttpResponseRedirect(page)
        if request.method == "POST":
            return HttpResponseRedirect(page)
        request.current_app = self.admin_site.name
        context = {
            "title": _("Stop this campaign?"),
            "explanation": (_("Nobody more is told, and no silence is recorded as consent any more."),),
            "button": _("Stop"),
            "back": page,
        }
        return TemplateResponse(request, "officer/confirm.html", self.admin_site.each_context(request) | context)

    def _stopped(self, request: HttpRequest, campaign: OptOutCampaign) -> bool:
        if not stop_campaign(campaign=campaign, actor=Actor.officer(request.user)):
            return False
        messages.success(request, _("It is stopped. What was recorded stands."))
        return True

    @display(description=gettext_lazy("Words"))
    def words(self, row: OptOutCampaign) -> str:
        return row.wording.text

    @display(description=gettext_lazy("People"))
    def people(self, row: Any) -> int:
        return row.n_people

    @display(description=gettext_lazy("Told"))
    def told(self, row: Any) -> int:
        return row.n_told

    @display(description=gettext_lazy("Objected"))
    def objections(self, row: Any) -> int:
        return row.n_objected

    @display(description=gettext_lazy("Taken to agree"))
    def recorded(self, row: Any) -> int:
        return row.n_recorded

    @display(description=gettext_lazy("Left out"))
    def left_out(self, row: Any) -> int:
        return row.n_left_out


def _is_address(text: str) -> bool:
    try:
        normalise(IdentifierKind.EMAIL, text)
    except IdentifierInvalid:
        return False
    return True
