"""Legal holds on the officers' site. Holds of open requests and of restrictions come and go with those, and are only
shown.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import masked
from privacy.tenants.list_filters import filled_or_not
from retention.admin.hold_form import KINDS, HoldForm
from retention.admin.hold_found import found_words, is_worrying
from retention.enums import HoldKind
from retention.errors import RetentionError
from retention.held_rows import found_now
from retention.models import Hold
from retention.services import approve_release, ask_for_release, hold_people, keep_hold, place_hold, release_hold
from retention.services.holds import ask_for_review

Act = Callable[[Hold, Any], None]


class HoldAdmin(RecordedAdmin):
    form = HoldForm
    list_display = ("matter_text", "kind", "what_is_held", "case", "placed_at", "review_badge", "state")
    list_filter = ("kind", ("released_at", filled_or_not(gettext_lazy("released"), gettext_lazy("not released"))))
    actions_detail = ("release", "ask", "approve", "keep")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hold]:
        return (
            super()
            .get_queryset(request)
            .select_related("dataset", "release_asked_by")
            .prefetch_related("subject__identifiers")
        )

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return ("matter", *KINDS, "dataset", "category", "review_on")
        shown = ["matter", "kind", "what_is_held", "case", "review_on", "state", "placed_at"]
        if isinstance(obj, Hold) and is_looked_for(obj):
            shown.insert(3, "found")
        asked = ["release_asked_by", "release_asked_at"] if getattr(obj, "release_asked_at", None) else []
        ended = ["released_at", "spared_until"] if getattr(obj, "released_at", None) else []
        return (*shown, *asked, *ended)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if not isinstance(obj, Hold):
            return ()
        fixed = (
            "kind", "what_is_held", "found", "case", "state", "placed_at", "release_asked_by", "release_asked_at",
            "released_at", "spared_until",
        )  # fmt: skip
        ended = obj.released_at is not None or obj.kind != HoldKind.LEGAL
        return (*fixed, "matter", "review_on") if ended else fixed

    def save_model(self, request: HttpRequest, obj: Hold, form: HoldForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            ask_for_review(obj)
            return
        given, actor = form.cleaned_data, Actor.officer(request.user)
        about = {"matter": given["matter"], "review_on": given["review_on"], "actor": actor}
        if known_by := form.known_by():
            placed = hold_people(known_by=known_by, **about)
        else:
            placed = [
                place_hold(kind=HoldKind.LEGAL, dataset=given["dataset"], category=given["category"], **about),
            ]
        messages.success(request, _("The hold “%(matter)s” is placed.") % {"matter": given["matter"]})
        if len(placed) == 1:
            obj.pk = placed[0].pk
            return
        words = _(
            "%(n)d holds were placed, for what you typed is not known here as the same person's. The page of each says "
            "where the person is found."
        )
        messages.info(request, words % {"n": len(placed)})

    def response_add(self, request: HttpRequest, obj: Hold, post_url_continue: str | None = None) -> HttpResponse:
        """The page of the hold says where its person is found. Not here: it is in force once this transaction ends, and
        counting in the sources can take long.
        """
        if obj.pk is None:
            return self.response_post_save_add(request, obj)
        return HttpResponseRedirect(reverse("officer:retention_hold_change", args=[obj.pk]))

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """`place_hold` has written it down."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A hold that has ended, and one that its case placed, are only looked at."""
        if isinstance(obj, Hold) and (obj.released_at is not None or obj.kind != HoldKind.LEGAL):
            return False
        return super().has_change_permission(request, obj)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Who asked for the release is not offered to approve it."""
        found = super().get_actions_detail(request, object_id)
        if not Hold.objects.filter(pk=object_id, release_asked_by=request.user.pk).exists():
            return list(found)
        return [each for each in found if each.path != "approve-release"]

    def has_release_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may(request, "change", object_id, kind=HoldKind.OPEN_REQUEST)

    def has_ask_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may(request, "change", object_id, kind=HoldKind.LEGAL, release_asked_at__isnull=True)

    def has_approve_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may(request, "release", object_id, kind=HoldKind.LEGAL, release_asked_at__isnull=False)

    def has_keep_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may(request, "change", object_id, kind=HoldKind.LEGAL, release_asked_at__isnull=False)

    @action(description=gettext_lazy("Release"), permissions=["release"], url_path="release")
    def release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ends the lock of a case by hand."""
        explanation = [
            _("Retention and erasures that waited for this hold go on by themselves."),
            _("It was placed by a case. Release it only when the person cannot take the case any further."),
        ]
        done = _("The hold is released. What waited for it goes on by itself.")
        return self._act(request, object_id, _("Release hold"), explanation, _("Release"), _release, done)

    @action(description=gettext_lazy("Ask for release"), permissions=["ask"], url_path="ask-release")
    def ask(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The first of two officers."""
        explanation = [
            _("Another officer has to approve the release. Until then the hold stays in force."),
            _("After the release the data is left alone for one more day; then what waited goes on by itself."),
        ]
        done = _("The release is asked for. Another officer can approve it on this page.")
        return self._act(request, object_id, _("Ask for release"), explanation, _("Ask"), _ask, done)

    @action(description=gettext_lazy("Approve release"), permissions=["approve"], url_path="approve-release")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The second."""
        explanation = [
            _("Another officer asked for it. Approve only if the matter is over and nobody may want to see the data."),
            _("The data is left alone for one more day; then retention and erasures that waited go on by themselves."),
        ]
        done = _("The hold is released. What waited for it goes on by itself in a day.")
        return self._act(request, object_id, _("Approve release"), explanation, _("Approve"), _approve, done)

    @action(description=gettext_lazy("Keep the hold"), permissions=["keep"], url_path="keep")
    def keep(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Not released after all."""
        explanation = [_("The release that was asked for is not approved, and the hold stays in force.")]
        done = _("The hold stays in force.")
        return self._act(request, object_id, _("Keep the hold"), explanation, _("Keep"), _keep, done)

    def _may(self, request: HttpRequest, right: str, object_id: Any, **of: Any) -> bool:
        allowed = request.user.has_perm(f"retention.{right}_hold")
        return allowed and self.stands(object_id, released_at__isnull=True, **of)

    def _act(
        self, request: HttpRequest, object_id: str, title: str, explanation: list[str], button: str, act: Act, done: str
    ) -> HttpResponse:
        """Asks first, then does one act; what the service refuses becomes a message."""
        hold = get_object_or_404(Hold, pk=object_id)
        page = reverse("officer:retention_hold_change", args=[hold.pk])
        if request.method == "POST":
            try:
                act(hold, request.user)
                messages.success(request, done)
            except RetentionError as error:
                messages.error(request, str(error))
            return HttpResponseRedirect(page)
        request.current_app = self.admin_site.name
        context = {
            "opts": self.opts,
            "original": hold,
            "title": title,
            "explanation": explanation,
            "button": button,
            "back": page,
        }
        return TemplateResponse(request, "officer/confirm.html", self.admin_site.each_context(request) | context)

    @display(description=gettext_lazy("Matter"))
    def matter_text(self, hold: Hold) -> str:
        return str(hold.matter)

    @display(description=gettext_lazy("What is held"))
    def what_is_held(self, hold: Hold) -> str:
        if hold.category:
            return _("every table with “%(category)s”") % {"category": hold.get_category_display()}
        if hold.former_table:
            return _("the table %(name)s, which is no longer in the data map") % {"name": hold.former_table}
        return str(hold.dataset) if hold.dataset is not None else self.person(hold)

    @display(description=gettext_lazy("Found now"))
    def found(self, hold: Hold) -> SafeString | str:
        """Asked of the sources each time the page is shown."""
        found = found_now(hold)
        if not is_worrying(found):
            return found_words(found)
        return format_html('<p class="pd-banner">{}</p>', found_words(found))

    @display(description=gettext_lazy("Comes from"))
    def case(self, hold: Hold) -> SafeString | str:
        if hold.restriction_id is not None:
            link = reverse("officer:restrictions_restriction_change", args=[hold.restriction_id])
            return format_html('<a href="{}">{}</a>', link, _("restriction"))
        if hold.case_id is None:
            return "–"
        link = reverse("officer:requests_subjectrequest_change", args=[hold.case_id])
        return format_html('<a href="{}">{}</a>', link, hold.matter)

    @display(description=gettext_lazy("Review on"), ordering="review_on")
    def review_badge(self, hold: Hold) -> SafeString | str:
        if hold.review_on is None:
            return "–"
        day = date_format(hold.review_on, "j M Y")
        if hold.released_at is not None or hold.review_on > local_date(timezone.now()):
            return day
        return format_html('<span class="pd-badge pd-badge--overdue">{}</span>', _("due since %(day)s") % {"day": day})

    @display(description=gettext_lazy("Person"))
    def person(self, hold: Hold) -> str:
        if hold.subject is None:
            return "–"
        return ", ".join(masked(each.kind, each.value) for each in hold.subject.identifiers.all()) or "–"

    @display(description=gettext_lazy("State"), ordering="released_at")
    def state(self, hold: Hold) -> SafeString:
        level, words = "info", _("in force")
        if hold.release_asked_at is not None:
            level, words = "soon", _("release asked for")
        if hold.released_at is not None:
            level, words = "plain", _("released")
            if hold.spared_until is not None and hold.spared_until > timezone.now():
                level, words = "soon", _("released, left alone a day longer")
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)


def is_looked_for(hold: Hold) -> bool:
    """Whether the page says where the person is found: of a legal hold on a person that is in force."""
    return hold.kind == HoldKind.LEGAL and hold.subject_id is not None and hold.released_at is None


def _release(hold: Hold, officer: Any) -> None:
    if not officer.has_perm("retention.change_hold"):
        raise PermissionDenied
    release_hold(hold=hold, actor=Actor.officer(officer))


def _ask(hold: Hold, officer: Any) -> None:
    ask_for_release(hold=hold, officer=officer)


def _approve(hold: Hold, officer: Any) -> None:
    approve_release(hold=hold, officer=officer)


def _keep(hold: Hold, officer: Any) -> None:
    keep_hold(hold=hold, officer=officer)
