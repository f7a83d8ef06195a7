"""Categories of cookies on the officers' site, each with the cookies it sets."""

from typing import Any

from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import display

from consent.cookies.admin.forms import CategoryForm, CookieForm
from consent.cookies.admin.language_fields import as_list, in_each_language, names
from consent.cookies.models import Cookie, CookieCategory
from privacy.ledger.admin_base import RecordedAdmin

_CHANGE = "cookies.change_cookiecategory"


class CookieInline(StackedInline):
    """The cookies of the category. They are part of the draft, so they may go; published banners keep them."""

    model = Cookie
    form = CookieForm
    extra = 0
    readonly_fields = ("purpose_shown",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        purpose = names("purpose") if self.has_change_permission(request, obj) else ("purpose_shown",)
        return (("name", "provider"), ("duration_amount", "duration_unit"), *purpose, "domain")

    @display(description=gettext_lazy("What it is for"))
    def purpose_shown(self, cookie: Cookie) -> SafeString:
        return as_list(in_each_language(_("What it is for"), cookie.purpose))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm("cookies.view_cookiecategory"))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_CHANGE))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_CHANGE))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(_CHANGE))


class CookieCategoryAdmin(RecordedAdmin):
    form = CategoryForm
    inlines = (CookieInline,)
    list_display = ("title_shown", "site", "code", "kind", "number_of_cookies", "order")
    list_filter = ("site",)
    list_select_related = ("site",)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        may = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        words = names("title", "description") if may else ("words_shown",)
        return (
            (None, {"fields": (("site", "code"), *words)}),
            (None, {"fields": ("is_necessary", "is_sale", ("order", "is_offered"))}),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[CookieCategory]:
        return super().get_queryset(request).annotate(cookie_count=Count("cookies"))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Scripts of the site and recorded choices name a category by its code, so it stays."""
        return ("site", "code", "words_shown") if obj is not None else ("words_shown",)

    @display(description=gettext_lazy("Words"))
    def words_shown(self, category: CookieCategory) -> SafeString:
        words = in_each_language(_("Title"), category.title) + in_each_language(_("Description"), category.description)
        return as_list(words)

    @display(description=gettext_lazy("Category"), ordering="code")
    def title_shown(self, category: CookieCategory) -> str:
        return str(category)

    @display(description=gettext_lazy("Kind"))
    def kind(self, category: CookieCategory) -> SafeString:
        level, words = "plain", _("can be refused")
        if category.is_necessary:
            level, words = "info", _("necessary")
        elif category.is_sale:
            level, words = "soon", _("refused by the signal")
        if not category.is_offered:
            level, words = "plain", _("not part of the banner")
        return format_html('<span class="pd-badge pd-badge--{}">{}</span>', level, words)

    @display(description=gettext_lazy("Cookies"), ordering="cookie_count")
    def number_of_cookies(self, category: Any) -> int:
        return int(category.cookie_count)

    def response_change(self, request: HttpRequest, obj: CookieCategory) -> HttpResponse:
        if "_continue" in request.POST:
            return super().response_change(request, obj)
        return self._to_banner(obj)

    def response_add(
        self, request: HttpRequest, obj: CookieCategory, post_url_continue: str | None = None
    ) -> HttpResponse:
        if "_continue" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._to_banner(obj)

    def _to_banner(self, category: CookieCategory) -> HttpResponse:
        return HttpResponseRedirect(reverse("officer:cookies_cookiesite_change", args=[category.site_id]))
