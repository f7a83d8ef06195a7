"""Banners on the officers' site: the draft, its preview, publishing it, the snippet, and how visitors chose."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from consent.cookies.admin.forms import LABELS, SiteForm
from consent.cookies.admin.language_fields import as_list, in_each_language, names
from consent.cookies.errors import BannerIncomplete, NothingChanged
from consent.cookies.models import CookieBanner, CookieSite, digest_of
from consent.cookies.releases import NEWEST, snippet
from consent.cookies.selectors import Standing, standing, weekly_counts
from consent.cookies.services import add_site, publish_banner
from consent.cookies.snapshots import texts_of
from consent.cookies.texts import languages
from privacy.ledger.actors import Actor
from privacy.ledger.admin_base import RecordedAdmin
from privacy.letters.addresses import portal_url
from privacy.register.admin_fields import say_plainly

_START = (None, {"fields": ("name", "code", "origins", ("default_language", "ask_again_days"), "policy_url")})


class PublishForm(forms.Form):
    """Why everybody is asked again."""

    change = forms.CharField(
        label=gettext_lazy("What is new about it"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy(
            "For officers and for whoever checks later, for example: statistics by another provider."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)


class CookieSiteAdmin(RecordedAdmin):
    form = SiteForm
    list_display = ("name", "code", "addresses", "published", "in_use")
    actions_detail = ("preview", "publish", "counts")
    change_form_outer_before_template = "officer/cookies/standing.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CookieSite]:
        return super().get_queryset(request).prefetch_related("banners")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """A new one needs little; its words come afterwards."""
        if obj is None:
            return (_START,)
        words = names(*LABELS) if self.has_change_permission(request, obj) else ("words_shown",)
        return (
            _START,
            (gettext_lazy("Words of your own"), {"fields": words}),
            (None, {"fields": ("is_active",)}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Pages name the banner by its code, so it stays."""
        return ("code", "words_shown") if obj is not None else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return {"code": ("name",)} if obj is None else {}

    @display(description=gettext_lazy("Addresses"))
    def addresses(self, site: CookieSite) -> str:
        return ", ".join(origin.removeprefix("https://") for origin in site.origins)

    @display(description=gettext_lazy("Published"))
    def published(self, site: CookieSite) -> SafeString | str:
        banners: list[CookieBanner] = list(site.banners.all())
        if not banners:
            return format_html('<span class="pd-badge pd-badge--soon">{}</span>', _("not published yet"))
        return _("version %d") % max(banner.version for banner in banners)

    @display(description=gettext_lazy("Words"))
    def words_shown(self, site: CookieSite) -> SafeString:
        texts = {key: {code: texts_of(site, code)[key] for code, _name in languages()} for key in LABELS}
        return as_list(pair for key, label in LABELS.items() for pair in in_each_language(label, texts[key]))

    @display(description=gettext_lazy("In use"), ordering="is_active")
    def in_use(self, site: CookieSite) -> SafeString:
        level, words = ("ok", _("in use")) if site.is_active else ("plain", _("switched off"))
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)

    def save_model(self, request: HttpRequest, obj: CookieSite, form: forms.Form, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            add_site(site=obj, actor=Actor.officer(request.user))

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """`add_site` has written it down."""

    def response_add(self, request: HttpRequest, obj: CookieSite, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, _("The banner has a draft. Add the categories that visitors may refuse."))
        return HttpResponseRedirect(self._page_of(obj))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        site = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if site is not None and self.has_view_permission(request, site):
            extra |= {
                "site": site,
                "standing": standing(site),
                "categories": site.categories.all(),
                "snippet": snippet(portal=portal_url(""), site=site.code),
                "release": NEWEST,
                "may_change": self.has_change_permission(request, site),
            }
        return super().change_view(request, object_id, form_url, extra)

    # the preview

    def get_urls(self) -> list[URLPattern]:
        draft = path(
            "<int:object_id>/draft.json", self.admin_site.admin_view(self.draft_view), name="cookies_cookiesite_draft"
        )
        return [draft, *super().get_urls()]

    def draft_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The draft as the script takes a banner."""
        site = self._site(request, object_id)
        content = standing(site).content | {"version": 0}
        return JsonResponse({"version": 0, "digest": digest_of(content), "content": content})

    @action(description=gettext_lazy("Preview"), permissions=["view"], url_path="preview", attrs={"target": "_blank"})
    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A page with the banner as it would be; nothing is recorded."""
        site = self._site(request, object_id)
        wanted = request.GET.get("language", site.default_language)
        context = {
            "site": site,
            "language": wanted if wanted in dict(languages()) else site.default_language,
            "languages": languages(),
            "release": NEWEST,
        }
        return TemplateResponse(request, "officer/cookies/preview.html", context)

    # publishing

    def has_publish_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("cookies.change_cookiesite"))

    @action(description=gettext_lazy("Publish"), permissions=["publish"], url_path="publish")
    def publish(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks first: a new version asks every visitor again."""
        site = self._site(request, object_id)
        now: Standing = standing(site)
        form = PublishForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                banner = publish_banner(
                    site=site, change=form.cleaned_data["change"], actor=Actor.officer(request.user)
                )
            except (BannerIncomplete, NothingChanged) as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("Version %d is published; visitors are asked with it.") % banner.version)
                return HttpResponseRedirect(self._page_of(site))
        context = {"site": site, "standing": now, "form": form, "back": self._page_of(site), "submit": _("Publish")}
        return self._page(request, "officer/cookies/publish.html", _("Publish “%s”") % site.name, context)

    @action(description=gettext_lazy("How visitors chose"), permissions=["view"], url_path="counts")
    def counts(self, request: HttpRequest, object_id: int) -> HttpResponse:
        site = self._site(request, object_id)
        context = {"site": site, "weeks": weekly_counts(site), "back": self._page_of(site)}
        return self._page(request, "officer/cookies/counts.html", _("How visitors of “%s” chose") % site.name, context)

    def _site(self, request: HttpRequest, object_id: int) -> CookieSite:
        if not self.has_view_permission(request):
            raise Http404
        return get_object_or_404(CookieSite, pk=object_id)

    def _page_of(self, site: CookieSite) -> str:
        return reverse("officer:cookies_cookiesite_change", args=[site.pk])

    def _page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        return TemplateResponse(request, template, base | context)
