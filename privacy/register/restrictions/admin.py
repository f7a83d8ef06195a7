"""The register of restrictions on the officers' site. They come from cases; here they are seen, and lifted."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.register.restrictions import showing
from privacy.register.restrictions.errors import RestrictionError
from privacy.register.restrictions.forms import LiftForm
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.services import lift_restriction
from privacy.tenants.list_filters import filled_or_not


class RestrictionAdmin(ReadOnlyAdmin):
    list_display = ("person", "kind", "about", "in_force_from", "case", "state")
    list_filter = ("kind", ("lifted_at", filled_or_not(gettext_lazy("lifted"), gettext_lazy("not lifted"))), "purpose")
    fields = (
        "person", "kind", "about", "ground", "state", "in_force_from", "in_force_until", "case", "told_on", "lifted_at",
        "lift_reason",
    )  # fmt: skip
    readonly_fields = ("person", "about", "state", "case", "lift_reason")
    actions_detail = ("lift",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Restriction]:
        return super().get_queryset(request).select_related("purpose").prefetch_related("subject__identifiers")

    def has_lift_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        allowed = request.user.has_perm("restrictions.lift_restriction")
        return allowed and self.stands(object_id, lifted_at__isnull=True)

    @action(description=gettext_lazy("Lift"), permissions=["lift"], url_path="lift")
    def lift(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the reason and the day on which the person was told."""
        restriction = get_object_or_404(Restriction, pk=object_id)
        page = reverse("officer:restrictions_restriction_change", args=[restriction.pk])
        form = LiftForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                lift_restriction(restriction=restriction, actor=Actor.officer(request.user), **form.lifting())
                messages.success(
                    request, _("It is lifted. The organisation's systems are told, and the data is used again.")
                )
            except RestrictionError as error:
                messages.error(request, str(error))
            return HttpResponseRedirect(page)
        request.current_app = self.admin_site.name
        context = {
            "opts": self.opts,
            "original": restriction,
            "title": _("Lift: %(what)s, %(scope)s")
            % {"what": restriction.get_kind_display(), "scope": showing.scope_words(restriction)},
            "form": form,
            "submit": _("Lift"),
            "is_grave": True,
            "back": page,
        }
        return TemplateResponse(request, "officer/form.html", self.admin_site.each_context(request) | context)

    @display(description=gettext_lazy("Person"))
    def person(self, restriction: Restriction) -> str:
        return showing.masked_person(restriction)

    @display(description=gettext_lazy("About"))
    def about(self, restriction: Restriction) -> str:
        return showing.scope_words(restriction)

    @display(description=gettext_lazy("Case"))
    def case(self, restriction: Restriction) -> SafeString | str:
        return showing.case_link(restriction)

    @display(description=gettext_lazy("State"), ordering="lifted_at")
    def state(self, restriction: Restriction) -> SafeString:
        return showing.state_badge(restriction)

    @display(description=gettext_lazy("Why it was lifted"))
    def lift_reason(self, restriction: Restriction) -> str:
        return restriction.lift_reason or "–"
